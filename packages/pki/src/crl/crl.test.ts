import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl, type EntryPlan } from '../../test/build/crl.js'
import { extension, octets, seq, tlv } from '../../test/build/der.js'
import { PkiError } from '../errors.js'
import { readCrl } from './crl.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })

function codeOf(input: Uint8Array | string): string {
  try {
    readCrl(input)
  } catch (error) {
    if (error instanceof PkiError) return `${error.code} ${error.offset ?? '-'}`
    throw error
  }
  return 'read'
}

describe('reading CRLs (RFC 5280 section 5)', () => {
  it('section 5.1.2: reads dates, number and every entry with reason and invalidity date', () => {
    const entries: EntryPlan[] = [
      { serial: '1', reason: 1, invalidity: later(-9) },
      { serial: '80', date: later(-2) },
      { serial: 'abcdef0123456789abcdef0123456789abcdef01', reason: 6, date: new Date('2049-12-31T23:59:59Z') },
      { serial: 'ffff', date: new Date('2050-01-01T00:00:00Z') },
      { serial: '-1', reason: 0 },
      { serial: '1234', longDate: true, date: new Date('1950-01-01T00:00:00Z') },
    ]
    const crl = readCrl(makeCrl({ issuer: ca, entries, number: 4711 }))
    expect(crl.size).toBe(6)
    expect(crl.crlNumber).toBe(4711n)
    expect([crl.thisUpdate, crl.nextUpdate]).toEqual([later(0), later(7)])
    expect([...crl.entries()]).toEqual([
      { serial: '1', revocationDate: later(-1), reason: 'keyCompromise', invalidityDate: later(-9) },
      { serial: '80', revocationDate: later(-2) },
      { serial: 'abcdef0123456789abcdef0123456789abcdef01', revocationDate: new Date('2049-12-31T23:59:59Z'), reason: 'certificateHold' },
      { serial: 'ffff', revocationDate: new Date('2050-01-01T00:00:00Z') },
      { serial: '-1', revocationDate: later(-1), reason: 'unspecified' },
      { serial: '1234', revocationDate: new Date('1950-01-01T00:00:00Z') },
    ])
    for (const entry of crl.entries()) expect(crl.find(entry.serial)).toEqual(entry)
    expect(crl.find('ABCDEF0123456789ABCDEF0123456789ABCDEF01')?.reason).toBe('certificateHold')
    expect(crl.find('0080')?.revocationDate).toEqual(later(-2))
    expect(crl.find('2')).toBeUndefined()
    for (const text of ['nonsense', 'ab:cd', '0x2', '']) expect(() => crl.find(text)).toThrow(TypeError)
  })

  it('section 5.1.2.5: a CRL without nextUpdate is no empty CRL', () => {
    const crl = readCrl(makeCrl({ issuer: ca, entries: [{ serial: 'a1' }], nextUpdate: null }))
    expect(crl.nextUpdate).toBeUndefined()
    expect(crl.find('a1')).toBeDefined()
  })

  it('section 5.1.2.1: reads a version 1 CRL', () => {
    const crl = readCrl(makeCrl({ issuer: ca, entries: [{ serial: 'a1' }], version1: true }))
    expect([crl.version, crl.crlNumber, crl.size]).toEqual([1, undefined, 1])
  })

  it('of duplicate entries the gravest counts', () => {
    const crl = readCrl(makeCrl({ issuer: ca, entries: [{ serial: 'a', reason: 6 }, { serial: 'a', reason: 1 }, { serial: 'a', reason: 8 }] }))
    expect(crl.find('a')?.reason).toBe('keyCompromise')
    expect(crl.findAll('a')).toHaveLength(3)
  })

  it('indexes on demand with the same answers as the walk', () => {
    const entries = Array.from({ length: 3000 }, (_, i) => ({ serial: (i * 7 + 1).toString(16), reason: i % 3 === 0 ? 4 : undefined })).map(({ serial, reason }) => ({ serial, ...(reason !== undefined && { reason }) }))
    const crl = readCrl(makeCrl({ issuer: ca, entries }))
    for (let round = 0; round < 3; round++) for (const i of [0, 1, 2, 1499, 2998, 2999]) expect(crl.find((i * 7 + 1).toString(16))?.serial).toBe((i * 7 + 1).toString(16))
    for (let i = 0; i < 3000; i++) expect(crl.find((i * 7 + 2).toString(16))).toBeUndefined()
  })

  it('reads PEM text and PEM octets', () => {
    const der = makeCrl({ issuer: ca, entries: [{ serial: 'a1' }] })
    const pem = `-----BEGIN X509 CRL-----\n${der.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END X509 CRL-----\n`
    expect(readCrl(pem).find('a1')).toBeDefined()
    expect(readCrl(Buffer.from(pem)).find('a1')).toBeDefined()
  })

  describe('refuses, with code and place', () => {
    const good = makeCrl({ issuer: ca, entries: [{ serial: '51b2c3', reason: 1 }] })

    it('X.690 10.1: truncation at every octet', () => {
      for (let length = 0; length < good.length; length++) expect(codeOf(good.subarray(0, length)), `length ${length}`).toMatch(/^der(?:Truncated|Tag) /)
    })

    it('trailing octets', () => {
      expect(codeOf(Buffer.concat([good, Buffer.from([0])]))).toBe(`derTrailing ${good.length}`)
    })

    it('X.690 10.1: indefinite and overlong lengths, also in entries', () => {
      const indefinite = Buffer.from(good)
      indefinite[1] = 0x80
      expect(codeOf(indefinite)).toBe('derIndefiniteLength 1')
      const at = good.indexOf(Buffer.from('51b2c3', 'hex')) - 2
      const inEntry = Buffer.from(good)
      inEntry[at - 2 + 1] = 0x80
      expect(codeOf(inEntry)).toBe(`derIndefiniteLength ${at - 1}`)
    })

    it('an entry with a serial number that is not minimal (X.690 8.3.2)', () => {
      const entry = seq(tlv(0x02, [0, 1]), tlv(0x17, Buffer.from('260101000000Z')))
      const bytes = makeCrl({ issuer: ca, entries: [{ serial: '7f' }] })
      // Same length as the written entry plus one: rebuild around it.
      expect(codeOf(replaceEntries(bytes, entry))).toMatch(/^derInteger /)
    })

    it('an entry without date, with a foreign tag, with trailing content', () => {
      for (const entry of [seq(tlv(0x02, [1])), tlv(0x31, tlv(0x02, [1]), tlv(0x17, Buffer.from('260101000000Z'))), seq(tlv(0x02, [1]), tlv(0x17, Buffer.from('260101000000Z')), seq(extension('2.5.29.21', tlv(0x0a, [1]))), tlv(0x05))]) {
        expect(codeOf(replaceEntries(good, entry))).toMatch(/^der(?:Truncated|Tag|Trailing) /)
      }
    })

    it('section 5.3: an entry extension twice, an empty list of them', () => {
      const reason = extension('2.5.29.21', tlv(0x0a, [1]))
      expect(codeOf(replaceEntries(good, seq(tlv(0x02, [1]), tlv(0x17, Buffer.from('260101000000Z')), seq(reason, reason))))).toMatch(/^crlMalformed /)
      expect(codeOf(replaceEntries(good, seq(tlv(0x02, [1]), tlv(0x17, Buffer.from('260101000000Z')), seq())))).toMatch(/^crlMalformed /)
    })

    it('section 5.1.1.2: two different signature algorithms', () => {
      const bytes = Buffer.from(good)
      const oid = Buffer.from('2a8648ce3d040302', 'hex')
      bytes[bytes.lastIndexOf(oid) + 7] = 3
      expect(codeOf(bytes)).toMatch(/^crlMalformed \d+$/)
    })

    it('section 5.2: an extension twice, and extensions in version 1', () => {
      expect(codeOf(makeCrl({ issuer: ca, extensions: [extension('2.5.29.20', tlv(0x02, [9]))] }))).toMatch(/^crlMalformed /)
    })

    it('section 5.2.5: contradicting scopes', () => {
      expect(codeOf(makeCrl({ issuer: ca, scope: { userOnly: true, caOnly: true } }))).toMatch(/^crlMalformed /)
    })

    it('lengths near 2^31 and beyond without reserving memory', () => {
      for (const length of ['84 7f ff ff ff', '84 ff ff ff ff', '86 7f ff ff ff ff ff']) {
        expect(codeOf(Buffer.from(`30${length.replace(/ /g, '')}30`, 'hex'))).toMatch(/^derTruncated /)
      }
    })

    it('what is no CRL at all', () => {
      expect(codeOf(Buffer.alloc(0))).toBe('derTruncated 0')
      expect(codeOf(Buffer.from('<html>blocked</html>'))).toBe('derTag 0')
      expect(codeOf('no pem')).toBe('pemMalformed 0')
      expect(codeOf(octets(Buffer.alloc(300)))).toBe('derTag 0')
      expect(() => readCrl(good, { maxBytes: 10 })).toThrow(expect.objectContaining({ code: 'crlTooLarge' }))
    })
  })
})

/** The CRL with other entries; the signature no longer fits, which the reader does not look at. */
function replaceEntries(crl: Buffer, entries: Buffer): Buffer {
  const { der } = readCrl(crl)
  const parts = children(children(der)[0]!)
  const index = parts.findIndex((part, i) => i > 4 && part[0] === 0x30)
  parts[index] = seq(entries)
  const [, algorithm, signature] = children(der)
  return seq(seq(...parts), algorithm!, signature!)
}

function children(element: Uint8Array): Buffer[] {
  const found: Buffer[] = []
  let at = 2 + (element[1]! < 128 ? 0 : element[1]! & 127)
  while (at < element.length) {
    const first = element[at + 1]!
    const count = first < 128 ? 0 : first & 127
    const length = count === 0 ? first : Buffer.from(element).readUIntBE(at + 2, count)
    found.push(Buffer.from(element.subarray(at, at + 2 + count + length)))
    at += 2 + count + length
  }
  return found
}

it('serial numbers named beforehand are found on the walk, with the same answers', () => {
  const entries = Array.from({ length: 900 }, (_, i) => ({ serial: (i * 3 + 1).toString(16), ...(i % 5 === 0 && { issuer: ca.name }) }))
  const der = makeCrl({ issuer: ca, entries, scope: { indirect: true } })
  const plain = readCrl(der)
  const hinted = readCrl(der, { serials: ['1', '2', '004', 'A00', '9'] })
  for (const serial of ['1', '2', '4', 'a00', '9', '7', 'c']) expect(hinted.findAll(serial)).toEqual(plain.findAll(serial))
  expect(() => readCrl(der, { serials: ['x'] })).toThrow(TypeError)
})
