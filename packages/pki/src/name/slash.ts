import { hexDigit } from '../crypto/hex.js'
import { PkiError } from '../errors.js'
import { attributeName } from './attributetype.js'
import type { Attribute, Name } from './name.js'
import { TextAttribute, typeOf } from './textattribute.js'
import { decodeUtf8, encodeUtf8 } from './string.js'

/**
 * Reads OpenSSL's slash form, first RDN first. The form escapes only octets outside printable ASCII (`\xC3`), so a `/` inside a value is read as part of
 * it unless a known type and `=` follow; a multi-valued RDN cannot be told from single ones.
 */
export function parseSlash(text: string): Attribute[][] {
  const rdns: Attribute[][] = []
  if (text.trim() === '') return rdns
  if (text.charCodeAt(0) !== 0x2f) throw new PkiError('nameSyntax', 0, 'no / at the start')
  let type: string | undefined
  let valueStart = 0
  const close = (end: number): void => {
    if (type !== undefined) rdns.push([new TextAttribute(type, unescapeSlash(text, valueStart, end))])
  }
  const typeAndEquals = /\/([A-Za-z0-9.-]{1,128})=/y
  for (let at = 0; at < text.length;) {
    if (text.charCodeAt(at) !== 0x2f) {
      const next = text.indexOf('/', at)
      at = next === -1 ? text.length : next
      continue
    }
    typeAndEquals.lastIndex = at
    const spelling = typeAndEquals.exec(text)?.[1]
    const found = spelling === undefined ? undefined : typeOf(spelling)
    if (found === undefined) {
      if (type === undefined) throw new PkiError('nameSyntax', at + 1, 'no attribute type')
      at++
      continue
    }
    close(at)
    type = found
    at += spelling!.length + 2
    valueStart = at
  }
  close(text.length)
  return rdns
}

/** Undoes `\xHH`; the octets are UTF-8. */
function unescapeSlash(text: string, start: number, end: number): string {
  const value = text.slice(start, end)
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 0x20 || unit === 0x7f) throw new PkiError('nameSyntax', start + i, 'an unescaped control character')
  }
  if (!value.includes('\\x')) return value
  return value.replace(/(?:\\x[0-9A-Fa-f]{2})+/g, (run, at: number) => {
    const octets = Uint8Array.from({ length: run.length / 4 }, (_, i) => (hexDigit(run.charCodeAt(4 * i + 2)) << 4) | hexDigit(run.charCodeAt(4 * i + 3)))
    try {
      return decodeUtf8(octets, 0, octets.length)
    } catch {
      throw new PkiError('nameSyntax', start + at, 'escaped octets that are no UTF-8')
    }
  })
}

/** Writes OpenSSL's slash form: every attribute on its own, octets outside printable ASCII as `\xC3`. */
export function formatSlash(name: Name): string {
  let text = ''
  for (const rdn of name.rdns) {
    for (const attribute of rdn) {
      text += `/${attributeName(attribute.type) ?? attribute.type}=`
      for (const octet of encodeUtf8(attribute.value)) {
        text += octet < 0x20 || octet > 0x7e ? `\\x${(octet + 0x100).toString(16).slice(1).toUpperCase()}` : String.fromCharCode(octet)
      }
    }
  }
  return text
}
