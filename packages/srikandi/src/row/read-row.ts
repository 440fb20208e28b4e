import { CabutError } from '@cabut/sdk'
import { readLetterDate } from '../letter/date.js'
import { identifyLetter } from '../letter/identity.js'
import { sifatNames, urgensiNames, type Disposition, type DispositionState, type IncomingLetter, type Json, type Lampiran, type LetterWarning, type Lingkup, type Tujuan } from '../letter/letter.js'
import { readLetterNumber, yearsInNumber } from '../letter/number.js'
import { checkNumberOffice, findOffice, type OfficeDirectory } from '../letter/office.js'
import { readIncomingState } from '../letter/state.js'
import { isObject, RowReader } from './field.js'

/**
 * Reads one row of a letter as a user exported it: the scraped names (`nomor, tanggal, hal, ringkasan, nama_pengirim,
 * jabatan_pengirim, status_baca, status_tindak, status_berkas, hash_value`) and the names of Srikandi's own form. Fields it does not know are kept.
 *
 * @throws {@link CabutError} `letterRowUnreadable`, `letterFieldInvalid`, `letterNumberInvalid`, `letterDateInvalid`, `letterOfficeUnknown`,
 *   `letterOfficeMismatch`; `at` names the field
 * @example
 * ```ts
 * const letter = readRow({ nomor: '800 / 15 / DINDIK', tanggal: '20 Nopember 2026', hal: 'Permohonan', jabatan_pengirim: 'Kepala Dinas Pendidikan' }, { offices })
 * letter.tanggal // '2026-11-20'
 * letter.identity // { office: 'DINDIK', number: '800/15/DINDIK', year: 2026 }
 * readRow({ nomor: '800/15/DINDIK', tanggal: '20 November 2026', hal: 'Permohonan', pengirim: 'Dinas Kesehatan' }, { offices }) // throws letterOfficeMismatch
 * ```
 */
export function readRow(input: unknown, { offices }: { readonly offices: OfficeDirectory }): IncomingLetter {
  if (!isObject(input)) throw new CabutError('letterRowUnreadable', { detail: 'an object expected' })
  const row = new RowReader(input)
  const warnings: LetterWarning[] = []

  const nomor = readLetterNumber(row.required('nomor', 'nomor_naskah', 'nomor_surat'))
  if (nomor.provisional) throw new CabutError('letterNumberInvalid', { at: 'nomor', detail: 'provisional: the letter is not signed' })
  const tanggal = readLetterDate(row.required('tanggal', 'tanggal_naskah', 'tanggal_surat'))
  const unitText = row.text('unit_pengirim', 'instansi_pengirim', 'pengirim')
  const jabatan = row.text('jabatan_pengirim')
  const nama = row.text('nama_pengirim')
  const office = findOffice(offices, [unitText, jabatan, nama].filter((text) => text !== undefined), unitText === undefined ? 'jabatan_pengirim' : 'unit_pengirim')
  checkNumberOffice(offices, office, nomor)
  const years = yearsInNumber(nomor)
  if (years.length > 0 && !years.includes(Number(tanggal.slice(0, 4)))) {
    warnings.push({ code: 'numberYearDiffers', at: 'nomor', id: 'tahun dalam nomor berbeda dari tahun tanggal surat; tahun tanggal yang dipakai', en: 'the year in the number differs from that of the date; the date decides' })
  }

  const status = { baca: row.text('status_baca'), tindak: row.text('status_tindak'), berkas: row.text('status_berkas') }
  const { state, known } = readIncomingState(Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined)))
  if (!known) warnings.push({ code: 'stateUnknown', at: 'status_tindak', id: 'status naskah tidak dikenal', en: 'the state of the letter is not known' })

  const berkas = row.text('berkas', 'nama_berkas', 'file')
  const optional = {
    jenisNaskah: row.text('jenis_naskah'),
    sifat: named(row.text('sifat', 'sifat_naskah'), sifatNames, warnings, 'sifatUnknown', 'sifat'),
    tingkatUrgensi: named(row.text('tingkat_urgensi', 'urgensi'), urgensiNames, warnings, 'urgensiUnknown', 'tingkat_urgensi'),
    klasifikasi: row.text('klasifikasi', 'kode_klasifikasi'),
    isiRingkas: row.text('isi_ringkas', 'ringkasan'),
    hashValue: row.text('hash_value'),
    berkas,
  }
  const letter = {
    identity: identifyLetter(office.code, nomor, tanggal),
    nomor,
    tanggal,
    hal: row.required('hal', 'perihal'),
    pengirim: { ...(nama === undefined ? {} : { nama }), ...(jabatan === undefined ? {} : { jabatan }), unit: office.code },
    state,
    tujuan: row.list('tujuan').map((entry, index) => readRecipient(entry, `tujuan[${index}]`)),
    tembusan: row.list('tembusan').map((entry, index) => readRecipient(entry, `tembusan[${index}]`)),
    disposisi: row.list('disposisi').map((entry, index) => readDisposition(entry, `disposisi[${index}]`)),
    lampiran: (Array.isArray(input['lampiran']) ? row.list('lampiran') : []).map((entry, index) => readAttachment(entry, `lampiran[${index}]`)),
    warnings,
  }
  return { ...letter, ...present(optional), unknown: row.rest() }
}

const scopes: ReadonlyMap<string, Lingkup> = new Map<string, Lingkup>([
  ['internal', 'internal'], ['eksternal srikandi', 'eksternalSrikandi'], ['eksternalsrikandi', 'eksternalSrikandi'], ['eksternal', 'eksternalSrikandi'],
  ['eksternal non srikandi', 'eksternalNonSrikandi'], ['eksternalnonsrikandi', 'eksternalNonSrikandi'], ['non srikandi', 'eksternalNonSrikandi'],
])

/** A recipient of the letter or of a copy; a bare text is a name outside Srikandi, the only scope that needs no address there. */
function readRecipient(input: Json, at: string): Tujuan {
  if (typeof input === 'string' && input.trim() !== '') return { lingkup: 'eksternalNonSrikandi', nama: input.trim() }
  if (!isObject(input)) throw new CabutError('letterFieldInvalid', { at, detail: 'a recipient expected' })
  const row = new RowReader(input, at)
  const scope = scopes.get(fold(row.required('lingkup', 'jenis')))
  if (scope === undefined) throw new CabutError('letterFieldInvalid', { at: row.place('lingkup'), detail: 'unknown scope' })
  return { lingkup: scope, nama: row.required('nama'), ...present({ jabatan: row.text('jabatan'), unit: row.text('unit') }) }
}

/** An attachment as far as an export tells of it: a bare name, or an object. A count (`1 berkas`) stays among the unknown fields. */
function readAttachment(input: Json, at: string): Lampiran {
  if (typeof input === 'string' && input.trim() !== '') return { nama: input.trim() }
  if (!isObject(input)) throw new CabutError('letterFieldInvalid', { at, detail: 'an attachment expected' })
  const row = new RowReader(input, at)
  const size = Number(row.text('ukuran', 'size'))
  return { nama: row.required('nama'), ...present({ mediaType: row.text('jenis', 'media_type'), sha256: row.text('sha256'), size: Number.isSafeInteger(size) && size > 0 ? size : undefined }) }
}

const dispositionStates: ReadonlyMap<string, DispositionState> = new Map<string, DispositionState>([
  ['', 'belumDibaca'], ['belum dibaca', 'belumDibaca'], ['belumdibaca', 'belumDibaca'], ['dibaca', 'dibaca'], ['sudah dibaca', 'dibaca'],
  ['ditindaklanjuti', 'ditindaklanjuti'], ['sudah ditindaklanjuti', 'ditindaklanjuti'], ['selesai', 'ditindaklanjuti'],
  ['dibatalkan', 'dibatalkan'], ['batal', 'dibatalkan'],
])

function readDisposition(input: Json, at: string): Disposition {
  if (!isObject(input)) throw new CabutError('letterFieldInvalid', { at, detail: 'a disposition expected' })
  const row = new RowReader(input, at)
  const cancelled = row.text('dibatalkan') === 'true'
  const read = row.text('dibaca') === 'true'
  const status = cancelled ? 'dibatalkan' : dispositionStates.get(fold(row.text('status', 'status_disposisi') ?? (read ? 'dibaca' : '')))
  if (status === undefined) throw new CabutError('letterFieldInvalid', { at: row.place('status'), detail: 'unknown state' })
  const tanggal = row.text('tanggal')
  return {
    dari: row.required('dari'),
    kepada: row.required('kepada'),
    status,
    ...present({ instruksi: row.text('instruksi', 'isi'), tanggal: tanggal === undefined ? undefined : readLetterDate(tanggal, row.place('tanggal')) }),
  }
}

/** A value of a closed list whatever its case; another is not guessed at but left out with a warning. */
function named<Name extends string>(text: string | undefined, names: readonly Name[], warnings: LetterWarning[], code: LetterWarning['code'], at: string): Name | undefined {
  if (text === undefined) return undefined
  const found = names.find((name) => fold(name) === fold(text))
  if (found === undefined) warnings.push({ code, at, id: 'nilai tidak dikenal, dibiarkan kosong', en: 'unknown value, left empty' })
  return found
}

function present<Shape extends object>(shape: Shape): { [Key in keyof Shape]: Exclude<Shape[Key], undefined> } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as { [Key in keyof Shape]: Exclude<Shape[Key], undefined> }
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[_\s-]+/g, ' ').trim()
}
