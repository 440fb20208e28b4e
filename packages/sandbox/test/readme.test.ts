import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the first program of README.md is this file, and it runs', async () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const block = /```ts\n([\s\S]*?)```/.exec(read('../README.md'))?.[1]
  expect(block).toBe(read('./readme-example.ts'))
  const { result } = await import('./readme-example.js')
  expect(result).toEqual({ status: 'WAITING_BSRE', before: false, after: true, times: 1 })
})
