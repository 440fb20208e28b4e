import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const readme = new URL('../README.md', import.meta.url)
const example = readFileSync(new URL('../../../examples/06-spbe-portal.ts', import.meta.url), 'utf8')

it('every code block of the README stands in the example that the tests run', () => {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string)
  expect(blocks.length).toBeGreaterThanOrEqual(3)
  for (const code of blocks) expect(example).toContain(code)
})

it('links lead to files that exist', () => {
  const links = [...readFileSync(readme, 'utf8').matchAll(/\]\((\.\.[^)#]+)\)/g)].map(([, link]) => link as string)
  expect(links.length).toBeGreaterThanOrEqual(4)
  for (const link of links) expect(existsSync(new URL(link, readme)), link).toBe(true)
})
