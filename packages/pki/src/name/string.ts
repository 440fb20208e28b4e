import { PkiError } from '../errors.js'
import type { StringType } from './name.js'

/** String type of an identifier octet (RFC 5280 section 4.1.2.4 and IA5String, NumericString, VisibleString). */
export function stringTypeOfTag(tag: number): StringType {
  switch (tag) {
    case 0x0c: return 'utf8'
    case 0x13: return 'printable'
    case 0x14: return 'teletex'
    case 0x1e: return 'bmp'
    case 0x1c: return 'universal'
    case 0x16: return 'ia5'
    case 0x12: return 'numeric'
    case 0x1a: return 'visible'
    default: return 'other'
  }
}

/**
 * Decodes a character string. UTF8String must be well-formed, BMPString and UniversalString of whole units without lone surrogates.
 * The one-octet types are read as Latin-1: the same as ASCII for conforming values, and what OpenSSL does with the others.
 */
export function decodeString(bytes: Uint8Array, type: StringType, start: number, end: number): string {
  switch (type) {
    case 'utf8': return decodeUtf8(bytes, start, end)
    case 'bmp': return decodeUtf16(bytes, start, end)
    case 'universal': return decodeUtf32(bytes, start, end)
    default: return decodeLatin1(bytes, start, end)
  }
}

const chunk = 4096

function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let at = start
  // Eight units a call make one flat string instead of a rope of single characters.
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!, bytes[at + 4]!, bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!)
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at]!)
  return text
}

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let or = 0
  for (let i = start; i < end; i++) or |= bytes[i]!
  if (or < 0x80) return decodeLatin1(bytes, start, end)
  const units: number[] = []
  let text = ''
  for (let i = start; i < end;) {
    const first = bytes[i]!
    let code = first
    let count = 0
    if (first >= 0x80) {
      if (first >= 0xc2 && first <= 0xdf) { count = 1; code = first & 0x1f }
      else if (first >= 0xe0 && first <= 0xef) { count = 2; code = first & 0x0f }
      else if (first >= 0xf0 && first <= 0xf4) { count = 3; code = first & 0x07 }
      else throw new PkiError('derString', i)
      if (i + count >= end) throw new PkiError('derString', i)
      for (let k = 1; k <= count; k++) {
        const next = bytes[i + k]!
        if ((next & 0xc0) !== 0x80) throw new PkiError('derString', i + k)
        code = (code << 6) | (next & 0x3f)
      }
      if ((count === 2 && code < 0x800) || (count === 3 && (code < 0x10000 || code > 0x10ffff)) || (code >= 0xd800 && code <= 0xdfff)) throw new PkiError('derString', i)
    }
    i += count + 1
    pushCodePoint(units, code)
    if (units.length >= chunk) {
      text += String.fromCharCode(...units)
      units.length = 0
    }
  }
  return text + String.fromCharCode(...units)
}

function decodeUtf16(bytes: Uint8Array, start: number, end: number): string {
  if ((end - start) % 2 !== 0) throw new PkiError('derString', start)
  const units: number[] = []
  let text = ''
  for (let i = start; i < end; i += 2) {
    const unit = (bytes[i]! << 8) | bytes[i + 1]!
    if (unit >= 0xd800 && unit <= 0xdfff) {
      // BMPString has no surrogates in X.680, but pairs are met in the field and have one reading; a lone one has none.
      const low = i + 3 < end ? (bytes[i + 2]! << 8) | bytes[i + 3]! : 0
      if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) throw new PkiError('derString', i)
      units.push(unit, low)
      i += 2
    } else units.push(unit)
    if (units.length >= chunk) {
      text += String.fromCharCode(...units)
      units.length = 0
    }
  }
  return text + String.fromCharCode(...units)
}

function decodeUtf32(bytes: Uint8Array, start: number, end: number): string {
  if ((end - start) % 4 !== 0) throw new PkiError('derString', start)
  const units: number[] = []
  let text = ''
  for (let i = start; i < end; i += 4) {
    const code = bytes[i]! * 0x1000000 + ((bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!)
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new PkiError('derString', i)
    pushCodePoint(units, code)
    if (units.length >= chunk) {
      text += String.fromCharCode(...units)
      units.length = 0
    }
  }
  return text + String.fromCharCode(...units)
}

function pushCodePoint(units: number[], code: number): void {
  if (code < 0x10000) units.push(code)
  else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff))
}

/** The UTF-8 octets of well-formed text; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
  }
  const out = new Uint8Array(length)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i)!
    if (code < 0x80) {
      out[at++] = code
      continue
    }
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd
    if (code < 0x800) out[at++] = 0xc0 | (code >> 6)
    else if (code < 0x10000) {
      out[at++] = 0xe0 | (code >> 12)
      out[at++] = 0x80 | ((code >> 6) & 0x3f)
    } else {
      i++
      out[at++] = 0xf0 | (code >> 18)
      out[at++] = 0x80 | ((code >> 12) & 0x3f)
      out[at++] = 0x80 | ((code >> 6) & 0x3f)
    }
    out[at++] = 0x80 | (code & 0x3f)
  }
  return at === length ? out : out.slice(0, at)
}
