import { PkiError } from '../errors.js'
import { serialHex, type Certificate } from '../certificate/index.js'
import { readPemOrDer } from '../der/index.js'
import { decodeEntry, locateEntry, type CrlEntry } from './entry.js'
import { readCrlHead, readCrlTail, type CrlFacts, type CrlHead } from './head.js'
import { findEntries, scanEntries, viewOf, wantedKeys, type IssuerSwitch, type ScanState } from './scan.js'
import { buildSerialIndex, type SerialIndex } from './serial-index.js'
import { serialContent, serialContents } from './serial.js'
import { WalkCheck } from './signature.js'
import { gravest } from './gravest.js'

/** A CRL over its own octets, which are not copied: do not change them while it is in use (RFC 5280 section 5). */
export interface Crl extends CrlFacts {
  readonly der: Uint8Array
  /** The signed part, tbsCertList. */
  readonly tbs: Uint8Array
  /** Number of entries. */
  readonly size: number
  /** A critical entry extension that is not understood, if any entry has one: such a CRL proves nothing (RFC 5280 section 5.3). */
  readonly unknownCriticalEntryExtension?: string
  /** True when some entry names another issuer than the CRL's own (RFC 5280 section 5.3.3). */
  readonly hasForeignEntries: boolean
  /**
   * The entry of a serial number, in hex of either case; `TypeError` for text that is no hex, such as one with colons: not finding it would pass for silence.
   * Of several entries, the gravest: revoked before on hold before removed.
   * The first calls walk over the entries; when it pays, an index is built. In an indirect CRL use {@link Crl.findAll} and look at `certificateIssuer`.
   */
  find(serial: string): CrlEntry | undefined
  /** Every entry of a serial number; `TypeError` for text that is no hex. */
  findAll(serial: string): readonly CrlEntry[]
  /** The entries in the order of the CRL, decoded one by one. */
  entries(): Iterable<CrlEntry>
}

/** Options of {@link readCrl} (RFC 5280 section 5.1). */
export interface ReadCrlOptions {
  /** Largest accepted CRL, octets. @default 1073741824 (1 GiB) */
  readonly maxBytes?: number
  /** Serial numbers that will be asked for: found on the one walk that reading takes anyway. Others can be asked for too. @default [] */
  readonly serials?: readonly string[]
  /**
   * Certificates that may have signed the CRL: the signature is then checked on the same walk, which is faster than reading first and checking afterwards, and
   * {@link verifyCrl} and {@link judgeCrl} find the result ready. It says nothing by itself. Browsers check afterwards all the same. @default []
   */
  readonly signers?: readonly Certificate[]
}

/** Octets that are hashed and scanned in turn: they stay in the processor's cache in between. */
const windowBytes = 131_072

/**
 * Reads a CRL (RFC 5280 section 5.1) from DER octets, PEM text or the octets of a PEM file. Structure, entries and extensions are checked here; signature, dates and scope by
 * {@link judgeCrl}. Throws {@link PkiError}: `der…` codes with the offset, `crlMalformed`, `crlTooLarge`, `pemMalformed`.
 *
 * @example
 * ```ts
 * const list = readCrl(crl)
 * list.size // 1
 * list.find('5C01AB7D')?.reason // 'keyCompromise'
 * list.find(certificate.serial) // undefined
 * list.find('5c:01:ab:7d') // throws TypeError
 * readCrl(crl.subarray(0, 300)) // throws derTruncated
 * ```
 */
export function readCrl(input: Uint8Array | string, options: ReadCrlOptions = {}): Crl {
  const limit = options.maxBytes ?? 1_073_741_824
  if (input.length > limit * (typeof input === 'string' ? 1.5 : 1)) throw new PkiError('crlTooLarge', 0)
  const der = readPemOrDer(input, 'X509 CRL')
  if (der.length > limit) throw new PkiError('crlTooLarge', 0)
  const head = readCrlHead(der)
  if (head.end > der.length) throw new PkiError('derTruncated', 0)
  if (head.end < der.length) throw new PkiError('derTrailing', head.end)
  const view = viewOf(der)
  const hints = options.serials === undefined ? undefined : new Hints(options.serials)
  const state: ScanState = {
    count: 0, unknownCritical: undefined, issuerSwitches: [], base: 0,
    ...(hints?.wanted !== undefined && { wanted: hints.wanted, candidate: (at: number) => hints.add(der, at, head.entriesEnd) }),
  }
  const check = options.signers === undefined ? undefined : new WalkCheck(head, options.signers)
  if (check?.isWanted === true) scanAndHash(der, view, head, state, check)
  else scanEntries(der, view, head.entriesStart, head.entriesEnd, true, state)
  const crl = new ByteCrl(der, view, head, readCrlTail(der, head, 0), state, hints)
  check?.finish(crl)
  return crl
}

function scanAndHash(der: Uint8Array, view: DataView, head: CrlHead, state: ScanState, check: WalkCheck): void {
  let at = head.entriesStart
  for (let hashed = head.tbsStart; hashed < head.tbsEnd;) {
    const to = Math.min(hashed + windowBytes, head.tbsEnd)
    check.update(der.subarray(hashed, to))
    hashed = to
    const limit = Math.min(to, head.entriesEnd)
    if (at < limit) at = scanEntries(der, view, at, limit, limit === head.entriesEnd, state)
  }
}

/** Serial numbers looked for while scanning: by their keys, then the number itself. */
class Hints {
  readonly wanted: number | Uint8Array | undefined
  readonly places = new Map<string, number[]>()

  constructor(serials: readonly string[]) {
    const contents = serialContents(serials)
    for (const content of contents) this.places.set(serialHex(content), [])
    this.wanted = wantedKeys(contents)
  }

  add(der: Uint8Array, at: number, limit: number): void {
    const { serialStart, serialEnd } = locateEntry(der, at, limit)
    this.places.get(serialHex(der.subarray(serialStart, serialEnd)))?.push(at)
  }
}

/** Below this many entries a walk is as fast as the index; above, the index pays after this many walks. */
const smallCrl = 512
const walksBeforeIndex = 3

class ByteCrl implements Crl {
  readonly der: Uint8Array
  readonly tbs: Uint8Array
  readonly version!: 1 | 2
  readonly issuer!: Crl['issuer']
  readonly issuerDer!: Uint8Array
  readonly thisUpdate!: Date
  readonly nextUpdate?: Date
  readonly signatureAlgorithm!: Crl['signatureAlgorithm']
  readonly signature!: Uint8Array
  readonly crlNumber?: bigint
  readonly baseCrlNumber?: bigint
  readonly freshestCrl!: Crl['freshestCrl']
  readonly extensions!: Crl['extensions']
  readonly unknownCriticalExtensions!: readonly string[]
  readonly size: number
  readonly unknownCriticalEntryExtension?: string
  readonly hasForeignEntries: boolean
  readonly #view: DataView
  readonly #start: number
  readonly #end: number
  readonly #switches: readonly IssuerSwitch[]
  readonly #hints: ReadonlyMap<string, readonly number[]> | undefined
  #walks = 0
  #index: SerialIndex | undefined

  constructor(der: Uint8Array, view: DataView, head: CrlHead, facts: CrlFacts, state: ScanState, hints: Hints | undefined) {
    Object.assign(this, facts)
    this.#hints = hints?.places
    this.der = der
    this.tbs = der.subarray(head.tbsStart, head.tbsEnd)
    this.size = state.count
    if (state.unknownCritical !== undefined) this.unknownCriticalEntryExtension = state.unknownCritical
    this.hasForeignEntries = state.issuerSwitches.length > 0
    this.#view = view
    this.#start = head.entriesStart
    this.#end = head.entriesEnd
    this.#switches = state.issuerSwitches
  }

  find(serial: string): CrlEntry | undefined {
    return gravest(this.findAll(serial))
  }

  findAll(serial: string): readonly CrlEntry[] {
    const content = serialContent(serial)
    if (content === undefined) throw new TypeError('the serial number is not hexadecimal')
    return this.#places(content).map((place) => this.#decode(place))
  }

  *entries(): Iterable<CrlEntry> {
    for (let at = this.#start; at < this.#end; at = locateEntry(this.der, at, this.#end).end) yield this.#decode(at)
  }

  #places(serial: Uint8Array): readonly number[] {
    const hinted = this.#hints?.get(serialHex(serial))
    if (hinted !== undefined) return hinted
    if (this.#index !== undefined) return this.#index.find(serial)
    if (this.size > smallCrl && ++this.#walks > walksBeforeIndex) {
      this.#index = buildSerialIndex(this.der, this.#view, this.#start, this.#end, this.size)
      return this.#index.find(serial)
    }
    return findEntries(this.der, this.#view, this.#start, this.#end, serial)
  }

  #decode(place: number): CrlEntry {
    return decodeEntry(this.der, place, this.#end, issuerAt(this.#switches, place))
  }
}

/** The certificateIssuer in force at an entry: the last one at or before it (RFC 5280 section 5.3.3). */
function issuerAt(switches: readonly IssuerSwitch[], place: number): Uint8Array | undefined {
  let low = 0
  let high = switches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (switches[middle]!.offset <= place) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : switches[low - 1]!.names
}
