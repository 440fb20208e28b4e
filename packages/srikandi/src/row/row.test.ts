import { CabutError } from '@cabut/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv, writeCsv } from './csv.js'
import { readRow } from './read-row.js'

const offices = [{ code: 'DINDIK', name: 'Dinas Pendidikan', numberCodes: ['DINDIK'] }, { code: 'DINKES', name: 'Dinas Kesehatan', numberCodes: ['DINKES'] }]
const row = {
  nomor: '000.8.3.3/15/DINDIK', tanggal: '20 November 2026', hal: 'Permohonan Pencabutan Sertifikat Elektronik', ringkasan: 'Mohon dicabut', nama_pengirim: 'Sri Wahyuni',
  jabatan_pengirim: 'Kepala Dinas Pendidikan', status_baca: 'Sudah dibaca', status_tindak: 'Disposisi', status_berkas: 'Aktif', hash_value: 'abc',
}

function refusal(input: unknown): { code: string; at: string | undefined } {
  try { readRow(input, { offices }) } catch (error) {
    if (error instanceof CabutError) return { code: error.code, at: error.at }
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the exported row', () => {
  it('reads the scraped names and keeps what it does not know', () => {
    const letter = readRow({ ...row, kolom_baru: { isi: [1, 'dua'] }, sifat: 'rahasia', tingkat_urgensi: 'Segera', klasifikasi: '000.8.3.3' }, { offices })
    expect(letter).toMatchObject({
      identity: { office: 'DINDIK', number: '000.8.3.3/15/DINDIK', year: 2026 }, tanggal: '2026-11-20', state: 'didisposisi', isiRingkas: 'Mohon dicabut', sifat: 'Rahasia',
      tingkatUrgensi: 'Segera', klasifikasi: '000.8.3.3', pengirim: { nama: 'Sri Wahyuni', unit: 'DINDIK' }, hashValue: 'abc', warnings: [],
    })
    expect(letter.unknown).toEqual({ kolom_baru: { isi: [1, 'dua'] } })
  })

  it('reads dispositions, recipients and copies in their three scopes', () => {
    const letter = readRow({
      ...row,
      tujuan: [{ lingkup: 'internal', nama: 'Kepala Dinas' }, { lingkup: 'Eksternal Srikandi', nama: 'Dinkominfo', unit: 'DINKOMINFO' }, 'BSrE'],
      tembusan: [{ lingkup: 'eksternal non-Srikandi', nama: 'BSSN' }],
      disposisi: [{ dari: 'Kepala Dinas', kepada: 'Verifikator', instruksi: 'Proses', tanggal: '21 November 2026', status: 'Sudah dibaca' }],
    }, { offices })
    expect(letter.tujuan.map(({ lingkup }) => lingkup)).toEqual(['internal', 'eksternalSrikandi', 'eksternalNonSrikandi'])
    expect(letter.tembusan).toEqual([{ lingkup: 'eksternalNonSrikandi', nama: 'BSSN' }])
    expect(letter.disposisi).toEqual([{ dari: 'Kepala Dinas', kepada: 'Verifikator', instruksi: 'Proses', tanggal: '2026-11-21', status: 'dibaca' }])
  })

  it('warns instead of guessing', () => {
    const letter = readRow({ ...row, nomor: '15/DINDIK/2025', sifat: 'Agak rahasia', tingkat_urgensi: 'Kapan saja', status_tindak: 'entah' }, { offices })
    expect(letter.warnings.map(({ code }) => code).sort()).toEqual(['numberYearDiffers', 'sifatUnknown', 'stateUnknown', 'urgensiUnknown'])
    expect(letter.sifat).toBeUndefined()
  })

  it.each([
    [null, 'letterRowUnreadable', undefined], [[row], 'letterRowUnreadable', undefined], ['x', 'letterRowUnreadable', undefined],
    [{ ...row, nomor: undefined }, 'letterFieldInvalid', 'nomor'], [{ ...row, nomor: ['1'] }, 'letterFieldInvalid', 'nomor'], [{ ...row, hal: ' ' }, 'letterFieldInvalid', 'hal'],
    [{ ...row, tanggal: '31 November 2026' }, 'letterDateInvalid', 'tanggal'], [{ ...row, nomor: '400/15/DINKES' }, 'letterOfficeMismatch', 'nomor'],
    [{ ...row, jabatan_pengirim: 'Kepala Dinas Pertanian' }, 'letterOfficeUnknown', 'jabatan_pengirim'], [{ ...row, nomor: '${nomor_naskah}' }, 'letterNumberInvalid', 'nomor'],
    [{ ...row, tujuan: [{ lingkup: 'antariksa', nama: 'X' }] }, 'letterFieldInvalid', 'tujuan[0].lingkup'], [{ ...row, disposisi: [{ dari: 'A' }] }, 'letterFieldInvalid', 'disposisi[0].kepada'],
    [{ ...row, ringkasan: 'x'.repeat(20_001) }, 'letterFieldInvalid', 'ringkasan'],
  ])('refuses bad input %# with code and place', (input, code, at) => { expect(refusal(input)).toEqual({ code, at }) })

  it('never answers anything but a letter or a typed error', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.record({ nomor: fc.jsonValue(), tanggal: fc.jsonValue(), hal: fc.string(), unit_pengirim: fc.constantFrom('DINDIK', '__proto__'), disposisi: fc.jsonValue(), tujuan: fc.jsonValue() })), (input) => {
      try { expect(readRow(input, { offices }).identity.office).toBe('DINDIK') } catch (error) { expect(error).toBeInstanceOf(CabutError) }
    }), { numRuns: 500 })
  })
})

describe('CSV exports', () => {
  it('reads BOM, semicolons, CRLF, quotes and line breaks within cells', () => {
    expect(readCsv('\uFEFFNomor;Tanggal;Status Baca\r\n"400/15";"20 November\r\n2026";"kata ""ini"""\r\n\r\n')).toEqual([{ nomor: '400/15', tanggal: '20 November\r\n2026', status_baca: 'kata "ini"' }])
    expect(readCsv('nomor,hal\n1,"a;b,c"\n')).toEqual([{ nomor: '1', hal: 'a;b,c' }])
    expect(readCsv('nomor\thal\n1\ta')).toEqual([{ nomor: '1', hal: 'a' }])
  })

  it.each([['a;b\n1;2;3', 'rows[1]'], ['a;a\n1;2', 'rows[0]'], ['a;b\n"1;2', 'rows[1]'], ['a;b\n"1"x;2', 'rows[1]'], ['', 'rows[0]']])('refuses %j', (text, at) => {
    expect(() => readCsv(text)).toThrow(expect.objectContaining({ code: 'letterRowUnreadable', at }))
  })

  it.each(['=1+1', '+62', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|calc', '%0A'])('neutralises the formula %j', (text) => {
    const cell = writeCsv([{ a: text }], ['a']).split('\r\n')[1] ?? ''
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true)
  })

  it('gives back what was written, whatever it holds', () => {
    fc.assert(fc.property(fc.array(fc.record({ nomor: fc.string(), hal: fc.string({ unit: 'grapheme' }) }), { minLength: 1 }), (rows) => {
      // A quote mark before a formula is indistinguishable from the one that neutralises it; an empty line is no row.
      fc.pre(rows.every(({ nomor, hal }) => !/^'\s*[=+\-@\t\r|%]/.test(nomor) && !/^'\s*[=+\-@\t\r|%]/.test(hal) && !/^[\r\n]/.test(nomor + hal) && (nomor + hal).trim() !== ''))
      expect(readCsv(writeCsv(rows, ['nomor', 'hal']))).toEqual(rows)
    }), { numRuns: 300 })
  })
})
