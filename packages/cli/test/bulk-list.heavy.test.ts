import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { openDeskOffice, overHttp, type DeskOffice } from './desk-office.js'

let office: DeskOffice
afterEach(() => office.close())

const findings = ['--data', 'match', '--completeness', 'complete', '--subject-dn', 'match']
interface Tally { readonly rows: number; readonly findings?: Readonly<Record<string, number>>; readonly outcomes?: Readonly<Record<string, number>> }

async function withHttp(): Promise<void> {
  const { path, sandbox } = office
  const configuration = JSON.parse(await readFile(path('meja', 'desk.json'), 'utf8')) as object
  await writeFile(path('meja', 'desk.json'), JSON.stringify({ ...configuration, ams: { mode: 'http', url: overHttp(sandbox)[3], honoursIdempotencyKey: true }, pace: { ams: 200, proof: 200 } }))
}

async function listOf(name: string, count: number, more = ''): Promise<{ readonly file: string; readonly serials: readonly string[] }> {
  const leaves = await Promise.all(Array.from({ length: count }, () => office.sandbox.manage.issue({ username: 'laras.kinanti' })))
  const rows = leaves.map(({ der }) => `${Buffer.from(der).toString('base64')};laras.kinanti`)
  await writeFile(office.path(name), `\uFEFFsertifikat;username;No\r\n${rows.join('\r\n')}\r\n${more}`)
  return { file: office.path(name), serials: leaves.map(({ serial }) => serial) }
}

test('check, dry run, kill -9, resume by three people; a result for every row with its proof or its reason', async () => {
  office = await openDeskOffice('kabupaten-purbalingga')
  await withHttp()
  const { run, json, path, sandbox } = office
  const { file, serials } = await listOf('pensiun.csv', 4, 'AAAA;x\r\n')
  const letters = ['--reason', 'pensiun', '--letter', `requestLetter=${await office.letter('permohonan')};800/15/DINDIK;2026-11-19`, '--letter', `reasonStatement=${await office.letter('alasan')}`]

  const checked = await run('surya.wibisana', 'bulk', 'check', file, ...letters)
  expect(checked.code).toBe(40)
  expect(checked.out).toMatch(/Columns that are not read: no/)
  expect(checked.out).toMatch(/ 5 {2}the row is not valid \(certificate: certificateUnreadable\)/)
  const dry = await json<Tally & { readonly dryRun: boolean }>('surya.wibisana', 'bulk', 'run', file, ...letters)
  expect(dry).toMatchObject({ dryRun: true, rows: 5, findings: { ready: 4, invalid: 1 } })
  const stopped = await json<{ readonly filed: number }>('surya.wibisana', 'bulk', 'run', file, '--execute', ...letters)
  expect(stopped.filed).toBe(0)
  expect(await json('surya.wibisana', 'desk', 'list')).toEqual({ requests: [] })

  // Killed somewhere in the middle of filing, then taken up again.
  const child = spawn(process.execPath, [
    '--conditions=@cabut/source', '--import', 'tsx', resolve(import.meta.dirname, '../src/bin.ts'), 'bulk', 'run', file, '--execute', '--skip-unready', '--per-minute', '60', ...letters,
    '--desk', office.folder, '--as', 'surya.wibisana',
  ], { cwd: resolve(import.meta.dirname, '../../../examples'), stdio: 'ignore' })
  const ended = new Promise((done) => { child.once('exit', done) })
  const jobs = path('meja', 'bulk')
  while (child.exitCode === null && !(existsSync(jobs) && (await readdir(jobs)).some((job) => existsSync(join(jobs, job, 'job.json'))))) await sleep(20)
  await sleep(1_200)
  child.kill('SIGKILL')
  await ended
  expect(child.signalCode).toBe('SIGKILL')
  expect((await run('surya.wibisana', 'bulk', 'resume', file)).code).toBe(41)
  const filed = (await json<{ readonly requests: readonly { readonly id: string; readonly status: string }[] }>('surya.wibisana', 'desk', 'list')).requests
  expect(filed.map(({ id, status }) => [id.slice(-6), status])).toEqual([1, 2, 3, 4].map((row) => [`00000${row}`, 'submitted']))

  expect((await run('kepala.dinkominfo', 'bulk', 'resume', file, '--to', 'tegar.maulana')).code).toBe(41)
  const out = path('hasil.csv')
  const last = await json<Tally>('tegar.maulana', 'bulk', 'resume', file, ...findings, '--wait', '1', '--out', out)
  expect(last.outcomes).toEqual({ proven: 4, skipped: 1 })
  for (const serial of serials) expect(sandbox.manage.timesRevoked(serial)).toBe(1)
  const lines = (await readFile(out, 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(6)
  expect(lines[1]).toMatch(/^1;proven;/)
  expect(lines[5]).toContain('invalid: certificate: certificateUnreadable')
  expect((await readdir(path())).filter((name) => name.includes('.new-'))).toEqual([])
}, 400_000)

test('an incident: expedited without a letter, holders to re-issue, and its files', async () => {
  office = await openDeskOffice('kabupaten-purbalingga')
  await withHttp()
  const { run, json, path } = office
  const { file, serials } = await listOf('bocor.csv', 2)
  expect((await run('surya.wibisana', 'bulk', 'run', file, '--incident', '--execute')).code).toBe(2)
  const result = await json<Tally & { readonly incident: { readonly reissue: { readonly rows: number; readonly file: string }; readonly letters: { readonly rows: number } } }>(
    'surya.wibisana', 'bulk', 'run', file, '--incident', '--invalidity-date', '2026-11-01', '--execute', '--out', path('insiden.csv'))
  expect(result).toMatchObject({ outcomes: { waiting: 2 }, incident: { reissue: { rows: 2 }, letters: { rows: 0 } } })
  const reissue = await readFile(result.incident.reissue.file, 'utf8')
  for (const serial of serials) expect(reissue).toContain(`0x${serial}`)
  expect((await readFile(path('meja', 'access.jsonl'), 'utf8'))).toContain('bulk --incident')
}, 400_000)
