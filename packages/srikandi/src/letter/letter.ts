import type { LetterIdentity } from './identity.js'
import type { LetterNumber } from './number.js'
import type { IncomingState, OutgoingState } from './state.js'

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Sifat naskah: the security class. Written exactly so. */
export type Sifat = 'Biasa' | 'Terbatas' | 'Rahasia' | 'Sangat Rahasia'
/** Tingkat urgensi. */
export type Urgensi = 'Biasa' | 'Segera' | 'Sangat Segera'

/**
 * All security classes, from open to closed.
 *
 * @example
 * ```ts
 * sifatNames // ['Biasa', 'Terbatas', 'Rahasia', 'Sangat Rahasia']
 * ```
 */
export const sifatNames: readonly Sifat[] = ['Biasa', 'Terbatas', 'Rahasia', 'Sangat Rahasia']
/**
 * All degrees of urgency, the least first.
 *
 * @example
 * ```ts
 * urgensiNames // ['Biasa', 'Segera', 'Sangat Segera']
 * ```
 */
export const urgensiNames: readonly Urgensi[] = ['Biasa', 'Segera', 'Sangat Segera']

/**
 * Where a recipient is: within the office, in another office that uses Srikandi, or outside Srikandi altogether.
 * Decides how the letter can be delivered.
 */
export type Lingkup = 'internal' | 'eksternalSrikandi' | 'eksternalNonSrikandi'

/** One recipient: of the letter (tujuan) or of a copy (tembusan). */
export interface Tujuan {
  readonly lingkup: Lingkup
  readonly nama: string
  readonly jabatan?: string
  /** Office code, where the directory knows it. */
  readonly unit?: string
}

/** Someone who signs or initials. */
export interface Pejabat {
  readonly nama: string
  readonly jabatan?: string
}

/** Something that travels with the letter. */
export interface Lampiran {
  readonly nama: string
  /** What an export does not tell is absent. */
  readonly mediaType?: string
  readonly sha256?: string
  /** Octets. */
  readonly size?: number
}

/** Where a disposition stands. `dibatalkan` only from `belumDibaca`. */
export type DispositionState = 'belumDibaca' | 'dibaca' | 'ditindaklanjuti' | 'dibatalkan'

/** An instruction on a letter (disposisi). Names are as in the letter: who they are to the desk is the directory's word. */
export interface Disposition {
  readonly dari: string
  readonly kepada: string
  readonly instruksi?: string
  /** `YYYY-MM-DD` */
  readonly tanggal?: string
  readonly status: DispositionState
}

/** What every letter has. Field names are Srikandi's. */
export interface Naskah {
  readonly jenisNaskah?: string
  readonly sifat?: Sifat
  readonly tingkatUrgensi?: Urgensi
  /** Archive classification code, such as `000.8.3.3`. */
  readonly klasifikasi?: string
  readonly hal: string
  readonly isiRingkas?: string
  readonly tujuan: readonly Tujuan[]
  readonly tembusan: readonly Tujuan[]
  readonly lampiran: readonly Lampiran[]
}

/** A letter received (naskah masuk). */
export interface IncomingLetter extends Naskah {
  readonly identity: LetterIdentity
  readonly nomor: LetterNumber
  /** `YYYY-MM-DD` */
  readonly tanggal: string
  readonly pengirim: { readonly nama?: string; readonly jabatan?: string; readonly unit: string }
  readonly state: IncomingState
  readonly disposisi: readonly Disposition[]
  /** `hash_value` of the row as it stands; its meaning is not published. Compared with the PDF only when it is a SHA-256. */
  readonly hashValue?: string
  /** Name of the PDF as the row gives it (a bare file name). */
  readonly berkas?: string
  /** Fields of the row this package does not know, untouched. */
  readonly unknown: Readonly<Record<string, Json>>
  /** What a person should look at; never a ground to refuse. */
  readonly warnings: readonly LetterWarning[]
}

/** A letter to be sent (naskah keluar). Its number is `${nomor_naskah}` until Srikandi numbers it at signing. */
export interface OutgoingLetter extends Naskah {
  readonly kind: 'answer' | 'return' | 'notice'
  readonly nomor: string
  /** `YYYY-MM-DD`, or Srikandi's variable until the letter is signed. */
  readonly tanggal: string
  readonly state: OutgoingState
  readonly verifikator: readonly Pejabat[]
  readonly penandatangan: readonly Pejabat[]
  /** The letter this one answers. */
  readonly menjawab: { readonly identity: LetterIdentity; readonly nomor: string; readonly tanggal: string }
}

/** Something worth a look. */
export interface LetterWarning {
  readonly code: 'numberYearDiffers' | 'stateUnknown' | 'sifatUnknown' | 'urgensiUnknown' | 'hashDiffers'
  readonly at: string
  readonly id: string
  readonly en: string
}
