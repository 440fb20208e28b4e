import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzSize } from '../../test/support/fuzz.js'
import { encodeElement, encodeOid, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'
import { encodeName, explainDifference, formatName, nameKey, namesMatch, parseName, readName, type Name, type NameForm } from './index.js'

const forms: readonly NameForm[] = ['rfc4514', 'rfc2253', 'rfc1779', 'openssl-oneline', 'openssl-slash']
const oid = fc.constantFrom('2.5.4.3', '2.5.4.6', '2.5.4.10', '2.5.4.11', '2.5.4.13', '2.5.4.5', '1.2.840.113549.1.9.1', '0.9.2342.19200300.100.1.25', '1.2.3.4', '2.999.1')
const odd = fc.constantFrom(' ', '  ', '\\', '"', ',', '+', ';', '#', '<', '>', '=', '/', '\0', '\n', '\x7f', 'é', 'ß', 'İ', '\u0430', '\u0301', '\u202e', '\u200b', '\ue000', '\ufffd', '💡', 'Σ', 'ς', 'a', 'B', '1')
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.array(odd, { maxLength: 8 }).map((parts) => parts.join('')), fc.constantFrom('Ratna Dewi', 'ID', 'Pemerintah Kabupaten Contoh'))

const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value)
const units = (value: string, width: 2 | 4): number[] => (width === 2 ? Array.from({ length: value.length }, (_, i) => value.charCodeAt(i)) : Array.from(value, (c) => c.codePointAt(0)!))
const wide = (value: string, width: 2 | 4): Uint8Array => Uint8Array.from(units(value, width).flatMap((unit) => Array.from({ length: width }, (_, k) => Math.floor(unit / 256 ** (width - 1 - k)) % 256)))
const value = fc.oneof(
  { weight: 4, arbitrary: text.map((t) => encodeElement(Tag.utf8String, utf8(t))) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 10 }).map((octets) => encodeElement(Tag.printableString, Uint8Array.from(octets))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }).map((octets) => encodeElement(Tag.teletexString, octets)) },
  { weight: 1, arbitrary: text.map((t) => encodeElement(Tag.bmpString, wide(t, 2))) },
  { weight: 1, arbitrary: text.map((t) => encodeElement(Tag.universalString, wide(t, 4))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map((octets) => encodeElement(Tag.octetString, octets)) },
)
const pair = fc.tuple(oid, value).map(([type, der]) => encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid(type)!), der))
const compare = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b)
/** Names as DER, SETs sorted. */
const der = fc.array(fc.array(pair, { minLength: 1, maxLength: 3 }), { maxLength: 5 })
  .map((rdns) => encodeElement(Tag.sequence, ...rdns.map((pairs) => encodeElement(Tag.set, ...[...pairs].sort(compare)))))

const fuzz = fuzzSize('names', 2000)

describe('any name', () => {
  it('DER -> name -> DER', () => {
    fc.assert(fc.property(der, (octets) => { expect(encodeName(readName(octets))).toEqual(octets) }), { numRuns: fuzz.cases() })
  })
  it('DER -> lossless text -> DER, in RFC 4514 and RFC 2253 form', () => {
    fc.assert(fc.property(der, fc.constantFrom<NameForm>('rfc4514', 'rfc2253'), (octets, form) => {
      expect(encodeName(parseName(formatName(readName(octets), { form, lossless: true }), { form }))).toEqual(octets)
    }), { numRuns: fuzz.cases() })
  })
  it('DER -> text -> the same values, in every form but the slash', () => {
    fc.assert(fc.property(der, fc.constantFrom<NameForm>('rfc4514', 'rfc2253', 'rfc1779', 'openssl-oneline'), (octets, form) => {
      const values = (name: Name): string[][] => name.rdns.map((rdn) => rdn.map((attribute) => `${attribute.type}=${attribute.value}`).sort())
      const name = readName(octets)
      expect(values(parseName(formatName(name, { form }), { form }))).toEqual(values(name))
    }), { numRuns: fuzz.cases() })
  })
  it('matching is an equivalence that keys and explanations agree with', () => {
    fc.assert(fc.property(der, der, (a, b) => {
      const [left, right] = [readName(a), readName(b)]
      const match = namesMatch(left, right)
      expect(namesMatch(right, left)).toBe(match)
      expect(nameKey(left) === nameKey(right)).toBe(match)
      expect(explainDifference(left, right).every((finding) => finding.kind === 'equivalent')).toBe(match)
      expect(namesMatch(left, readName(a))).toBe(true)
      expect(explainDifference(left, readName(a))).toEqual([])
    }), { numRuns: fuzz.cases() })
  })
  it('RFC 5280 7.1: case and spaces do not count', () => {
    fc.assert(fc.property(fc.array(fc.tuple(oid, fc.string({ unit: fc.constantFrom('a', 'B', ' ', 'é', 'Z', '9', '.'), maxLength: 12 })), { minLength: 1, maxLength: 4 }), (parts) => {
      const build = (change: (t: string) => string): Name => ({ rdns: parts.map(([type, t]) => [{ type, value: change(t), stringType: 'utf8' as const, der: encodeElement(Tag.utf8String, utf8(change(t))) }]) })
      expect(namesMatch(build((t) => t), build((t) => ` ${t.toUpperCase().replace(/ /g, '   ')} `))).toBe(true)
    }), { numRuns: fuzz.cases() })
  })
})

describe('any text', () => {
  const dn = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.oneof(odd, fc.constantFrom('CN=', 'O=', 'OID.2.5.4.3=', '2.5.4.10=', '#0C0161', '\\C3\\A9', '\\', ',', '+', ';')), { maxLength: 14 }).map((parts) => parts.join('')),
  )
  it('parses or gives a PkiError with a place; what parses survives the round trip', () => {
    fc.assert(fc.property(dn, fc.constantFrom(...forms), (input, form) => {
      let name: Name
      try {
        name = parseName(input, { form })
      } catch (error) {
        if (!(error instanceof PkiError)) throw error
        expect(error.offset).toBeTypeOf('number')
        return
      }
      expect(encodeName(parseName(formatName(name, { lossless: true })))).toEqual(encodeName(name))
      expect(namesMatch(parseName(formatName(name)), name)).toBe(true)
    }), { numRuns: fuzz.cases() })
  })
  it('any octets read as a name or give a PkiError', () => {
    fc.assert(fc.property(der, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }), (octets, changes) => {
      const mutated = octets.slice()
      for (const [at, octet] of changes) mutated[at % mutated.length] = octet
      try {
        const name = readName(mutated)
        for (const form of forms) formatName(name, { form })
      } catch (error) {
        if (!(error instanceof PkiError)) throw error
      }
    }), { numRuns: fuzz.cases() })
  })
})
