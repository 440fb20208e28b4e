import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { serverBinaries, skipLine, startServer } from '../packages/postgres/test/server.js'

const root = resolve(import.meta.dirname, '..')
const run = (environment: NodeJS.ProcessEnv): string => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', 'examples/08-many-workers.ts'], { cwd: root, encoding: 'utf8', env: { ...process.env, ...environment } })
  expect(status, stdout + stderr).toBe(0)
  return stdout
}

test('08-many-workers, one desk over PGlite', () => {
  expect(run({ CABUT_DATABASE: undefined })).toMatch(/1 desk\(s\) over PGlite: 6 proven, each revoked once: true; \d+ events, intact: true/)
})

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
test.skipIf(binaries === undefined)('08-many-workers, three desks over PostgreSQL', async () => {
  const server = startServer()
  try {
    const name = await server.createDatabase()
    const output = run({ CABUT_DATABASE: `postgresql://${server.user}@localhost/${name}?host=${encodeURIComponent(server.socket)}` })
    expect(output).toMatch(/3 desk\(s\) over PostgreSQL: 6 proven, each revoked once: true; \d+ events, intact: true/)
  } finally {
    server.stop()
  }
})
