import { CabutError } from '@cabut/sdk'
import { localDate, writeLetterDate, type LetterZone } from '../letter/date.js'
import type { Json } from '../letter/letter.js'
import { isObject, RowReader } from '../row/field.js'

/** Letters a user exported from Srikandi (`nomor, hal, status_naskah, penandatangan, verifikator, tujuan`), and when. */
export interface WaitingImport {
  readonly at: Date
  readonly rows: readonly unknown[]
  /** @default the zone of the desk */
  readonly zone?: LetterZone
}

/** What a letter waits for. */
export type WaitsFor = 'draft' | 'verify' | 'sign' | 'send' | 'dispose'

/** A letter that a person must still act on. */
export interface WaitingLetter {
  /** Place in the import, such as `rows[3]`. */
  readonly at: string
  readonly nomor?: string
  readonly hal: string
  readonly waitsFor: WaitsFor
  readonly advice: { readonly id: string; readonly en: string }
}

/** Letters that wait for one person, as far as an import shows. */
export interface WaitingReport {
  /** `Berdasarkan impor tanggal ...`: the list is never complete by itself. */
  readonly notice: { readonly id: string; readonly en: string }
  readonly letters: readonly WaitingLetter[]
  /** Rows whose state or people could not be read: places, for a person to look at. */
  readonly unread: readonly string[]
}

const advice: Readonly<Record<WaitsFor, WaitingLetter['advice']>> = {
  draft: { id: 'Ganti penandatangan sebelum naskah diajukan', en: 'Name another signatory before the draft is submitted' },
  verify: { id: 'Kembalikan ke konsep dan ganti pejabat yang memaraf atau menandatangani', en: 'Send it back to draft and name another official to initial or sign' },
  sign: { id: 'Kembalikan ke konsep dan ganti penandatangan: penandatanganan akan gagal dengan pesan "pengguna tidak terdaftar"', en: 'Send it back to draft and name another signatory: signing will fail with the message "pengguna tidak terdaftar"' },
  send: { id: 'Sudah ditandatangani: kirim, atau tarik dan tanda tangani ulang oleh pejabat lain bila ditandatangani sesudah pencabutan', en: 'Signed already: send it, or withdraw it and have another official sign if it was signed after the revocation' },
  dispose: { id: 'Disposisikan oleh pejabat pengganti (Plt./Plh.)', en: 'Have the acting official dispose of it' },
}

/** Words of Srikandi's statuses, as far as they are known, and the role in which a person is awaited there. */
const words: readonly (readonly [RegExp, WaitsFor])[] = [
  [/^(?:konsep|draf|draft|konsep naskah)$/, 'draft'],
  [/^(?:verifikasi|menunggu verifikasi|perlu verifikasi|paraf|menunggu paraf)$/, 'verify'],
  [/^(?:menunggu (?:tanda tangan|ttd|tte)|belum ditandatangani|perlu (?:tanda tangan|ttd|tte)|siap ditandatangani)$/, 'sign'],
  [/^(?:(?:sudah )?ditandatangani(?: belum dikirim)?|belum dikirim|siap kirim)$/, 'send'],
  [/^(?:belum didisposisi(?:kan)?|perlu disposisi|menunggu disposisi)$/, 'dispose'],
]
const finished = /^(?:terkirim|sudah dikirim|dikirim|selesai|batal|dibatalkan|ditolak)$/

/**
 * Lists the letters of an import that wait for a signer whose certificate is to be, or was, revoked: before the approval, so that somebody
 * else is named in time, and again after the proof. After a revocation Srikandi's signing fails with a message that does not say why.
 *
 * @param imported rows as a user exported them (`nomor, hal, status_naskah, penandatangan, verifikator, tujuan`), and when
 * @param signer the person as Srikandi names them; matched by name or by office title
 * @example
 * ```ts
 * const rows = [{ hal: 'Undangan', status_naskah: 'Menunggu TTE', penandatangan: ['Laras Kinanti'] }, { hal: 'Undangan', status_naskah: 'Terkirim', penandatangan: ['Laras Kinanti'] }]
 * const { letters, notice } = findWaiting({ at: new Date('2026-11-20T03:00:00Z'), rows, zone: 'WIB' }, { nama: 'Laras Kinanti' })
 * letters.map(({ at, waitsFor }) => [at, waitsFor]) // [['rows[0]', 'sign']]
 * notice.en // 'From the import of 2026-11-20; letters not exported, or made later, are not included'
 * ```
 */
export function findWaiting(
  imported: WaitingImport & { readonly zone: LetterZone }, signer: { readonly nama: string; readonly jabatan?: string },
): WaitingReport {
  const date = writeLetterDate(localDate(imported.at, imported.zone))
  const letters: WaitingLetter[] = []
  const unread: string[] = []
  for (const [index, input] of imported.rows.entries()) {
    const at = `rows[${index}]`
    try {
      const found = readWaiting(input, at, signer)
      if (found === 'unread') unread.push(at)
      else if (found !== undefined) letters.push(found)
    } catch (error) {
      if (!(error instanceof CabutError)) throw error
      unread.push(at)
    }
  }
  return {
    notice: {
      id: `Berdasarkan impor tanggal ${date}; naskah yang tidak diekspor atau dibuat sesudahnya tidak termasuk`,
      en: `From the import of ${localDate(imported.at, imported.zone)}; letters not exported, or made later, are not included`,
    },
    letters, unread,
  }
}

function readWaiting(input: unknown, at: string, signer: { readonly nama: string; readonly jabatan?: string }): WaitingLetter | 'unread' | undefined {
  if (!isObject(input)) return 'unread'
  const row = new RowReader(input, at)
  const status = fold(row.text('status_naskah', 'status', 'status_tindak') ?? '')
  const signs = involves(row.list('penandatangan'), row.text('nama_penandatangan'), signer)
  const verifies = involves(row.list('verifikator'), undefined, signer)
  const receives = involves(row.list('tujuan'), row.text('nama_penerima'), signer)
  if (!signs && !verifies && !receives) return undefined
  if (finished.test(status)) return undefined
  const waitsFor = words.find(([form]) => form.test(status))?.[1]
  if (waitsFor === undefined) return 'unread'
  if (waitsFor === 'dispose' ? !receives : waitsFor === 'verify' ? !verifies && !signs : !signs) return undefined
  const nomor = row.text('nomor', 'nomor_naskah')
  return { at, hal: row.text('hal', 'perihal') ?? '-', waitsFor, advice: advice[waitsFor], ...(nomor === undefined ? {} : { nomor }) }
}

function involves(list: readonly Json[], single: string | undefined, { nama, jabatan }: { readonly nama: string; readonly jabatan?: string }): boolean {
  const wanted = [nama, ...(jabatan === undefined ? [] : [jabatan])].map(fold)
  const given = [...list.flatMap((one) => (typeof one === 'string' ? [one] : isObject(one) ? [one['nama'], one['jabatan']] : [])), single]
  return given.some((text) => typeof text === 'string' && wanted.includes(fold(text)))
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
