import { realpath } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { CabutError } from '@cabut/sdk'
import { sha256Hex, type LetterIdentity } from '../letter/identity.js'
import type { Disposition, Json } from '../letter/letter.js'
import type { ArrivedFile, Delivery, LetterTransport, Sending, SendingFile, SendingStatus, Sent } from '../transport/port.js'
import { Disk, systemCode, type StepHook } from './disk.js'
import { forgetClaim, freeClaimName, isAbandoned, nameClaim, takeOver, type Claim } from './claim.js'
import { findPdf } from './find-pdf.js'
import { checkKey, checkName, isSafeName, stemOf } from './name.js'
import { readExport } from './read-export.js'

/** How a folder is used. */
export interface FolderTransportOptions {
  /** The folder; made when it does not exist. Everybody who may write to its `inbox` may bring letters. */
  readonly folder: string
  /** How long a row waits for its PDF, or a half-written file for its end, in ms. @default 60000 */
  readonly patience?: number
  /** After how long a claim of another machine counts as abandoned, in ms. @default 900000 */
  readonly lease?: number
  /** Largest PDF taken into memory, in octets; a larger one is refused and kept. @default 20971520 */
  readonly pdfLimit?: number
  /** The clock. @default Date.now */
  readonly now?: () => number
  /** Called before every change on disk; for tests of crashes and for tracing. */
  readonly onStep?: StepHook
}

/** Folders below the root. A letter is in exactly one of the first four. */
const places = ['inbox', 'claimed', 'done', 'rejected', 'outbox', 'sent'] as const
type Place = (typeof places)[number]

const rowLimit = 16 * 1024 * 1024
const rowName = 'naskah.json'
const pdfName = 'naskah.pdf'
const originName = 'asal.json'

/**
 * Letters as files: a person (or a share) puts `X.json` (the exported row) and `X.pdf` into `inbox`; answers appear in `outbox`, one folder each,
 * for a person to register and send in Srikandi, who then moves the folder to `sent`.
 *
 * Safe with several processes and against a crash at any moment: a letter is claimed, taken over and settled by single renames, files are
 * flushed before they are named, nothing is ever deleted. What cannot be used lands in `rejected` beside an `alasan.json`.
 *
 * @throws {@link CabutError} `letterNameUnsafe` when a place below the folder (`inbox`, `claimed`, ...) is no folder; TypeError for a negative duration
 * @example
 * ```ts
 * const transport = await createFolderTransport({ folder: await openFolder() })
 * const [delivery] = await transport.fetchNew()
 * delivery?.name // 'surat.json'
 * await delivery?.accept({ taken: true })
 * await transport.fetchNew() // []
 * ```
 */
export async function createFolderTransport(options: FolderTransportOptions): Promise<FolderTransport> {
  const disk = new Disk(options.onStep)
  await disk.ensure(options.folder)
  const root = await realpath(options.folder)
  for (const place of places) {
    await disk.ensure(join(root, place))
    if ((await disk.kind(join(root, place)))?.kind !== 'folder') throw new CabutError('letterNameUnsafe', { at: place, detail: 'not a folder' })
  }
  return new FolderTransport(disk, root, options)
}

/**
 * A folder as a {@link LetterTransport}; made by {@link createFolderTransport}. Its verbs throw `CabutError` `letterNameUnsafe` (a file name that is not
 * bare, or given twice) and TypeError for a key outside `A-Z a-z 0-9 . _ -`; a delivery throws `letterClaimLost` when another process took it over.
 *
 * @example
 * ```ts
 * const transport: FolderTransport = await createFolderTransport({ folder: await openFolder() })
 * const sending = { key: 'jawaban-15', letter: answer.letter, files: [{ name: 'jawaban.pdf', mediaType: 'application/pdf', bytes: pdf }] }
 * const first = await transport.send(sending)
 * first.state // 'waiting'
 * const again = await transport.send(sending)
 * again.repeated // true
 * ```
 */
export class FolderTransport implements LetterTransport {
  readonly #disk: Disk
  readonly #root: string
  readonly #patience: number
  readonly #lease: number
  readonly #pdfLimit: number
  readonly #now: () => number

  /** @internal use {@link createFolderTransport} */
  constructor(disk: Disk, root: string, options: FolderTransportOptions) {
    this.#disk = disk
    this.#root = root
    this.#patience = duration(options.patience, 60_000, 'patience')
    this.#lease = duration(options.lease, 900_000, 'lease')
    this.#pdfLimit = duration(options.pdfLimit, 20 * 1024 * 1024, 'pdfLimit')
    this.#now = options.now ?? Date.now
  }

  async fetchNew({ limit = 20 }: { readonly limit?: number } = {}): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = []
    try {
      await this.#fetchInto(deliveries, limit)
    } catch (error) {
      // What was taken before the disk failed is set free, or taken over after the lease.
      for (const delivery of deliveries) await delivery.release().catch(() => undefined)
      throw error
    }
    return deliveries
  }

  async #fetchInto(deliveries: Delivery[], limit: number): Promise<void> {
    for (const name of await this.#disk.names(this.#at('claimed'))) {
      if (deliveries.length >= limit) return
      const claim = await this.#inherit(name)
      const delivery = claim === undefined ? undefined : await this.#deliver(claim)
      if (delivery !== undefined) deliveries.push(delivery)
    }
    // Exports are taken apart first: their rows join the inbox and are taken in the same call.
    for (const exports of [true, false]) {
      for (const name of await this.#disk.names(this.#at('inbox'))) {
        if (deliveries.length >= limit) return
        if (!/\.(?:json|csv)$/i.test(name) || (exports && !(await this.#isExport(name))) || !(await this.#isReady(name))) continue
        const claim = await this.#claim(name)
        const delivery = claim === undefined ? undefined : await this.#deliver(claim)
        if (delivery !== undefined) deliveries.push(delivery)
      }
    }
  }

  async send({ key, letter, files }: Sending): Promise<Sent> {
    const names = files.map(({ name }, index) => checkName(name, `files[${index}].name`))
    if (new Set(['naskah.json', 'status.json', ...names]).size !== names.length + 2) throw new CabutError('letterNameUnsafe', { at: 'files', detail: 'two files of one name' })
    const repeated = !(await this.#publish(checkKey(key), [...files, { name: rowName, bytes: json(letter) }]))
    return { ...(await this.status(key)), repeated, files: repeated ? await this.#sentFiles(key, files) : files }
  }

  async dispose(key: string, identity: LetterIdentity, disposition: Disposition): Promise<{ readonly repeated: boolean }> {
    return { repeated: !(await this.#publish(`disposisi-${checkKey(key)}`, [{ name: 'disposisi.json', bytes: json({ naskah: identity, disposisi: disposition }) }])) }
  }

  async status(key: string): Promise<SendingStatus> {
    checkKey(key)
    for (const place of ['sent', 'outbox'] as const) {
      const folder = join(this.#at(place), key)
      if ((await this.#disk.kind(folder))?.kind !== 'folder') continue
      const said = await this.#said(join(folder, 'status.json'))
      const state = place === 'sent' ? 'sent' : said['state'] === 'sent' || said['state'] === 'refused' ? said['state'] : 'waiting'
      const text = (name: string): string | undefined => (typeof said[name] === 'string' && said[name] !== '' ? said[name] : undefined)
      const nomor = text('nomor')
      const reference = text('reference')
      return { state, ...(nomor === undefined ? {} : { nomor }), ...(reference === undefined ? {} : { reference }) }
    }
    return { state: 'unknown' }
  }

  /** What lies in the folder of a key under the names given now; a file somebody removed is left out. */
  async #sentFiles(key: string, files: readonly SendingFile[]): Promise<readonly SendingFile[]> {
    const found: SendingFile[] = []
    for (const { name, mediaType } of files) {
      for (const place of ['outbox', 'sent'] as const) {
        const path = join(this.#at(place), key, name)
        if ((await this.#disk.kind(path))?.kind !== 'file') continue
        found.push({ name, mediaType, bytes: await this.#disk.read(path, this.#pdfLimit, name) })
        break
      }
    }
    return found
  }

  /** Files of the inbox that are no letter by themselves (a PDF without a row, a folder), for people to see. They stay where they are. */
  async unattended(): Promise<readonly string[]> {
    return (await this.#disk.names(this.#at('inbox'))).filter((name) => !/\.(?:json|csv)$/i.test(name))
  }

  #at(place: Place): string {
    return join(this.#root, place)
  }

  /** Takes over a claim whose owner is gone. */
  async #inherit(name: string): Promise<Claim | undefined> {
    if (!(await isAbandoned(this.#disk, this.#at('claimed'), name, this.#lease, this.#now()))) return undefined
    const claim = await takeOver(this.#disk, this.#at('claimed'), name)
    if (claim === undefined) return undefined
    try {
      if ((await this.#disk.kind(join(claim.path, rowName))) !== undefined) return claim
      // The owner died before it moved the row: the row is still in the inbox, this folder holds nothing of anybody's.
      await this.#disk.remove(claim.path)
    } catch (error) {
      forgetClaim(claim)
      throw error
    }
    forgetClaim(claim)
    return undefined
  }

  /** Whether the row has everything it needs, or has waited long enough. A file that is still being written is left alone. */
  async #isReady(name: string): Promise<boolean> {
    const path = join(this.#at('inbox'), name)
    const found = await this.#disk.kind(path)
    if (found === undefined) return false
    if (found.kind !== 'file' || !isSafeName(name) || this.#now() - Math.floor(found.changed) >= this.#patience) return true
    try {
      const { rows } = readExport(await this.#disk.read(path, rowLimit, 'row'), name)
      if (rows.length !== 1) return rows.length > 1
      const pdf = await findPdf(this.#disk, this.#at('inbox'), name, rows[0])
      return pdf !== undefined && isWhole(await this.#disk.tail(join(this.#at('inbox'), pdf), 1024))
    } catch {
      return false
    }
  }

  async #isExport(name: string): Promise<boolean> {
    if (/\.csv$/i.test(name)) return true
    try {
      const first = await this.#disk.read(join(this.#at('inbox'), name), rowLimit, 'row')
      return /^\s*\[/.test(new TextDecoder().decode(first.subarray(0, 256)))
    } catch {
      return false
    }
  }

  async #claim(name: string): Promise<Claim | undefined> {
    const safe = isSafeName(name)
    const claim = nameClaim(this.#at('claimed'), safe ? stemOf(name) : `naskah-${(await sha256Hex(new TextEncoder().encode(name))).slice(0, 16)}`)
    try {
      await this.#disk.make(claim.path)
      await this.#disk.write(claim.path, originName, json({ row: name }))
      if (await this.#disk.moveIfThere(join(this.#at('inbox'), name), join(claim.path, rowName))) {
        await this.#disk.sync(claim.path)
        await this.#disk.sync(this.#at('inbox'))
        return claim
      }
    } catch (error) {
      forgetClaim(claim)
      throw error
    }
    forgetClaim(claim)
    await this.#disk.remove(claim.path)
    return undefined
  }

  async #deliver(claim: Claim): Promise<Delivery | undefined> {
    const origin = await this.#said(join(claim.path, originName))
    const name = typeof origin['row'] === 'string' ? origin['row'] : rowName
    const deliver = (parts: Partial<Pick<Delivery, 'row' | 'pdf' | 'problem'>>): Delivery => ({
      id: claim.name, name, row: undefined, ...parts,
      accept: (result) => this.#settle(claim, 'done', 'hasil.json', result),
      reject: (reason) => this.#settle(claim, 'rejected', 'alasan.json', reason.toJSON() as Json),
      release: () => this.#release(claim),
    })
    try {
      if (!isSafeName(name)) throw new CabutError('letterNameUnsafe', { at: 'name' })
      const { rows, many } = readExport(await this.#disk.read(join(claim.path, rowName), rowLimit, 'row'), name)
      if (many) {
        await this.#split(claim, rows)
        return undefined
      }
      const row = rows[0]
      const pdf = await this.#takePdf(claim, name, row)
      return deliver({ row, ...(pdf === undefined ? {} : { pdf }) })
    } catch (error) {
      if (error instanceof CabutError) {
        // What belongs to a row nobody can read stays with it.
        if (error.code === 'letterRowUnreadable') await this.#takePdf(claim, name, undefined).catch(() => undefined)
        return deliver({ problem: error })
      }
      // The disk failed us: nobody holds the claim any more, the next call takes it over.
      forgetClaim(claim)
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async #takePdf(claim: Claim, name: string, row: unknown): Promise<ArrivedFile | undefined> {
    const taken = join(claim.path, pdfName)
    if ((await this.#disk.kind(taken)) === undefined) {
      const found = await findPdf(this.#disk, this.#at('inbox'), name, row)
      if (found === undefined) return undefined
      await this.#disk.write(claim.path, originName, json({ row: name, pdf: found }))
      if (!(await this.#disk.moveIfThere(join(this.#at('inbox'), found), taken))) return undefined
      await this.#disk.sync(claim.path)
    }
    const origin = await this.#said(join(claim.path, originName))
    const bytes = await this.#disk.read(taken, this.#pdfLimit, 'pdf')
    return { name: typeof origin['pdf'] === 'string' ? origin['pdf'] : pdfName, bytes, sha256: await sha256Hex(bytes) }
  }

  /** Puts every row of an export into the inbox as a letter of its own, under a name that a repetition finds again. */
  async #split(claim: Claim, rows: readonly unknown[]): Promise<void> {
    const seen = new Set<string>()
    for (const row of rows) {
      const text = json(row)
      const stem = `${claim.stem.slice(0, 40)}-${(await sha256Hex(new TextEncoder().encode(text))).slice(0, 16)}`
      if (seen.has(stem)) continue
      seen.add(stem)
      await this.#disk.write(this.#at('inbox'), `${stem}.json`, text)
    }
    await this.#settle(claim, 'done', 'hasil.json', { rows: seen.size })
  }

  async #settle(claim: Claim, place: 'done' | 'rejected', file: string, content: Json): Promise<void> {
    try {
      await this.#disk.write(claim.path, file, json({ at: new Date(this.#now()).toISOString(), ...(content as object) }))
      for (let count = 1; ; count += 1) {
        const target = join(this.#at(place), count === 1 ? claim.stem : `${claim.stem}~${count}`)
        if ((await this.#disk.kind(target)) !== undefined) continue
        try {
          await this.#disk.move(claim.path, target)
          break
        } catch (error) {
          // Somebody filled that name meanwhile; an empty folder of that name would have been replaced.
          if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error
        }
      }
    } catch (error) {
      throw systemCode(error) === 'ENOENT' ? new CabutError('letterClaimLost', { cause: error }) : error
    } finally {
      forgetClaim(claim)
    }
    await this.#disk.sync(this.#at(place))
    await this.#disk.sync(this.#at('claimed'))
  }

  async #release(claim: Claim): Promise<void> {
    forgetClaim(claim)
    await this.#disk.moveIfThere(claim.path, join(this.#at('claimed'), freeClaimName(claim.stem)))
  }

  /** Writes a folder of `outbox` whole, once per key. `false`: it is there already, or was sent. */
  async #publish(key: string, files: readonly { readonly name: string; readonly bytes: Uint8Array | string }[]): Promise<boolean> {
    const target = join(this.#at('outbox'), key)
    const there = async (): Promise<boolean> => (await this.#disk.kind(target)) !== undefined || (await this.#disk.kind(join(this.#at('sent'), key))) !== undefined
    if (await there()) return false
    const draft = join(this.#at('outbox'), `.${key}.${process.pid}-${randomBytes(6).toString('hex')}`)
    await this.#disk.make(draft)
    for (const { name, bytes } of files) await this.#disk.write(draft, name, bytes)
    try {
      if (await there()) { await this.#disk.remove(draft); return false }
      await this.#disk.move(draft, target)
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error
      await this.#disk.remove(draft)
      return false
    }
    await this.#disk.sync(this.#at('outbox'))
    return true
  }

  async #said(path: string): Promise<Readonly<Record<string, unknown>>> {
    try {
      const value: unknown = JSON.parse(new TextDecoder().decode(await this.#disk.read(path, 65_536, 'status')))
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
    } catch {
      return {}
    }
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function isWhole(tail: Uint8Array | undefined): boolean {
  return tail !== undefined && new TextDecoder('latin1').decode(tail).includes('%%EOF')
}

function duration(value: number | undefined, fallback: number, name: string): number {
  if (value === undefined) return fallback
  if (!Number.isFinite(value) || value < 0) throw new TypeError(`${name}: a number >= 0 expected`)
  return value
}
