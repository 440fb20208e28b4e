import { hexDigit } from '../crypto/hex.js'
import { DerReader } from '../der/reader.js'
import { PkiError } from '../errors.js'
import type { NameForm } from './form.js'
import type { Attribute, Name } from './name.js'
import { hexForm } from './read.js'
import { parseSlash } from './slash.js'
import { TextAttribute, typeOf } from './textattribute.js'
import { decodeString, decodeUtf8, stringTypeOfTag } from './string.js'

/** Longest accepted text (UTF-16 code units). */
export const maxNameText = 262_144

/** Options of {@link parseName} (RFC 4514, RFC 2253, RFC 1779). */
export interface ParseNameOptions {
  /**
   * The form of the text.
   * - `rfc4514`: RFC 4514, with optional spaces around separators as RFC 2253 section 4 lets readers accept (in RFC 4514 they could mean nothing else).
   * - `rfc2253`, `rfc1779`: also `;` as separator, values in quotes, `OID.` before a type.
   * - `openssl-oneline`: the same syntax, first RDN first.
   * - `openssl-slash`: `/C=ID/O=Contoh/CN=Ratna Dewi`; a `/` starts an RDN only where a type and `=` follow.
   * @default 'rfc4514'
   */
  readonly form?: NameForm
}

/**
 * Reads a Distinguished Name from text (RFC 4514 section 3). The result is in the order of DER: for all forms but OpenSSL's the last RDN of the text comes first.
 * Short names are read in any case, with their usual aliases; unknown types as dotted OBJECT IDENTIFIER. Linear in the length.
 * Throws {@link PkiError}: `nameSyntax` with the position in the text, `nameTooLarge` beyond 262144 UTF-16 code units; `der…` and `derString` for a bad `#hex` value.
 *
 * @example
 * ```ts
 * parseName('CN=Ratna Dewi\\, S.Kom.,O=Kota Contoh,C=ID').rdns.flat().map(({ value }) => value) // ['ID', 'Kota Contoh', 'Ratna Dewi, S.Kom.']
 * parseName('/C=ID/CN=Ratna Dewi', { form: 'openssl-slash' }).rdns.length // 2
 * parseName('Ratna Dewi') // throws nameSyntax
 * ```
 */
export function parseName(text: string, options: ParseNameOptions = {}): Name {
  if (text.length > maxNameText) throw new PkiError('nameTooLarge', 0)
  const form = options.form ?? 'rfc4514'
  if (form === 'openssl-slash') return { rdns: parseSlash(text) }
  const rdns = new NameParser(text, form !== 'rfc4514').rdns()
  if (form !== 'openssl-oneline') {
    rdns.reverse()
    for (const rdn of rdns) if (rdn.length > 1) rdn.reverse()
  }
  return { rdns }
}

const space = 0x20
const comma = 0x2c
const plus = 0x2b
const semicolon = 0x3b
const quote = 0x22
const backslash = 0x5c
const equals = 0x3d

/**
 * Marks the units that end a plain run inside a value: 1 for what may never stand unescaped (controls, `"` `<` `>`), 2 for separators, 3 for the escape.
 * An array literal so that importing costs nothing.
 */
const stops: Readonly<Record<number, 1 | 2 | 3>> = { 0x22: 1, 0x3c: 1, 0x3e: 1, 0x2c: 2, 0x2b: 2, 0x3b: 2, 0x5c: 3, 0x7f: 1 }
let stopTable: Uint8Array | undefined

function buildStops(): Uint8Array {
  const table = new Uint8Array(128)
  for (let unit = 0; unit < 0x20; unit++) table[unit] = 1
  for (const [unit, stop] of Object.entries(stops)) table[Number(unit)] = stop
  return table
}

class NameParser {
  readonly #text: string
  /** Quotes and `;` are read as RFC 2253 section 4 says. */
  readonly #lenient: boolean
  readonly #stops: Uint8Array
  #at = 0

  constructor(text: string, lenient: boolean) {
    this.#text = text
    this.#lenient = lenient
    this.#stops = stopTable ??= buildStops()
  }

  rdns(): Attribute[][] {
    const rdns: Attribute[][] = []
    this.#spaces()
    if (this.#at === this.#text.length) return rdns
    let rdn: Attribute[] = []
    for (;;) {
      rdn.push(this.#attribute())
      if (this.#at === this.#text.length) {
        rdns.push(rdn)
        return rdns
      }
      // #attribute stops at a separator or the end.
      if (this.#text.charCodeAt(this.#at++) !== plus) {
        rdns.push(rdn)
        rdn = []
      }
      this.#spaces()
    }
  }

  #spaces(): void {
    const text = this.#text
    let at = this.#at
    while (text.charCodeAt(at) === space) at++
    this.#at = at
  }

  #fail(at: number, detail: string): PkiError {
    return new PkiError('nameSyntax', at, detail)
  }

  #attribute(): Attribute {
    const text = this.#text
    const type = this.#type()
    this.#spaces()
    const start = this.#at
    const first = text.charCodeAt(start)
    if (first === 0x23) return this.#hex(type)
    if (first === quote && this.#lenient) return this.#quoted(type)
    // The plain case: no escape up to the separator.
    const table = this.#stops
    const length = text.length
    let at = start
    let stop = 0
    for (; at < length; at++) {
      const unit = text.charCodeAt(at)
      if (unit < 128 && (stop = table[unit]!) !== 0) break
    }
    if (at < length && (stop === 3 || (stop === 1) || text.charCodeAt(at) === semicolon)) return this.#escaped(type, start)
    let end = at
    while (end > start && text.charCodeAt(end - 1) === space) end--
    this.#at = at
    return new TextAttribute(type, text.slice(start, end))
  }

  #type(): string {
    const text = this.#text
    const start = this.#at
    // CN, O, C, OU stand in nearly every name.
    const first = text.charCodeAt(start)
    const second = text.charCodeAt(start + 1)
    if (second === equals) {
      const type = first === 0x43 ? '2.5.4.6' : first === 0x4f ? '2.5.4.10' : first === 0x4c ? '2.5.4.7' : undefined
      if (type !== undefined) {
        this.#at = start + 2
        return type
      }
    } else if (text.charCodeAt(start + 2) === equals) {
      const type = first === 0x43 && second === 0x4e ? '2.5.4.3' : first === 0x4f && second === 0x55 ? '2.5.4.11' : undefined
      if (type !== undefined) {
        this.#at = start + 3
        return type
      }
    }
    let at = start
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const letterOrDigit = (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39)
      if (!letterOrDigit && unit !== 0x2d && unit !== 0x2e) break
    }
    const spelling = text.slice(start, at)
    if (spelling === '') throw this.#fail(start, 'an attribute type is missing')
    this.#at = at
    this.#spaces()
    if (text.charCodeAt(this.#at) !== equals) throw this.#fail(this.#at, 'no = after the attribute type')
    this.#at++
    const type = typeOf(spelling)
    if (type === undefined) throw this.#fail(start, 'an unknown attribute type')
    return type
  }

  /** `#` and the hex of one DER element (RFC 4514 section 2.4). */
  #hex(type: string): Attribute {
    const text = this.#text
    const start = this.#at
    let at = start + 1
    while (at < text.length && hexDigit(text.charCodeAt(at)) >= 0) at++
    const digits = at - start - 1
    if (digits === 0 || digits % 2 !== 0) throw this.#fail(start, '# without whole octets')
    const der = new Uint8Array(digits / 2)
    for (let i = 0; i < der.length; i++) der[i] = (hexDigit(text.charCodeAt(start + 1 + 2 * i)) << 4) | hexDigit(text.charCodeAt(start + 2 + 2 * i))
    this.#at = at
    this.#separator()
    const reader = new DerReader(der)
    const stringType = stringTypeOfTag(reader.next())
    reader.finish()
    const value = stringType === 'other' ? hexForm(der, 0, der.length) : decodeString(der, stringType, reader.contentStart, reader.contentEnd)
    return { type, value, stringType, der }
  }

  /** After a value that ends by itself: spaces, then a separator or the end. */
  #separator(): void {
    this.#spaces()
    const unit = this.#text.charCodeAt(this.#at)
    if (this.#at === this.#text.length || unit === comma || unit === plus || (unit === semicolon && this.#lenient)) return
    throw this.#fail(this.#at, 'no separator after the value')
  }

  #quoted(type: string): Attribute {
    const text = this.#text
    const open = this.#at
    let value = ''
    let from = open + 1
    for (let at = from; at < text.length;) {
      const unit = text.charCodeAt(at)
      if (unit === quote) {
        value += text.slice(from, at)
        this.#at = at + 1
        this.#separator()
        return new TextAttribute(type, value)
      }
      if (unit < 0x20 || unit === 0x7f) throw this.#fail(at, 'an unescaped control character')
      if (unit !== backslash) {
        at++
        continue
      }
      value += text.slice(from, at)
      this.#at = at
      value += this.#escapes()
      at = from = this.#at
    }
    throw this.#fail(open, 'a quote that does not end')
  }

  /** A value with escapes, or with something that may not stand unescaped. */
  #escaped(type: string, start: number): Attribute {
    const text = this.#text
    let value = ''
    let from = start
    let at = start
    // Trailing spaces are dropped, but not those an escape wrote.
    let keep = 0
    for (; at < text.length;) {
      const unit = text.charCodeAt(at)
      const stop = unit < 128 ? this.#stops[unit]! : 0
      if (stop === 3) {
        value += text.slice(from, at)
        this.#at = at
        value += this.#escapes()
        keep = value.length
        at = from = this.#at
        continue
      }
      if (stop === 2) {
        if (unit !== semicolon || this.#lenient) break
        throw this.#fail(at, 'an unescaped ;')
      }
      if (stop === 1) throw this.#fail(at, unit < 0x20 || unit === 0x7f ? 'an unescaped control character' : 'an unescaped " < or >')
      at++
    }
    value += text.slice(from, at)
    this.#at = at
    let end = value.length
    while (end > keep && value.charCodeAt(end - 1) === space) end--
    return new TextAttribute(type, value.slice(0, end))
  }

  /** A run of escapes starting here: one escaped character, or consecutive hex pairs that together are UTF-8 (RFC 4514 section 3, `pair`). */
  #escapes(): string {
    const text = this.#text
    const start = this.#at
    const next = text.charCodeAt(start + 1)
    if (isEscapable(next)) {
      this.#at = start + 2
      return text[start + 1]!
    }
    const octets: number[] = []
    let at = start
    while (text.charCodeAt(at) === backslash) {
      const high = hexDigit(text.charCodeAt(at + 1))
      const low = hexDigit(text.charCodeAt(at + 2))
      if (high < 0 || low < 0) break
      octets.push((high << 4) | low)
      at += 3
    }
    if (octets.length === 0) throw this.#fail(start, 'a \\ that escapes nothing')
    this.#at = at
    try {
      return decodeUtf8(Uint8Array.from(octets), 0, octets.length)
    } catch {
      throw this.#fail(start, 'escaped octets that are no UTF-8')
    }
  }
}

/** RFC 4514 section 3: special = escaped / SPACE / SHARP / EQUALS, and the escape itself. */
function isEscapable(unit: number): boolean {
  return unit === space || unit === quote || unit === 0x23 || unit === plus || unit === comma || unit === semicolon || unit === 0x3c || unit === equals ||
    unit === 0x3e || unit === backslash
}
