import type { DerReader } from './reader.js'
import { Tag } from './tags.js'

/** AlgorithmIdentifier of RFC 5280 section 4.1.1.2. */
export interface AlgorithmIdentifier {
  /** Dotted object identifier. */
  readonly oid: string
  /** The parameters element whole (tag, length, content); absent when the field is absent. */
  readonly parameters?: Uint8Array | undefined
  /** The AlgorithmIdentifier itself, whole. */
  readonly der: Uint8Array
}

/**
 * Reads the next element as an AlgorithmIdentifier (RFC 5280 section 4.1.1.2). Throws {@link PkiError}: `der…` codes.
 *
 * @example
 * ```ts
 * const algorithm = readAlgorithm(new DerReader(certificate.signatureAlgorithm.der))
 * algorithm.oid // '1.2.840.113549.1.1.11'
 * toHex(algorithm.parameters ?? new Uint8Array(0)) // '0500'
 * ```
 */
export function readAlgorithm(reader: DerReader, tag: number = Tag.sequence): AlgorithmIdentifier {
  return new ReadAlgorithm(reader, tag)
}

/** Over the octets it was read from; cut out when asked: most are only compared, and most parameters are NULL. */
class ReadAlgorithm implements AlgorithmIdentifier {
  readonly oid: string
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #parameters: number
  readonly #end: number

  constructor(reader: DerReader, tag: number) {
    this.#bytes = reader.bytes
    this.#start = reader.offset
    const inner = reader.enter(tag)
    this.#end = reader.offset
    this.oid = inner.oid()
    this.#parameters = inner.offset
    if (inner.done) return
    inner.skip()
    inner.finish()
  }

  get parameters(): Uint8Array | undefined { return this.#parameters === this.#end ? undefined : this.#bytes.subarray(this.#parameters, this.#end) }
  get der(): Uint8Array { return this.#bytes.subarray(this.#start, this.#end) }
}
