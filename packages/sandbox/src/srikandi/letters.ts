import { sha256Hex } from '../authority/authority.js'
import type { World } from '../world.js'

/** A disposition as the peer keeps it. */
export interface DispositionRecord {
  readonly id: string
  readonly dari: string
  readonly kepada: string
  readonly instruksi: string
  readonly at: number
  dibaca: boolean
  dibatalkan: boolean
}

/** A letter as the peer keeps it. Identity: office of origin, number, year of the date. */
export interface LetterCopy {
  readonly id: string
  readonly pengirim: string
  readonly nama_pengirim: string
  readonly jabatan_pengirim: string
  readonly tujuan: readonly string[]
  readonly tembusan: readonly string[]
  readonly nomor: string
  /** YYYY-MM-DD. */
  readonly tanggal: string
  readonly hal: string
  readonly ringkasan: string
  readonly jenis: string
  readonly sifat: 'Biasa' | 'Terbatas' | 'Rahasia' | 'Sangat Rahasia'
  readonly klasifikasi?: string | undefined
  readonly hash_value: string
  readonly at: number
  /** Per receiving office. */
  readonly status: Record<string, { dibaca: boolean; tindak: 'BELUM' | 'DISPOSISI' | 'SELESAI'; disposisi: DispositionRecord[] }>
}

/** What a sender gives. */
export type LetterDraft = Pick<
  LetterCopy,
  | 'nama_pengirim'
  | 'jabatan_pengirim'
  | 'tujuan'
  | 'tembusan'
  | 'nomor'
  | 'tanggal'
  | 'hal'
  | 'ringkasan'
  | 'jenis'
  | 'sifat'
  | 'klasifikasi'
>

interface Kept {
  letters: LetterCopy[]
  /** PDF in base64, by letter id. */
  files: Record<string, string>
}

/** Why the peer refuses. */
export class LetterRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** The letters of the Srikandi-like peer. ASSUMED: Srikandi has no public API. */
export interface LetterPeer {
  send(office: string, draft: LetterDraft, pdf: Uint8Array): LetterCopy
  inbox(office: string): LetterCopy[]
  outbox(office: string): LetterCopy[]
  read(office: string, id: string): LetterCopy
  file(office: string, id: string): Uint8Array
  markRead(office: string, id: string): LetterCopy
  dispose(office: string, id: string, dari: string, kepada: string, instruksi: string): LetterCopy
  /** The person disposed to opens it; after that it cannot be cancelled. */
  openDisposition(office: string, id: string, disposition: string): LetterCopy
  cancelDisposition(office: string, id: string, disposition: string): LetterCopy
  settle(office: string, id: string): LetterCopy
}

export function createLetters(world: World): LetterPeer {
  const kept = (world.state.peers['srikandi'] ??= { letters: [], files: {} } satisfies Kept) as Kept
  const byId = new Map(kept.letters.map((letter) => [letter.id, letter]))
  const touch = <T>(value: T): T => {
    world.touched += 1
    return value
  }

  function mine(office: string, id: string): LetterCopy {
    const letter = byId.get(id)
    if (letter === undefined || (letter.pengirim !== office && letter.status[office] === undefined))
      throw new LetterRefusal(404, 'TIDAK_DITEMUKAN', 'Surat tidak ditemukan.')
    return letter
  }

  function received(office: string, id: string): { letter: LetterCopy; status: LetterCopy['status'][string] } {
    const letter = mine(office, id)
    const status = letter.status[office]
    if (status === undefined) throw new LetterRefusal(409, 'BUKAN_PENERIMA', 'Surat ini bukan surat masuk kantor Anda.')
    return { letter, status }
  }

  function disposition(
    office: string,
    id: string,
    wanted: string,
  ): { letter: LetterCopy; status: LetterCopy['status'][string]; found: DispositionRecord } {
    const { letter, status } = received(office, id)
    const found = status.disposisi.find((one) => one.id === wanted && !one.dibatalkan)
    if (found === undefined) throw new LetterRefusal(404, 'TIDAK_DITEMUKAN', 'Disposisi tidak ditemukan.')
    return { letter, status, found }
  }

  return {
    send(office, draft, pdf) {
      const year = draft.tanggal.slice(0, 4)
      if (kept.letters.some((one) => one.pengirim === office && one.nomor === draft.nomor && one.tanggal.startsWith(year))) {
        throw new LetterRefusal(409, 'NOMOR_TERPAKAI', 'Nomor surat sudah dipakai pada tahun yang sama.')
      }
      const letter: LetterCopy = {
        id: world.nextId('surat'),
        pengirim: office,
        ...draft,
        hash_value: sha256Hex(pdf),
        at: world.now(),
        status: Object.fromEntries(
          [...draft.tujuan, ...draft.tembusan].map((one) => [one, { dibaca: false, tindak: 'BELUM' as const, disposisi: [] }]),
        ),
      }
      kept.letters.push(letter)
      byId.set(letter.id, letter)
      kept.files[letter.id] = Buffer.from(pdf).toString('base64')
      return touch(letter)
    },
    inbox: (office) => kept.letters.filter((one) => one.status[office] !== undefined),
    outbox: (office) => kept.letters.filter((one) => one.pengirim === office),
    read: mine,
    file: (office, id) => new Uint8Array(Buffer.from(kept.files[mine(office, id).id] ?? '', 'base64')),
    markRead(office, id) {
      const { letter, status } = received(office, id)
      status.dibaca = true
      return touch(letter)
    },
    dispose(office, id, dari, kepada, instruksi) {
      const { letter, status } = received(office, id)
      if (status.tindak === 'SELESAI') throw new LetterRefusal(409, 'SUDAH_SELESAI', 'Surat sudah selesai ditindaklanjuti.')
      status.dibaca = true
      status.tindak = 'DISPOSISI'
      status.disposisi.push({ id: world.nextId('disposisi'), dari, kepada, instruksi, at: world.now(), dibaca: false, dibatalkan: false })
      return touch(letter)
    },
    openDisposition(office, id, wanted) {
      const { letter, found } = disposition(office, id, wanted)
      found.dibaca = true
      return touch(letter)
    },
    cancelDisposition(office, id, wanted) {
      const { letter, status, found } = disposition(office, id, wanted)
      if (found.dibaca) throw new LetterRefusal(409, 'SUDAH_DIBACA', 'Disposisi yang sudah dibaca tidak dapat dibatalkan.')
      found.dibatalkan = true
      if (status.disposisi.every((one) => one.dibatalkan)) status.tindak = 'BELUM'
      return touch(letter)
    },
    settle(office, id) {
      const { letter, status } = received(office, id)
      status.tindak = 'SELESAI'
      return touch(letter)
    },
  }
}
