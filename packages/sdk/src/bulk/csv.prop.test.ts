import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine, splitCsv, withoutApostrophe, type CsvRecord } from './csv.js'

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0
  for (let turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield text.slice(at, at + size)
    at += size
  }
}

async function split(text: string, sizes: readonly number[] = [text.length || 1]): Promise<readonly CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const record of splitCsv(pieces(text, sizes))) records.push(record)
  return records
}

const cell = fc.string({ unit: fc.constantFrom('a', '"', ';', ',', '\n', '\r', '\t', ' ', '=', '+', "'", '0', 'é'), maxLength: 12 })
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })

describe('RFC 4180', () => {
  test('what is written is read again, whatever the pieces it arrives in', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }), sizes, async (rows, cut) => {
      const text = `\uFEFF${csvLine(['satu', 'dua', 'tiga'])}${rows.map((row) => csvLine(row)).join('')}`
      const read = await split(text, cut)
      expect(read.slice(1).map(({ cells }) => cells.map(withoutApostrophe))).toEqual(rows.filter((row) => row.some((one) => one.trim() !== '' || /^[\t\r\n]/.test(one))).map((row) => row.map(withoutApostrophe)))
      expect(read.every(({ broken }) => broken === undefined)).toBe(true)
    }), { numRuns: 400 })
  })

  test('no text makes it fail, and any cut of it reads the same', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '"', ';', '\n', '\r', ','), maxLength: 60 }), sizes, async (text, cut) => {
      expect(await split(text, cut)).toEqual(await split(text))
    }), { numRuns: 400 })
  })

  test.each([
    ['semicolons', 'a;b\r\n1;2\r\n'], ['commas', 'a,b\n1,2\n'], ['tabs', 'a\tb\n1\t2'], ['BOM', '\uFEFFa;b\n1;2'], ['CR alone', 'a;b\r1;2\r'], ['empty lines', '\n\na;b\n\n;\n1;2\n\n'],
    ['a separator inside a quoted heading', '"a;x";b\n1;2'.replace('a;x', 'a')],
  ])('%s', async (_name, text) => {
    expect((await split(text)).map(({ cells }) => cells)).toEqual([['a', 'b'], ['1', '2']])
  })

  test.each([['text behind a closing quote', 'a;b\n"1"x;2\n3;4'], ['a quote inside plain text', 'a;b\n1"x;2\n3;4']])('%s breaks its record alone', async (_name, text) => {
    const read = await split(text)
    expect(read.map(({ row, broken }) => [row, broken === true])).toEqual([[0, false], [1, true], [2, false]])
  })

  test('a quote never closed breaks the last record, and ends a file of any size early', async () => {
    expect((await split('a;b\n"1;2\n3;4')).at(-1)).toMatchObject({ row: 1, broken: true })
    await expect(split(`a;b\n"${'x'.repeat(1_100_000)}`, [65_536])).rejects.toMatchObject({ code: 'bulkUnreadable', at: 'rows[1]' })
  })
})

test('a cell a spreadsheet would run is disarmed', () => {
  for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', ' =HYPERLINK("x")', '\t=1', '|cmd', '%0A=1']) expect(csvLine([evil]).replace(/^"/, '')).toMatch(/^'/)
  expect(csvLine(['Ratna', 12, undefined])).toBe('Ratna;12;\r\n')
})
