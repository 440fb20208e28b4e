import { describe, expect, test } from 'vitest'
import { findDuplicates } from './duplicates.js'
import { planLine, readPlan } from './plan.js'
import { createProgress } from './progress.js'
import { readRows, type BulkRow } from './row.js'
import { requestIdOf, type RowVerdict } from './verdict.js'

async function* bytes(text: string, size = 5): AsyncGenerator<Uint8Array> {
  const all = new TextEncoder().encode(text)
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const read = (text: string, format: 'csv' | 'jsonl' = 'csv'): Promise<BulkRow[]> => all(readRows(bytes(text), { format }))

describe('reading a list', () => {
  test('columns by their Indonesian or English names; unknown ones are told, not read', async () => {
    const ignored: string[] = []
    const rows = await all(readRows(bytes('\uFEFFNo;Penerbit;Nomor Seri;TMT;Alassan\r\n1;"CN=A, C=ID";0a1b;2026-12-01;x\r\n2;CN=B;\'=1;;\r\n'), { onIgnored: (headings) => { ignored.push(...headings) } }))
    expect(rows).toEqual([
      { row: 1, fields: { issuer: 'CN=A, C=ID', serial: '0a1b', effectiveDate: '2026-12-01' } },
      { row: 2, fields: { issuer: 'CN=B', serial: '=1' } },
    ])
    expect(ignored).toEqual(['no', 'alassan'])
  })

  test('JSON lines; a NIK as a number has lost digits and breaks its row', async () => {
    expect(await read('{"nik":"9999010101800001","effectiveDate":"2026-12-01"}\n\n{"nik":9999010101800001}\n[]\nx\n', 'jsonl')).toEqual([
      { row: 1, fields: { nik: '9999010101800001', effectiveDate: '2026-12-01' } }, { row: 2, fields: {}, broken: 'form' }, { row: 3, fields: {}, broken: 'form' }, { row: 4, fields: {}, broken: 'form' },
    ])
  })

  test('more cells than the head would be lost, so the row is broken', async () => {
    expect(await read('nik;alasan\n1;2;3\n1;2;\n')).toMatchObject([{ row: 1, broken: 'cells' }, { row: 2 }])
  })

  test.each([
    ['no column that names a certificate', 'nama;alasan\na;b\n', 'rows[0]'], ['a column of secrets', 'nik;passphrase\n1;2\n', 'rows[0]'], ['two columns for one thing', 'seri;serial\n1;2\n', 'rows[0]'],
    ['nothing at all', '', 'rows[0]'],
  ])('refuses a list with %s', async (_name, text, at) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'bulkUnreadable', at })
  })

  test('refuses what is not UTF-8', async () => {
    const latin = (async function* () { yield Uint8Array.of(0x6e, 0x69, 0x6b, 0x0a, 0xe9, 0x0a) })()
    await expect(all(readRows(latin))).rejects.toMatchObject({ code: 'bulkUnreadable' })
  })
})

describe('duplicates', () => {
  test('one certificate in other digits, and one person twice; long lists are read in parts with the same result', async () => {
    const list = 'penerbit;seri;nik\nCN=A;00ab;\nCN=A;AB;\nCN=B;ab;\n;;9999010101800001\nCN=A;ac;\n;;9999010101800001\n'
    const rows = (): AsyncIterable<BulkRow> => readRows(bytes(list))
    const expected = { rows: 6, earlier: new Map([[2, 1], [6, 4]]) }
    expect(await findDuplicates(rows)).toEqual(expected)
    for (const keys of [1, 2, 3]) expect(await findDuplicates(rows, keys)).toEqual(expected)
  })
})

test('a plan is read as it was written, bytes included', async () => {
  const verdicts: RowVerdict[] = [
    { row: 1, finding: 'ready', serial: 'ab', request: { certificate: { certificate: Uint8Array.of(0, 255, 7) }, reason: 'mutasi', applicant: { id: 'a', opd: 'b' } } },
    { row: 2, finding: 'invalid', detail: 'nik: nikForm' },
  ]
  const text = (async function* () { for (const one of verdicts) yield planLine(one) })()
  expect(await all(readPlan(text))).toEqual(verdicts)
  await expect(all(readPlan((async function* () { yield '{"row":1' })()))).rejects.toMatchObject({ code: 'bulkUnreadable', at: 'plan[1]' })
})

test('the id of a row is the same for each run, and tells nothing of its content', () => {
  const sha256 = 'ab'.repeat(32)
  expect(requestIdOf(sha256, 42)).toBe('B-abababababababababababab-000042')
  expect(() => requestIdOf('x', 1)).toThrow(TypeError)
  expect(() => requestIdOf(sha256, 0)).toThrow(TypeError)
})

test('progress tells the time left once there is a rate', () => {
  let time = 0
  const progress = createProgress(100, () => time)
  expect(progress(0)).toEqual({ done: 0, total: 100, rate: 0 })
  time = 10_000
  expect(progress(20)).toEqual({ done: 20, total: 100, rate: 2, remaining: 40_000 })
})
