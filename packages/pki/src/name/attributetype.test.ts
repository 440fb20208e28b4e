import { describe, expect, it } from 'vitest'
import { attributeName, attributeOid, formatName, parseName } from './index.js'

/** RFC 4514 section 3, RFC 4519, RFC 2985, X.520, and the CA/Browser Forum's jurisdiction types; the first name is the one OpenSSL prints. */
const types: readonly (readonly [oid: string, written: string, read?: readonly string[]])[] = [
  ['2.5.4.3', 'CN', ['commonName']],
  ['2.5.4.4', 'SN', ['surname']],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C', ['countryName']],
  ['2.5.4.7', 'L', ['localityName']],
  ['2.5.4.8', 'ST', ['stateOrProvinceName', 'S', 'SP']],
  ['2.5.4.9', 'street', ['streetAddress']],
  ['2.5.4.10', 'O', ['organizationName']],
  ['2.5.4.11', 'OU', ['organizationalUnitName']],
  ['2.5.4.12', 'title', ['T']],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.16', 'postalAddress'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.18', 'postOfficeBox'],
  ['2.5.4.19', 'physicalDeliveryOfficeName'],
  ['2.5.4.20', 'telephoneNumber'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'GN', ['givenName', 'G']],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.45', 'x500UniqueIdentifier'],
  ['2.5.4.46', 'dnQualifier', ['DNQ']],
  ['2.5.4.51', 'houseIdentifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.72', 'role'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID', ['userId']],
  ['0.9.2342.19200300.100.1.3', 'mail'],
  ['0.9.2342.19200300.100.1.25', 'DC', ['domainComponent']],
  ['1.2.840.113549.1.9.1', 'emailAddress', ['E', 'email']],
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
  ['1.2.840.113549.1.9.8', 'unstructuredAddress'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL', ['jurisdictionLocalityName']],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST', ['jurisdictionStateOrProvinceName']],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC', ['jurisdictionCountryName']],
]

describe('short names of attribute types', () => {
  it('every type is written by its short name and read by all its names in any case', () => {
    for (const [oid, written, read = []] of types) {
      expect(attributeName(oid), oid).toBe(written)
      for (const name of [written, ...read]) {
        const mixed = `${name.slice(0, 1).toLowerCase()}${name.slice(1).toUpperCase()}`
        for (const spelling of [name, name.toLowerCase(), name.toUpperCase(), mixed]) {
          expect(attributeOid(spelling), spelling).toBe(oid)
          expect(parseName(`${spelling}=x`).rdns[0]?.[0]?.type, spelling).toBe(oid)
          expect(parseName(`O=,${spelling} =x`).rdns[0]?.[0], spelling).toMatchObject({ type: oid, value: 'x' })
        }
      }
      expect(formatName(parseName(`${oid}=x`)), oid).toBe(`${written}=x`)
    }
  })
  it('what has no short name has none', () => {
    for (const oid of ['1.2.3.4', '2.5.4', '2.5.4.999', '', 'CN']) expect(attributeName(oid), oid).toBeUndefined()
    for (const name of ['2.5.4.3', 'XYZ', '', ' CN']) expect(attributeOid(name), name).toBeUndefined()
    for (const name of ['X', 'XN', 'XU', 'CX', 'OX', 'CNX']) expect(() => parseName(`${name}=x`), name).toThrow(expect.objectContaining({ code: 'nameSyntax', offset: 0 }) as Error)
  })
  it('OID. stands before a number once, however often a text repeats it', () => {
    expect(parseName('OID.2.5.4.3=x').rdns[0]?.[0]?.type).toBe('2.5.4.3')
    for (const times of [2, 20_000]) {
      expect(() => parseName(`${'OID.'.repeat(times)}2.5.4.3=x`)).toThrow(expect.objectContaining({ code: 'nameSyntax', offset: 0 }) as Error)
    }
    for (const type of ['OID.', 'OID', 'OID.3.1', 'OID.2.5.']) expect(() => parseName(`${type}=x`), type).toThrow(expect.objectContaining({ code: 'nameSyntax' }) as Error)
  })
})
