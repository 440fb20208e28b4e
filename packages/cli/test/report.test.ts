import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '@cabut/sdk/report'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cabut } from './run.js'

let folder: string
const file = (name: string): string => join(folder, name)
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cabut-report-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('standard lint', () => {
  test.each([
    ['kota-pekalongan', ['requirementMissing', 'applicantVerifies', 'timeLimitTwice', 'contactInvalid', 'lawMistyped', 'lawAmendmentMissing']],
    ['kabupaten-purbalingga', ['otherService', 'lawRepealed', 'limitWithoutStart', 'limitWithoutHours', 'whatsappLandline', 'stepWithoutActor']],
  ])('%s: names the defects with clause and proposal, and exits with 22', async (id, codes) => {
    const run = await cabut(['standard', 'lint', id, '--json'])
    expect(run.code).toBe(22)
    const { counts, findings } = JSON.parse(run.out) as { counts: { error: number }; findings: { code: string; clause: string; severity: string; proposal: { id: string } }[] }
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(codes))
    expect(counts.error).toBe(findings.filter(({ severity }) => severity === 'error').length)
    for (const { clause, proposal } of findings) expect([clause.length > 0, proposal.id.length > 0]).toEqual([true, true])
    const people = await cabut(['standard', 'lint', id], 'id')
    expect(people.out).toContain(`usul: ${findings[0]?.proposal.id ?? ''}`)
    expect(people.out).toContain(`${counts.error} galat`)
  })

  test('a file without errors exits with 0, one that cannot run with 22, one that is no JSON with 2', async () => {
    const sound = new URL('../../../docs/standards/kabupaten-tanjung-karsa.json', import.meta.url)
    expect((await cabut(['standard', 'lint', sound.pathname])).code).toBe(0)
    await writeFile(file('mars.json'), JSON.stringify({ ...(JSON.parse(await readFile(sound, 'utf8')) as object), zone: 'Mars' }))
    expect(await cabut(['standard', 'lint', file('mars.json')])).toMatchObject({ code: 22, out: expect.stringContaining('zone') as string })
    await writeFile(file('noise.json'), '{"format": ')
    expect((await cabut(['standard', 'lint', file('noise.json')])).code).toBe(2)
    expect((await cabut(['standard', 'lint', 'kota-lain'])).code).toBe(2)
  })
})

describe('report', () => {
  const of = (...args: readonly string[]): ReturnType<typeof cabut> => cabut(['report', '--out', file('out'), '--period', '2026-Q3', '--as-of', '2026-10-14T00:00:00Z', ...args])

  test('writes JSON, CSV, HTML and DOCX, the same ones every time', async () => {
    const run = await of('--sample', '300', '--json')
    expect(run).toMatchObject({ code: 0, err: '' })
    const { report, files } = JSON.parse(run.out) as { report: Report; files: string[] }
    expect(files.map((path) => path.split('.').at(-1))).toEqual(['json', 'csv', 'html', 'docx'])
    expect(report).toMatchObject({ total: { filed: 300 }, period: { from: '2026-07-01', to: '2026-09-30' }, asOf: '2026-10-14T00:00:00.000Z' })
    expect(report.byMonth.map(({ key }) => key)).toEqual(['2026-07', '2026-08', '2026-09'])
    const before = await Promise.all(files.map((path) => readFile(path)))
    await of('--sample', '300')
    for (const [index, path] of files.entries()) expect((await readFile(path)).equals(before[index] as Buffer), path).toBe(true)
    const html = (before[2] as Buffer).toString()
    expect(html).not.toMatch(/<script|https?:\/\/|src=|url\(/i)
    expect((before[1] as Buffer).toString().startsWith('\uFEFFStandar;kabupaten-purbalingga')).toBe(true)
  })

  test('the last checkpoint up to its moment stands in JSON, CSV and HTML, and is printed', async () => {
    await mkdir(file('titik'))
    const line = (n: number): string => String(n).repeat(64)
    for (const [n, at] of [[1, '2026-09-30T01:00:00.000Z'], [2, '2026-10-13T01:00:00.000Z'], [3, '2026-10-15T01:00:00.000Z']] as const) {
      await writeFile(join(file('titik'), `${at.slice(0, 10)}.json`), JSON.stringify({ kind: 'cabut-checkpoint', at, year: 2026, n, digest: line(n), cases: n }))
    }
    const run = await of('--sample', '20', '--json', '--checkpoint', file('titik'))
    const { report, files } = JSON.parse(run.out) as { report: Report; files: string[] }
    expect(report.basis.checkpoint).toEqual({ at: '2026-10-13T01:00:00.000Z', year: 2026, n: 2, digest: line(2) })
    for (const path of files.slice(0, 3)) expect(await readFile(path, 'utf8'), path).toContain(line(2))
    expect((await of('--sample', '20', '--checkpoint', file('titik'))).out).toContain(`checkpoint of the register 2026/2 ${line(2)}`)
    expect((await of('--sample', '20')).out).not.toContain('checkpoint')
    expect((await of('--sample', '20', '--checkpoint', file('tidak-ada'))).code).toBe(2)
  })

  test('by month, for another standard, in one format', async () => {
    const run = await cabut(['report', '--out', file('month'), '--sample', '20', '--standard', 'kota-pekalongan', '--period', '2026-02', '--format', 'csv', '--seed', '7'])
    expect(run.code).toBe(0)
    expect(await readdir(file('month'))).toEqual(['laporan-kota-pekalongan-2026-02-01-2026-02-28.csv'])
  })

  test.each([
    [[]], [['--sample', '0']], [['--sample', '5', 'also-a-file']], [['--sample', '5', '--format', 'pdf']], [['--sample', '5', '--period', '2026-Q5']],
    [['--sample', '5', '--period', '2026-02-30..2026-03-01']], [['--sample', '5', '--as-of', 'kemarin']], [['none.jsonl']],
  ])('%j is bad input', async (args) => {
    expect((await cabut(['report', '--out', file('bad'), ...args])).code).toBe(2)
  })

  test('an export that is none names the line', async () => {
    await writeFile(file('broken.jsonl'), '{"export":"cabut-desk/1","standard":{"id":"kabupaten-purbalingga","version":"1"}}\n{"event":1}\n')
    expect(await of(file('broken.jsonl'))).toMatchObject({ code: 2, err: expect.stringContaining('reportExportInvalid') as string })
  })
})
