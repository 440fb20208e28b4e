import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

test('10-portal-that-survives: kill -9 under load, nothing lost, nothing doubled, every last status told', async () => {
  const output = await new Promise<string>((done) => {
    const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', join('examples', '10-portal-that-survives.ts')], { cwd: root })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
    child.on('close', () => done(text))
  })
  expect(output).toMatch(/6 people filed and were disposed while the portal was killed 3 times/)
  expect(output).toMatch(/requests: 6, lost: 0, doubled: 0/)
  expect(output).toMatch(/webhooks: last status of 6 of 6 told/)
})
