import { CabutError } from '@cabut/sdk'
import { allowPlainHttp } from '@cabut/sdk'
import { readLetterDate } from '../letter/date.js'
import { sha256Hex, type LetterIdentity } from '../letter/identity.js'
import type { Disposition, Json } from '../letter/letter.js'
import { readLetterNumber } from '../letter/number.js'
import { isObject } from '../row/field.js'
import type { ArrivedFile, Delivery, LetterTransport, Sending, SendingFile, SendingStatus, Sent } from '../transport/port.js'
import { read, write, type CallAnswer, type CallSettings, type SplpCredential } from './call.js'
import { embedReceipts } from './embed-receipts.js'
import { valueAt, type SplpOutgoing, type SplpProfile } from './profile.js'

/** How a letter service behind SPLP is reached. There is no default address, no user's password, no page driven. */
export interface SplpTransportOptions {
  /** Address of the service behind the gateway, such as `https://GATEWAY/t/TENANT/CONTEXT/VERSION`. */
  readonly baseUrl: string
  /** Gateway's and service's credentials, stacked; their headers must differ. */
  readonly credentials: readonly [SplpCredential, ...SplpCredential[]]
  readonly profile: SplpProfile
  /**
   * Number and date of a letter to be sent. Must give the same for the same key for ever: a register book, not a counter.
   * That number is how a sending whose answer was lost is found again.
   */
  readonly number: (key: string) => Promise<{ readonly nomor: string; readonly tanggal: string }>
  readonly fetch?: typeof globalThis.fetch
  /** Permits plain http to a host that is not this machine. */
  readonly allow?: readonly (typeof allowPlainHttp)[]
  /** For one exchange, in ms. @default 30000 */
  readonly timeoutMs?: number
  /** Repetitions of a reading; a write is never repeated blindly. @default 4 */
  readonly retries?: number
  /** Largest answer in octets. @default 33554432 */
  readonly answerLimit?: number
}

type Row = Readonly<Record<string, Json>>

/** Pages read at most; an inbox is settled, not hoarded. */
const mostPages = 1_000

/**
 * Letters through an agency's service behind SPLP, by configuration. A letter stays in the inbox there until it is settled in Srikandi;
 * this transport hands it out again only when its row has changed.
 *
 * @throws {@link CabutError} `transportBaseUrl`, `transportPlainHttp`; TypeError for misuse. What its verbs throw is `retryable` where trying again may help
 * @example
 * ```ts
 * const { fetch, manage: { splp, srikandi } } = (await openAuthority()).sandbox
 * const bearer = `Bearer ${srikandi.token('DINKOMINFO')}`
 * const credentials = [{ header: 'APIkey', value: () => splp.key('srikandi') }, { header: 'Authorization', value: () => bearer }] as const
 * const settings = { profile: assumedSplpProfile, credentials, fetch, number: async (key: string) => ({ nomor: `800/${key}/DINKOMINFO`, tanggal: '2026-11-24' }) }
 * const transport = createSplpTransport({ ...settings, baseUrl: splp.url('srikandi'), allow: [allowPlainHttp] })
 * await transport.fetchNew() // []
 * createSplpTransport({ ...settings, baseUrl: 'http://gateway.contoh.go.id' }) // throws transportPlainHttp
 * ```
 */
export function createSplpTransport(options: SplpTransportOptions): LetterTransport {
  return new SplpTransport(options)
}

class SplpTransport implements LetterTransport {
  readonly #settings: CallSettings
  readonly #profile: SplpProfile
  readonly #number: SplpTransportOptions['number']
  /** Digest of the row last settled, by id. */
  readonly #settled = new Map<string, string>()

  constructor({ baseUrl, credentials, profile, number, fetch = globalThis.fetch, allow = [], timeoutMs = 30_000, retries = 4, answerLimit = 32 * 1024 * 1024 }: SplpTransportOptions) {
    checkBaseUrl(baseUrl, allow.includes(allowPlainHttp))
    const headers = credentials.map(({ header }) => header.toLowerCase())
    if (headers.length === 0 || new Set(headers).size !== headers.length) throw new TypeError('credentials: one or more, each with a header of its own')
    this.#settings = { baseUrl: baseUrl.replace(/\/+$/, ''), credentials, fetch, timeoutMs, retries, answerLimit }
    this.#profile = profile
    this.#number = number
  }

  async fetchNew({ limit = 20 }: { readonly limit?: number } = {}): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = []
    for (const row of await this.#rows('inbox')) {
      if (deliveries.length >= limit) break
      const id = row[this.#profile.id]
      if (typeof id !== 'string' || id === '' || this.#profile.settled.some((word) => word === row['status_tindak'])) continue
      const digest = await sha256Hex(new TextEncoder().encode(JSON.stringify(row)))
      if (this.#settled.get(id) === digest) continue
      deliveries.push(await this.#deliver(id, row, digest))
    }
    return deliveries
  }

  async send({ key, letter, files }: Sending): Promise<Sent> {
    const bare = files.find(({ mediaType }) => mediaType === 'application/pdf')
    if (bare === undefined) throw new CabutError('letterPdfMissing', { at: 'files' })
    const pdf = this.#profile.receipts === 'embedded' ? await embedReceipts(bare, files) : bare
    const number = await this.#number(key)
    const before = await this.#sentRow(number)
    if (before !== undefined) return this.#sent(before, true, pdf)
    const [signatory] = letter.penandatangan
    const body: SplpOutgoing = {
      nama_pengirim: signatory?.nama ?? '', jabatan_pengirim: signatory?.jabatan ?? '', tujuan: letter.tujuan.map(({ unit, nama }) => unit ?? nama),
      tembusan: letter.tembusan.map(({ unit, nama }) => unit ?? nama), nomor: number.nomor, tanggal: number.tanggal, hal: letter.hal, ringkasan: letter.isiRingkas ?? '',
      jenis: letter.jenisNaskah ?? 'Surat Dinas', sifat: letter.sifat ?? 'Biasa', ...(letter.klasifikasi === undefined ? {} : { klasifikasi: letter.klasifikasi }), file: base64(pdf.bytes),
    }
    const answer = await write(this.#settings, this.#profile.paths.send, Object.fromEntries(Object.entries(body).map(([name, value]) => [this.#profile.outgoing[name] ?? name, value])))
    const value = answer === undefined ? undefined : this.#json(answer)
    if (value !== undefined && this.#succeeded(value)) {
      const row = valueAt(value, this.#profile.answer.row)
      if (isObject(row)) return this.#sent(row, false, pdf)
    }
    // Lost, refused or garbled: what is in the outbox is the truth.
    const after = await this.#sentRow(number)
    if (after !== undefined) return this.#sent(after, this.#isNumberTaken(value), pdf)
    if (answer !== undefined && answer.status >= 400 && answer.status < 500 && ![401, 403, 408, 429].includes(answer.status)) throw new CabutError('letterFieldInvalid', { at: 'letter', detail: `refused with HTTP ${answer.status}` })
    throw new CabutError('letterTransportUnavailable', { detail: 'the letter was not sent' })
  }

  async dispose(_key: string, identity: LetterIdentity, { dari, kepada, instruksi = '-' }: Disposition): Promise<{ readonly repeated: boolean }> {
    const there = async (): Promise<{ readonly id: string; readonly done: boolean }> => {
      const row = findRow(await this.#rows('inbox'), identity)
      const id = row?.[this.#profile.id]
      if (row === undefined || typeof id !== 'string') throw new CabutError('letterFieldInvalid', { at: 'identity', detail: 'no such letter in the inbox' })
      const given = Array.isArray(row['disposisi']) ? (row['disposisi'] as readonly Json[]) : []
      return { id, done: given.some((one) => isObject(one) && one['dari'] === dari && one['kepada'] === kepada && one['instruksi'] === instruksi && one['dibatalkan'] !== true) }
    }
    const before = await there()
    if (before.done) return { repeated: true }
    const answer = await write(this.#settings, this.#path('dispose', before.id), { dari, kepada, instruksi })
    const value = answer === undefined ? undefined : this.#json(answer)
    if ((value !== undefined && this.#succeeded(value)) || (await there()).done) return { repeated: false }
    throw new CabutError('letterTransportUnavailable', { detail: 'the disposition was not passed on' })
  }

  async status(key: string): Promise<SendingStatus> {
    const row = await this.#sentRow(await this.#number(key))
    return row === undefined ? { state: 'unknown' } : this.#statusOf(row)
  }

  async #deliver(id: string, row: Row, digest: string): Promise<Delivery> {
    const settle = async (): Promise<void> => { this.#settled.set(id, digest) }
    const calls = { id: `${id}.${digest.slice(0, 8)}`, name: id, accept: settle, reject: settle, release: async () => { this.#settled.delete(id) } }
    try {
      const pdf = await this.#pdf(id, row)
      const named = Object.fromEntries(Object.entries(row).map(([name, value]) => [this.#profile.incoming[name] ?? name, value]))
      return { ...calls, row: named, pdf }
    } catch (error) {
      if (!(error instanceof CabutError)) throw error
      return { ...calls, row: undefined, problem: error }
    }
  }

  async #pdf(id: string, row: Row): Promise<ArrivedFile> {
    const stated = row['hash_value']
    const wanted = this.#profile.hashIsSha256 && typeof stated === 'string' && /^[0-9a-f]{64}$/i.test(stated) ? stated.toLowerCase() : undefined
    const pdf = await read(this.#settings, this.#path('file', id), ({ status, body }) => {
      if (status === 404) throw new CabutError('letterPdfMissing', { at: 'pdf' })
      return status === 200 && new TextDecoder('latin1').decode(body.subarray(0, 1024)).includes('%PDF-') && new TextDecoder('latin1').decode(body.subarray(-1024)).includes('%%EOF') ? body : undefined
    })
    const sha256 = await sha256Hex(pdf)
    if (wanted !== undefined && wanted !== sha256) throw new CabutError('letterTransportUnavailable', { at: 'pdf', detail: 'damaged on the way' })
    return { name: `${id}.pdf`, bytes: pdf, sha256 }
  }

  async #rows(of: 'inbox' | 'outbox'): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (let page = 1; page <= mostPages; page += 1) {
      const { found, total } = await read(this.#settings, this.#profile.paths[of].replace('{page}', String(page)), (answer) => {
        const value = this.#json(answer)
        const list = value !== undefined && this.#succeeded(value) ? valueAt(value, this.#profile.answer.rows) : undefined
        return Array.isArray(list) ? { found: list.filter(isObject), total: Number(valueAt(value, this.#profile.answer.total)) } : undefined
      })
      rows.push(...found)
      if (found.length === 0 || rows.length >= total || Number.isNaN(total)) break
    }
    return rows
  }

  async #sentRow({ nomor, tanggal }: { readonly nomor: string; readonly tanggal: string }): Promise<Row | undefined> {
    const key = readLetterNumber(nomor).key
    return (await this.#rows('outbox')).find((row) => typeof row['nomor'] === 'string' && readLetterNumber(row['nomor']).key === key && yearOf(row) === Number(tanggal.slice(0, 4)))
  }

  async #sent(row: Row, repeated: boolean, pdf: SendingFile): Promise<Sent> {
    const id = row[this.#profile.id]
    const files = repeated && typeof id === 'string' ? [{ ...pdf, bytes: (await this.#pdf(id, row)).bytes }] : [pdf]
    return { ...this.#statusOf(row), repeated, files }
  }

  #statusOf(row: Row): SendingStatus {
    const id = row[this.#profile.id]
    return { state: 'sent', ...(typeof row['nomor'] === 'string' ? { nomor: row['nomor'] } : {}), ...(typeof id === 'string' ? { reference: id } : {}) }
  }

  #path(name: 'file' | 'dispose', id: string): string {
    return this.#profile.paths[name].replace('{id}', encodeURIComponent(id))
  }

  #json({ body }: CallAnswer): unknown {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    } catch {
      return undefined
    }
  }

  #succeeded(value: unknown): boolean {
    const { field, value: wanted } = this.#profile.answer.success
    return valueAt(value, field) === wanted
  }

  #isNumberTaken(value: unknown): boolean {
    const code = valueAt(value, this.#profile.answer.code)
    return typeof code === 'string' && this.#profile.answer.numberTaken.includes(code)
  }
}

/** The letter of an identity; where two offices use one number, the one the service says comes from that office. */
function findRow(rows: readonly Row[], { office, number, year }: LetterIdentity): Row | undefined {
  const same = rows.filter((row) => {
    try {
      return typeof row['nomor'] === 'string' && readLetterNumber(row['nomor']).key === number && yearOf(row) === year
    } catch {
      return false
    }
  })
  return same.length > 1 ? same.find((row) => row['pengirim'] === office) : same[0]
}

function yearOf(row: Row): number {
  try {
    return typeof row['tanggal'] === 'string' ? Number(readLetterDate(row['tanggal']).slice(0, 4)) : Number.NaN
  } catch {
    return Number.NaN
  }
}

function checkBaseUrl(baseUrl: string, plain: boolean): void {
  const bad = (detail: string): CabutError => new CabutError('transportBaseUrl', { at: 'baseUrl', detail })
  if (!URL.canParse(baseUrl)) throw bad('not an absolute URL: there is no default host')
  const url = new URL(baseUrl)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw bad('neither https nor http')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw bad('credentials, query and fragment do not belong here')
  const loopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(url.hostname)
  if (url.protocol === 'http:' && !loopback && !plain) throw new CabutError('transportPlainHttp', { at: 'baseUrl' })
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
