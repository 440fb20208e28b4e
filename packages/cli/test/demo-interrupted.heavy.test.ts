import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoryEnd } from '../src/demo/story.js'
import { openPglite } from '@cabut/postgres/pglite'
import { cabut } from './run.js'

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cabut-demo-killed-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the demo in a process of its own and kills it (-9) as soon as it has written `word`. */
function killedAt(word: string): Promise<{ readonly signal: NodeJS.Signals | null; readonly out: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions', '@cabut/source', join(repository, 'packages/cli/src/bin.ts'),
      'demo', '--lang', 'en', '--seed', 'killed', '--out', folder], { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    const look = (chunk: Buffer): void => {
      out += chunk.toString()
      if (out.includes(word)) child.kill('SIGKILL')
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('exit', (_code, signal) => done({ signal, out }))
  })
}

// The words are printed at these places of the story; the process dies some instructions later, wherever that is.
test('kill -9 in the middle, more than once: the next start goes on, and each certificate is revoked exactly once', async () => {
  const first = await killedAt('returned for correction')
  expect(first.signal, first.out).toBe('SIGKILL')
  const second = await killedAt('AMS says revoked')
  expect(second.signal, second.out).toBe('SIGKILL')
  expect(second.out).toContain('An earlier demo was interrupted')
  const last = await cabut(['demo', '--json', '--seed', 'killed', '--out', folder])
  expect(last).toMatchObject({ code: 0, err: '' })
  const { runs } = JSON.parse(last.out) as { runs: StoryEnd[] }
  for (const end of runs) expect(end).toMatchObject({ verified: true, timesRevoked: 1 })
  expect(runs.map(({ requestId }) => requestId)).toEqual(['demo-pekalongan', 'demo-purbalingga'])
}, 400_000)

test('audit: the killed desk is intact; a checkpoint holds; a changed event is named', async () => {
  const data = join(folder, 'data', 'kota-pekalongan', 'desk')
  const checkpoint = join(folder, 'checkpoint.json')
  expect(await cabut(['audit', 'checkpoint', checkpoint, '--data', data])).toMatchObject({ code: 0, err: '' })
  expect((await cabut(['audit', 'checkpoint', checkpoint, '--data', data])).code).toBe(2)
  const intact = await cabut(['audit', 'verify', '--data', data, '--checkpoint', checkpoint], 'id')
  expect(intact).toMatchObject({ code: 0, err: '' })
  expect(intact.out).toMatch(/1 berkas, \d\d peristiwa, .* 1 baris register; 0 berkas belum tercatat[\s\S]*^UTUH$/m)

  const database = await openPglite({ directory: data })
  expect((await cabut(['audit', 'verify', '--data', data])).err).toContain(`[storeLocked]: held by process ${process.pid}`)
  await database.asOwner((owner) => owner.script(`set local session_replication_role = replica; update cabut.events set body = replace(body::text, 'dewi.larasati', 'dewi.larasatu')::json where body::text like '%dewi.larasati%'`))
  await database.close()
  const broken = await cabut(['audit', 'verify', '--data', data, '--json'])
  expect(broken.code).toBe(26)
  expect(JSON.parse(broken.out)).toMatchObject({ valid: false, findings: [{ code: 'eventBroken', caseId: 'demo-pekalongan', detail: 'content' }] })

  expect((await cabut(['audit', 'verify', '--data', join(folder, 'nowhere')])).code).toBe(2)
  expect((await cabut(['audit', 'verify'])).code).toBe(2)
}, 400_000)
