import { PkiError } from '../../errors.js'

/** Lengths and distances of RFC 1951 section 3.2.5. */
const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const distanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]
const distanceExtra = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** Codes up to this length are found in one step. */
const fastBits = 9

/** A canonical Huffman code: a small table for short codes, the counting walk of RFC 1951 section 3.2.2 for long ones. A hostile block costs little to set up. */
interface Huffman {
  /** Symbol * 16 + length; 0 when the code is longer. */
  readonly fast: Uint16Array
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

/** Undefined for lengths that make no code; an incomplete code is one only when it has a single symbol, and `mayBeSingle` (as zlib reads RFC 1951). */
function buildHuffman(lengths: Uint8Array, mayBeSingle = true): Huffman | undefined {
  const counts = new Uint16Array(16)
  for (const length of lengths) counts[length]!++
  counts[0] = 0
  let left = 1
  for (let length = 1; length < 16; length++) {
    left = left * 2 - counts[length]!
    if (left < 0) return undefined
  }
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  if (left > 0 && longest > 0 && (longest !== 1 || !mayBeSingle)) return undefined
  const offsets = new Uint16Array(17)
  for (let length = 1; length < 16; length++) offsets[length + 1] = offsets[length]! + counts[length]!
  const symbols = new Uint16Array(lengths.length)
  const next = offsets.slice()
  for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol] !== 0) symbols[next[lengths[symbol]!]!++] = symbol
  const fast = new Uint16Array(1 << fastBits)
  let code = 0
  for (let length = 1; length <= fastBits; length++) {
    for (let i = 0; i < counts[length]!; i++, code++) {
      let reversed = 0
      for (let bit = 0; bit < length; bit++) if ((code & (1 << bit)) !== 0) reversed |= 1 << (length - 1 - bit)
      for (let at = reversed; at < fast.length; at += 1 << length) fast[at] = symbols[offsets[length]! + i]! * 16 + length
    }
    code <<= 1
  }
  return { fast, counts, symbols }
}

let fixed: { literals: Huffman; distances: Huffman } | undefined

function fixedCodes(): { literals: Huffman; distances: Huffman } {
  if (fixed === undefined) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280)
    fixed = { literals: buildHuffman(lengths)!, distances: buildHuffman(new Uint8Array(32).fill(5))! }
  }
  return fixed
}

/**
 * Decompresses a zlib stream (RFC 1950, 1951) into at most `limit` octets. Linear in input and output, and the same on every platform; the Adler-32 at the end
 * is not needed, since what matters is covered by signatures. Throws {@link PkiError} `pdfStream` when it is damaged, `pdfTooLarge` when it wants more.
 */
export function inflateZlib(input: Uint8Array, limit: number): Uint8Array {
  const cmf = input[0] ?? 0
  const flags = input[1] ?? 0
  if ((cmf & 15) !== 8 || cmf >> 4 > 7 || (cmf * 256 + flags) % 31 !== 0 || (flags & 32) !== 0) throw new PkiError('pdfStream', 0, 'no zlib header')
  return new Inflater(input, limit).run()
}

class Inflater {
  readonly #input: Uint8Array
  readonly #limit: number
  #at = 2
  #bits = 0
  #held = 0
  #out: Uint8Array
  #size = 0

  constructor(input: Uint8Array, limit: number) {
    this.#input = input
    this.#limit = limit
    this.#out = new Uint8Array(Math.min(limit, Math.max(256, input.length * 4)))
  }

  run(): Uint8Array {
    for (let last = 0; last === 0;) {
      last = this.#take(1)
      const kind = this.#take(2)
      if (kind === 0) this.#stored()
      else if (kind === 1) this.#block(fixedCodes().literals, fixedCodes().distances)
      else if (kind === 2) this.#dynamic()
      else throw this.#damaged()
    }
    return this.#out.subarray(0, this.#size)
  }

  #damaged(): PkiError {
    return new PkiError('pdfStream', this.#at)
  }

  #take(count: number): number {
    while (this.#held < count) {
      if (this.#at >= this.#input.length) throw this.#damaged()
      this.#bits |= this.#input[this.#at++]! << this.#held
      this.#held += 8
    }
    const value = this.#bits & ((1 << count) - 1)
    this.#bits >>>= count
    this.#held -= count
    return value
  }

  #symbol(code: Huffman): number {
    while (this.#held < 15 && this.#at < this.#input.length) {
      this.#bits |= this.#input[this.#at++]! << this.#held
      this.#held += 8
    }
    const quick = code.fast[this.#bits & ((1 << fastBits) - 1)]!
    if (quick !== 0 && (quick & 15) <= this.#held) {
      this.#bits >>>= quick & 15
      this.#held -= quick & 15
      return quick >> 4
    }
    let value = 0
    let first = 0
    let index = 0
    for (let length = 1; length < 16; length++) {
      value |= this.#take(1)
      const count = code.counts[length]!
      if (value - first < count) return code.symbols[index + value - first]!
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw this.#damaged()
  }

  #reserve(count: number): void {
    const needed = this.#size + count
    if (needed > this.#limit) throw new PkiError('pdfTooLarge', this.#at, 'a stream expands beyond the limit')
    if (needed <= this.#out.length) return
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#out.length * 2)))
    grown.set(this.#out.subarray(0, this.#size))
    this.#out = grown
  }

  #stored(): void {
    // Whole octets that were read ahead go back.
    this.#at -= this.#held >> 3
    this.#bits = this.#held = 0
    const input = this.#input
    const at = this.#at
    if (at + 4 > input.length) throw this.#damaged()
    const length = input[at]! | (input[at + 1]! << 8)
    if (length !== (~(input[at + 2]! | (input[at + 3]! << 8)) & 0xffff) || at + 4 + length > input.length) throw this.#damaged()
    this.#reserve(length)
    this.#out.set(input.subarray(at + 4, at + 4 + length), this.#size)
    this.#size += length
    this.#at = at + 4 + length
  }

  #dynamic(): void {
    const literalCount = this.#take(5) + 257
    const distanceCount = this.#take(5) + 1
    const codeCount = this.#take(4) + 4
    if (literalCount > 286 || distanceCount > 30) throw this.#damaged()
    const codeLengths = new Uint8Array(19)
    for (let i = 0; i < codeCount; i++) codeLengths[codeLengthOrder[i]!] = this.#take(3)
    const codes = buildHuffman(codeLengths, false)
    if (codes === undefined) throw this.#damaged()
    const lengths = new Uint8Array(literalCount + distanceCount)
    for (let i = 0; i < lengths.length;) {
      const symbol = this.#symbol(codes)
      if (symbol < 16) {
        lengths[i++] = symbol
        continue
      }
      if (symbol === 16 && i === 0) throw this.#damaged()
      const value = symbol === 16 ? lengths[i - 1]! : 0
      const count = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7)
      if (i + count > lengths.length) throw this.#damaged()
      lengths.fill(value, i, i + count)
      i += count
    }
    const literals = buildHuffman(lengths.subarray(0, literalCount))
    const distances = buildHuffman(lengths.subarray(literalCount))
    if (literals === undefined || distances === undefined || lengths[256] === 0) throw this.#damaged()
    this.#block(literals, distances)
  }

  #block(literals: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(literals)
      if (symbol === 256) return
      if (symbol < 256) {
        if (this.#size === this.#out.length) this.#reserve(1)
        this.#out[this.#size++] = symbol
        continue
      }
      if (symbol > 285) throw this.#damaged()
      const length = lengthBase[symbol - 257]! + this.#take(lengthExtra[symbol - 257]!)
      const distanceSymbol = this.#symbol(distances)
      if (distanceSymbol > 29) throw this.#damaged()
      const distance = distanceBase[distanceSymbol]! + this.#take(distanceExtra[distanceSymbol]!)
      if (distance > this.#size) throw this.#damaged()
      this.#reserve(length)
      const out = this.#out
      for (let from = this.#size - distance, to = this.#size, end = to + length; to < end;) out[to++] = out[from++]!
      this.#size += length
    }
  }
}
