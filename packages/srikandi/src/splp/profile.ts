import type { Json } from '../letter/letter.js'

/**
 * How one agency's letter service behind SPLP is called: all of it data, because no such service is published. Paths are below the base
 * address and may name `{id}`, `{page}`; answers and fields are addressed by dotted names.
 */
export interface SplpProfile {
  readonly paths: {
    /** Letters received, paged. */
    readonly inbox: string
    /** Letters sent, paged. */
    readonly outbox: string
    /** PDF of a letter. */
    readonly file: string
    readonly send: string
    readonly dispose: string
  }
  readonly answer: {
    /** Where the answer says that it succeeded, and with which value. An HTTP 200 without it is a refusal. */
    readonly success: { readonly field: string; readonly value: Json }
    /** Where rows of a page stand. */
    readonly rows: string
    /** Where the total number of rows stands. */
    readonly total: string
    /** Where a single row stands. */
    readonly row: string
    /** Where a refusal's code stands. */
    readonly code: string
    /** Codes that say "a letter of this number was sent already". */
    readonly numberTaken: readonly string[]
  }
  /** Names of the service's row -> names of {@link readRow}; names not listed stay as they are. */
  readonly incoming: Readonly<Record<string, string>>
  /** Name of the row's id. */
  readonly id: string
  /** Names of {@link SplpOutgoing} -> names of the service; names not listed stay as they are. */
  readonly outgoing: Readonly<Record<string, string>>
  /** Statuses of treatment (`status_tindak`) whose letters are not fetched any more. */
  readonly settled: readonly string[]
  /**
   * How receipts travel where a letter has room for one PDF only. `embedded`: as attached files of the answer's PDF, before it is signed; `apart`: not by
   * this transport.
   */
  readonly receipts: 'embedded' | 'apart'
  /** `true`: `hash_value` is the SHA-256 of the PDF, so a PDF that differs was damaged on the way. */
  readonly hashIsSha256: boolean
}

/** What is sent for one letter, before its names are mapped. */
export interface SplpOutgoing {
  readonly nama_pengirim: string
  readonly jabatan_pengirim: string
  readonly tujuan: readonly string[]
  readonly tembusan: readonly string[]
  readonly nomor: string
  /** `YYYY-MM-DD` */
  readonly tanggal: string
  readonly hal: string
  readonly ringkasan: string
  readonly jenis: string
  readonly sifat: string
  readonly klasifikasi?: string
  /** Base64 of the PDF. */
  readonly file: string
}

/**
 * ASSUMED: the service of the sandbox's peer. A real service has its own profile.
 *
 * @example
 * ```ts
 * const profile: SplpProfile = { ...assumedSplpProfile, incoming: { perihal: 'hal' } }
 * profile.answer.success // { field: 'status', value: 'success' }
 * ```
 */
export const assumedSplpProfile: SplpProfile = {
  paths: { inbox: '/v1/inbox?page={page}', outbox: '/v1/outbox?page={page}', file: '/v1/letters/{id}/file', send: '/v1/letters', dispose: '/v1/letters/{id}/dispositions' },
  answer: { success: { field: 'status', value: 'success' }, rows: 'data.rows', total: 'data.total', row: 'data', code: 'code', numberTaken: ['NOMOR_TERPAKAI'] },
  incoming: { jenis: 'jenis_naskah' },
  id: 'id',
  outgoing: {},
  settled: ['SELESAI'],
  receipts: 'embedded',
  hashIsSha256: true,
}

/** The value at a dotted name. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? (inner as Record<string, unknown>)[name] : undefined), value)
}
