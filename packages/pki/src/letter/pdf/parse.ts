import { PkiError } from '../../errors.js'
import { hexValue } from './filter.js'
import type { PdfDictionary, PdfString, PdfValue } from './value.js'

/** Arrays and dictionaries nest at most this deep. */
const maxDepth = 64

/** 1: white space, 2: delimiter (ISO 32000-1 section 7.2.2). */
const classes = /* @__PURE__ */ (() => {
  const table = new Uint8Array(256)
  for (const space of [0, 9, 10, 12, 13, 32]) table[space] = 1
  for (const delimiter of '()<>[]{}/%') table[delimiter.charCodeAt(0)] = 2
  return table
})()

export function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && classes[byte] === 1
}

/** Reads values from one place forward; never steps back further than one token, so reading is linear. */
export class PdfParser {
  readonly bytes: Uint8Array
  readonly end: number
  /** False for octets that are no part of the file, such as a decoded object stream. */
  readonly inFile: boolean
  at: number

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length, inFile = true) {
    this.bytes = bytes
    this.at = at
    this.end = end
    this.inFile = inFile
  }

  malformed(detail?: string): PkiError {
    return new PkiError('pdfMalformed', this.at, detail)
  }

  skipSpace(): void {
    const { bytes, end } = this
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at]!
      if (byte === 0x25) while (this.at + 1 < end && bytes[this.at + 1] !== 0x0a && bytes[this.at + 1] !== 0x0d) this.at++
      else if (classes[byte] !== 1) return
    }
  }

  /** A run of regular characters, such as a keyword; empty at a delimiter. At most 127 characters. */
  word(): string {
    this.skipSpace()
    const start = this.at
    while (this.at < this.end && classes[this.bytes[this.at]!] === 0) this.at++
    if (this.at - start > 127) throw new PkiError('pdfMalformed', start, 'a token too long')
    return String.fromCharCode(...this.bytes.subarray(start, this.at))
  }

  /** Steps over a keyword; false, and nowhere, when something else follows. */
  accept(keyword: string): boolean {
    this.skipSpace()
    const start = this.at
    for (let i = 0; i < keyword.length; i++) {
      if (start + i >= this.end || this.bytes[start + i] !== keyword.charCodeAt(i)) return false
    }
    const after = this.bytes[start + keyword.length]
    if (start + keyword.length < this.end && classes[after!] === 0) return false
    this.at = start + keyword.length
    return true
  }

  /** A non-negative whole number; undefined, and nowhere, when something else follows. */
  whole(): number | undefined {
    this.skipSpace()
    const start = this.at
    let value = 0
    while (this.at < this.end && this.at - start < 16) {
      const digit = this.bytes[this.at]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      this.at++
    }
    if (this.at === start || (this.at < this.end && classes[this.bytes[this.at]!] === 0) || !Number.isSafeInteger(value)) {
      this.at = start
      return undefined
    }
    return value
  }

  /** The next value; throws `pdfMalformed` for anything else. */
  value(depth = 0): PdfValue {
    const found = this.valueOrWord(depth)
    if (typeof found === 'object' && found !== null && found.kind === 'word') throw this.malformed('no value')
    return found
  }

  /** The next value, or an operator of a content stream. */
  valueOrWord(depth = 0): PdfValue | { readonly kind: 'word'; readonly value: string } {
    if (depth > maxDepth) throw this.malformed('nested too deep')
    this.skipSpace()
    if (this.at >= this.end) throw this.malformed('ends early')
    const byte = this.bytes[this.at]!
    switch (byte) {
      case 0x2f: return { kind: 'name', value: this.#name() }
      case 0x28: return this.#literal()
      case 0x5b: return this.#array(depth)
      case 0x3c: return this.bytes[this.at + 1] === 0x3c && this.at + 1 < this.end ? this.#dictionary(depth) : this.#hex()
      default:
    }
    if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e) return this.#number()
    const start = this.at
    const word = this.word()
    if (word === '') throw new PkiError('pdfMalformed', start, 'a stray delimiter')
    if (word === 'true') return true
    if (word === 'false') return false
    return word === 'null' ? null : { kind: 'word', value: word }
  }

  #number(): PdfValue {
    const start = this.at
    const first = this.whole()
    if (first !== undefined) {
      const back = this.at
      const second = this.whole()
      if (second !== undefined && this.accept('R')) return { kind: 'reference', number: first, generation: second }
      this.at = back
      return first
    }
    const word = this.word()
    if (!/^[+-]{0,2}(?:\d+\.?\d*|\.\d+|\.)(?:-\d*)?$/.test(word)) throw new PkiError('pdfMalformed', start, 'no number')
    const value = Number.parseFloat(word.replace(/^([+-])[+-]/, '$1'))
    return Number.isFinite(value) ? value : 0
  }

  #name(): string {
    this.at++
    const word = this.#rest()
    if (!word.includes('#')) return word
    return word.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }

  /** As {@link word}, without white space before. */
  #rest(): string {
    return this.at < this.end && classes[this.bytes[this.at]!] === 0 ? this.word() : ''
  }

  #literal(): PdfString {
    const start = this.at++
    const { bytes, end } = this
    const out: number[] = []
    for (let depth = 1; ;) {
      if (this.at >= end) throw new PkiError('pdfMalformed', start, 'a string does not end')
      let byte = bytes[this.at++]!
      if (byte === 0x28) depth++
      else if (byte === 0x29) {
        if (--depth === 0) break
      } else if (byte === 0x0d) {
        if (bytes[this.at] === 0x0a) this.at++
        byte = 0x0a
      } else if (byte === 0x5c) {
        const escaped = this.#escape()
        if (escaped !== undefined) out.push(escaped)
        continue
      }
      out.push(byte)
    }
    return { kind: 'string', bytes: Uint8Array.from(out), hex: false, start: this.inFile ? start : -1, end: this.inFile ? this.at : -1 }
  }

  #escape(): number | undefined {
    const { bytes, end } = this
    if (this.at >= end) return undefined
    const byte = bytes[this.at++]!
    if (byte >= 0x30 && byte <= 0x37) {
      let value = byte - 0x30
      for (let i = 0; i < 2 && this.at < end && bytes[this.at]! >= 0x30 && bytes[this.at]! <= 0x37; i++) value = value * 8 + bytes[this.at++]! - 0x30
      return value & 255
    }
    if (byte === 0x0a) return undefined
    if (byte === 0x0d) {
      if (bytes[this.at] === 0x0a) this.at++
      return undefined
    }
    const known = 'nrtbf'.indexOf(String.fromCharCode(byte))
    return known < 0 ? byte : [10, 13, 9, 8, 12][known]
  }

  #hex(): PdfString {
    const start = this.at++
    const { bytes, end } = this
    let close = this.at
    while (close < end && bytes[close] !== 0x3e) close++
    if (close >= end) throw new PkiError('pdfMalformed', start, 'a string does not end')
    const out = new Uint8Array((close - this.at + 1) >> 1)
    let digits = 0
    for (; this.at < close; this.at++) {
      const digit = hexValue(bytes[this.at]!)
      if (digit < 0) {
        if (classes[bytes[this.at]!] === 1) continue
        throw this.malformed('no hex digit')
      }
      out[digits >> 1]! |= digits % 2 === 0 ? digit << 4 : digit
      digits++
    }
    this.at = close + 1
    return { kind: 'string', bytes: out.subarray(0, (digits + 1) >> 1), hex: true, start: this.inFile ? start : -1, end: this.inFile ? this.at : -1 }
  }

  #array(depth: number): PdfValue {
    this.at++
    const items: PdfValue[] = []
    for (;;) {
      this.skipSpace()
      if (this.bytes[this.at] === 0x5d && this.at < this.end) break
      items.push(this.value(depth + 1))
    }
    this.at++
    return { kind: 'array', items }
  }

  #dictionary(depth: number): PdfDictionary {
    this.at += 2
    const entries = new Map<string, PdfValue>()
    for (;;) {
      this.skipSpace()
      if (this.at + 1 < this.end && this.bytes[this.at] === 0x3e && this.bytes[this.at + 1] === 0x3e) break
      if (this.at >= this.end || this.bytes[this.at] !== 0x2f) throw this.malformed('a dictionary key is no name')
      const place = this.at
      const key = this.#name()
      // Two readers may take two different ones of a repeated key; a signed letter must have one meaning.
      if (entries.has(key)) throw new PkiError('pdfMalformed', place, 'a dictionary key twice')
      entries.set(key, this.value(depth + 1))
    }
    this.at += 2
    return { kind: 'dictionary', entries }
  }
}
