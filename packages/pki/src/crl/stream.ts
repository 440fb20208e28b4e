import { createDigest, createVerifier, toHex, verifySignature, type LegacyPermission, type SignatureResult } from '../crypto/index.js'
import type { Certificate } from '../certificate/index.js'
import { concatBytes, DerReader, equalBytes, readAlgorithm, type AlgorithmIdentifier } from '../der/index.js'
import { PkiError } from '../errors.js'
import { serialHex } from '../certificate/index.js'
import { sameName } from '../issued-by.js'
import { decodeEntry, locateEntry, type CrlEntry } from './entry.js'
import { gravest } from './gravest.js'
import { maxTailBytes, readCrlHead, readCrlTail, type CrlFacts, type CrlHead } from './head.js'
import { elementSize, maxEntryBytes, scanEntries, viewOf, wantedKeys, type ScanState } from './scan.js'
import { piecesOf, type CrlSource } from './pieces.js'
import { serialContent, serialContents } from './serial.js'

/** A CRL (RFC 5280 section 5) that was read from a stream: its facts, and the entries that were asked for. Judge it like any other CRL. */
export interface StreamedCrl extends CrlFacts {
  /** Number of entries. */
  readonly size: number
  /** Number of octets. */
  readonly byteLength: number
  /** SHA-256 of the octets, lower-case hex; absent when `digest` was false. */
  readonly sha256?: string
  readonly unknownCriticalEntryExtension?: string
  readonly hasForeignEntries: boolean
  /** As of a CRL over bytes, but only for the serial numbers that were asked for: any other is a `TypeError`, since silence is no answer. */
  find(serial: string): CrlEntry | undefined
  /** Every entry of a serial number that was asked for; `TypeError` for any other. */
  findAll(serial: string): readonly CrlEntry[]
  /** Whether this serial number was asked for when the stream was read; of any other the CRL says nothing. */
  lookedFor(serial: string): boolean
  /** How the signature checks against a key; `unsupported` for a key that was not among `signers`. */
  verifiedBy(spki: Uint8Array): SignatureResult
}

/** What {@link readCrlStream} needs to know beforehand, since nothing of the CRL (RFC 5280 section 5) is kept. */
export interface ReadCrlStreamOptions {
  /** Serial numbers to look for, hex. */
  readonly serials: readonly string[]
  /** Certificates that may have signed the CRL; those of another name are ignored. */
  readonly signers: readonly Certificate[]
  /** Also take the SHA-256 of the octets: evidence that is kept needs it, and it costs as much again as the signature. @default true */
  readonly digest?: boolean
  /** Largest accepted CRL, octets. @default 4294967296 (4 GiB) */
  readonly maxBytes?: number
  /** Deprecated algorithms accepted in old evidence. @default [] */
  readonly allow?: readonly LegacyPermission[]
}

/** EdDSA signs the message, not its digest: such CRLs are kept whole up to here. */
const maxKeptBytes = 268_435_456
const maxHeadBytes = 262_144
const edwards = new Set(['1.3.101.112', '1.3.101.113'])

/**
 * Reads a CRL (RFC 5280 section 5.1) in DER from a file or stream in one pass, hashing while it scans: the memory needed does not depend on its size (except for EdDSA, and in
 * browsers, whose WebCrypto cannot hash piecewise). A file is read into two pieces of memory in turn, one filled while the other is hashed and scanned: the
 * fastest way. A byte stream is read into one memory of 256 KiB; an iterable may give its own memory again with each piece, since nothing of a piece is kept. The
 * file is left open. Accepts and refuses what {@link readCrl} does. Throws {@link PkiError} likewise, and what the file or stream throws.
 *
 * @example
 * ```ts
 * // A file goes in likewise: `await open('authority.crl')` of node:fs/promises.
 * const { body } = await network('http://sandbox.cabut.invalid/ca/issuing.crl')
 * const streamed = await readCrlStream(body!, { serials: [revoked.serial], signers: [issuing] })
 * const { verdict } = await judgeCrl(revoked, streamed, { issuer: issuing, at })
 * verdict // 'revoked'
 * streamed.find(certificate.serial) // throws TypeError
 * ```
 */
export async function readCrlStream(source: CrlSource, options: ReadCrlStreamOptions): Promise<StreamedCrl> {
  const pass = new StreamPass(options)
  // `slice` of a Node Buffer shares its memory: only of a plain array does it copy.
  for await (const { buffer, byteOffset, byteLength } of piecesOf(source)) pass.push(new Uint8Array(buffer, byteOffset, byteLength))
  return pass.finish()
}

interface KeyCheck {
  readonly spki: Uint8Array
  update(piece: Uint8Array): void
  verify(signature: Uint8Array): Promise<SignatureResult>
}

interface Found {
  readonly serial: string
  readonly entry: Uint8Array
  readonly issuer: Uint8Array | undefined
}

class StreamPass {
  readonly #options: ReadCrlStreamOptions
  readonly #limit: number
  readonly #digest: ReturnType<typeof createDigest> | undefined
  readonly #wanted: ReadonlySet<string>
  readonly #found: Found[] = []
  readonly #state: ScanState
  #window: Uint8Array = new Uint8Array(0)
  #position = 0
  #head: CrlHead | undefined
  #nextTry = 64
  #held: Uint8Array[] = []
  #heldBytes = 0
  #carry: Uint8Array = new Uint8Array(0)
  #tail: Uint8Array[] = []
  #foreign = false
  #checks: KeyCheck[] = []

  constructor(options: ReadCrlStreamOptions) {
    this.#options = options
    this.#limit = options.maxBytes ?? 4_294_967_296
    this.#digest = options.digest === false ? undefined : createDigest('SHA-256')
    const contents = serialContents(options.serials)
    this.#wanted = new Set(contents.map(serialHex))
    const wanted = wantedKeys(contents)
    this.#state = { count: 0, unknownCritical: undefined, issuerSwitches: [], base: 0, ...(wanted !== undefined && { wanted }), candidate: (at) => this.#keep(at) }
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#digest?.update(chunk)
    if (this.#head !== undefined) {
      this.#consume(chunk)
      return
    }
    this.#held.push(chunk.slice())
    this.#heldBytes += chunk.length
    if (this.#heldBytes >= this.#nextTry) this.#start(false)
  }

  async finish(): Promise<StreamedCrl> {
    if (this.#head === undefined) this.#start(true)
    const head = this.#head!
    if (this.#position < head.end) throw new PkiError('derTruncated', this.#position)
    const tail = concatBytes(this.#tail)
    const facts = readCrlTail(tail, head, head.entriesEnd)
    const results: { spki: Uint8Array; result: SignatureResult }[] = []
    for (const check of this.#checks) results.push({ spki: check.spki, result: await check.verify(facts.signature) })
    const sha256 = this.#digest === undefined ? undefined : toHex(await this.#digest.digest())
    const { count: size, unknownCritical } = this.#state
    const wanted = this.#wanted
    const found = this.#found
    const nameOf = (serial: string): string => {
      const content = serialContent(serial)
      return content === undefined ? serial : serialHex(content)
    }
    const lookedFor = (serial: string): boolean => wanted.has(nameOf(serial))
    const findAll = (serial: string): readonly CrlEntry[] => {
      if (!lookedFor(serial)) throw new TypeError('this serial number was not among those the stream was read for')
      const name = nameOf(serial)
      return found.filter((item) => item.serial === name).map((item) => decodeEntry(item.entry, 0, item.entry.length, item.issuer))
    }
    return {
      ...facts, size, byteLength: head.end, ...(sha256 !== undefined && { sha256 }), hasForeignEntries: this.#foreign,
      ...(unknownCritical !== undefined && { unknownCriticalEntryExtension: unknownCritical }),
      find: (serial) => gravest(findAll(serial)), findAll, lookedFor, verifiedBy: (spki) => results.find((one) => equalBytes(one.spki, spki))?.result ?? 'unsupported',
    }
  }

  /** Tries to read the head from what has come so far. */
  #start(last: boolean): void {
    const bytes = concatBytes(this.#held)
    let head: CrlHead
    try {
      head = readCrlHead(bytes)
    } catch (error) {
      if (last || !(error instanceof PkiError) || error.code !== 'derTruncated' || bytes.length > maxHeadBytes) throw error
      this.#nextTry = bytes.length * 4
      this.#held = [bytes]
      return
    }
    if (head.end > this.#limit) throw new PkiError('crlTooLarge', 0)
    // The head's slices would keep the window alive; they are small.
    this.#head = { ...head, issuerDer: head.issuerDer.slice(), innerAlgorithm: head.innerAlgorithm.slice() }
    this.#held = []
    this.#checks = this.#createChecks(this.#head)
    this.#consume(bytes)
  }

  #createChecks(head: CrlHead): KeyCheck[] {
    const algorithm = readAlgorithm(new DerReader(head.innerAlgorithm))
    const checks: KeyCheck[] = []
    for (const { spki, subject, subjectDer } of this.#options.signers) {
      if (!sameName({ name: subject, der: subjectDer }, { name: head.issuer, der: head.issuerDer }) || checks.some((check) => equalBytes(check.spki, spki))) continue
      const { allow } = this.#options
      const verifier = createVerifier({ algorithm, spki, ...(allow && { allow }) })
      if (verifier !== undefined) checks.push({ spki, update: (piece) => verifier.update(piece), verify: (signature) => verifier.verify(signature) })
      else if (edwards.has(algorithm.oid)) checks.push(new KeptCheck(spki, algorithm))
    }
    return checks
  }

  /** Hashes and scans the next octets. */
  #consume(chunk: Uint8Array): void {
    const head = this.#head!
    const from = this.#position
    const to = from + chunk.length
    if (to > head.end) throw new PkiError('derTrailing', head.end)
    this.#position = to
    const signed = chunk.subarray(Math.min(chunk.length, Math.max(0, head.tbsStart - from)), Math.max(0, Math.min(chunk.length, head.tbsEnd - from)))
    if (signed.length > 0) for (const check of this.#checks) check.update(signed)
    if (from < head.entriesEnd && to > head.entriesStart) {
      this.#scan(chunk, Math.max(0, head.entriesStart - from), Math.min(chunk.length, head.entriesEnd - from), to >= head.entriesEnd, from)
    }
    if (to > head.entriesEnd) {
      if (head.end - head.entriesEnd > maxTailBytes) throw new PkiError('crlTooLarge', head.entriesEnd, 'extensions and signature')
      this.#tail.push(chunk.slice(Math.max(0, head.entriesEnd - from)))
    }
  }

  #scan(chunk: Uint8Array, start: number, end: number, final: boolean, position: number): void {
    let at = start
    // An entry that began in an earlier piece is put together on its own; the rest is scanned in place.
    while (this.#carry.length > 0) {
      const size = elementSize(this.#carry, 0, this.#carry.length)
      if (size > maxEntryBytes) throw new PkiError('crlTooLarge', position, 'one entry')
      const missing = size === 0 ? 1 : size - this.#carry.length
      if (missing > end - at) {
        if (final) throw new PkiError('derTruncated', position + at)
        if (at < end) this.#carry = concatBytes([this.#carry, chunk.subarray(at, end)])
        return
      }
      this.#carry = concatBytes([this.#carry, chunk.subarray(at, at + missing)])
      at += missing
      if (size === 0) continue
      const entry = this.#carry
      this.#carry = new Uint8Array(0)
      this.#run(entry, 0, entry.length, true, position + at - entry.length)
    }
    const left = this.#run(chunk, at, end, final, position)
    if (left < end) this.#carry = chunk.slice(left, end)
  }

  #run(bytes: Uint8Array, start: number, end: number, final: boolean, base: number): number {
    const state = this.#state
    this.#window = bytes
    state.base = base
    const left = scanEntries(bytes, viewOf(bytes), start, end, final, state)
    // Only the issuer in force is needed; a long indirect CRL has many.
    if (state.issuerSwitches.length > 0) {
      this.#foreign = true
      state.issuerSwitches.splice(0, state.issuerSwitches.length - 1)
    }
    return left
  }

  #keep(at: number): void {
    const bytes = this.#window
    const place = locateEntry(bytes, at, bytes.length)
    const serial = serialHex(bytes.subarray(place.serialStart, place.serialEnd))
    if (this.#wanted.has(serial)) this.#found.push({ serial, entry: bytes.slice(at, place.end), issuer: this.#state.issuerSwitches.at(-1)?.names })
  }
}

/** Keeps the signed octets for algorithms that need them whole. */
class KeptCheck implements KeyCheck {
  readonly spki: Uint8Array
  readonly #algorithm: AlgorithmIdentifier
  #pieces: Uint8Array[] | undefined = []
  #size = 0

  constructor(spki: Uint8Array, algorithm: AlgorithmIdentifier) {
    this.spki = spki
    this.#algorithm = algorithm
  }

  update(piece: Uint8Array): void {
    this.#size += piece.length
    if (this.#size > maxKeptBytes) this.#pieces = undefined
    this.#pieces?.push(piece.slice())
  }

  async verify(signature: Uint8Array): Promise<SignatureResult> {
    if (this.#pieces === undefined) return 'unsupported'
    return verifySignature({ algorithm: this.#algorithm, spki: this.spki, signature, data: concatBytes(this.#pieces) })
  }
}
