import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { bits, enumerated, explicit, extension, generalized, int, nul, octets, oid, seq, time, tlv } from '../../test/build/der.js'
import { makeOcsp, ocspError } from '../../test/build/ocsp.js'
import { PkiError, pkiErrorTitles } from '../errors.js'
import { maxOcspBytes, readOcspResponse } from './index.js'

const basicType = oid('1.3.6.1.5.5.7.48.1.1')
const wrapped = (basic: Uint8Array, status = 0): Buffer => seq(enumerated(status), explicit(0, seq(basicType, octets(basic))))
const ecdsa = seq(oid('1.2.840.10045.4.3.2'))

interface Plan {
  readonly version?: Buffer
  readonly responder?: Buffer
  readonly producedAt?: Buffer
  readonly singles?: readonly Buffer[]
  readonly extensions?: readonly Buffer[]
  readonly signature?: Buffer
  /** Behind the signature: the certificates. */
  readonly along?: readonly Buffer[]
}
const answer = ({ version, responder = explicit(2, octets(Buffer.alloc(20, 7))), producedAt = generalized(later(0)), singles = [single()], extensions, signature = bits(Buffer.alloc(8, 9)), along = [] }: Plan = {}): Buffer => wrapped(seq(
  seq(...(version === undefined ? [] : [version]), responder, producedAt, seq(...singles), ...(extensions === undefined ? [] : [explicit(1, seq(...extensions))])), ecdsa, signature, ...along,
))

interface Single {
  readonly algorithm?: Buffer
  readonly status?: Buffer
  readonly thisUpdate?: Buffer
  readonly nextUpdate?: Buffer
  readonly extensions?: readonly Buffer[]
}
function single({ algorithm = seq(oid('1.3.14.3.2.26'), nul()), status = tlv(0x80), thisUpdate = generalized(later(0)), nextUpdate, extensions }: Single = {}): Buffer {
  const id = seq(algorithm, octets(Buffer.alloc(20, 1)), octets(Buffer.alloc(20, 2)), int(0x7a1b))
  return seq(id, status, thisUpdate, ...(nextUpdate === undefined ? [] : [explicit(0, nextUpdate)]), ...(extensions === undefined ? [] : [explicit(1, seq(...extensions))]))
}

function refusal(bytes: Uint8Array | string): readonly (string | undefined)[] {
  try {
    readOcspResponse(bytes)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    const detail = /^: (.*?)(?: \(at \d+\))?$/.exec(error.message.slice(pkiErrorTitles[error.code].length))?.[1]
    return detail === undefined ? [error.code] : [error.code, detail]
  }
  return ['read']
}
const critical = (type: string): Buffer => extension(type, nul(), true)
const archiveCutoff = '1.3.6.1.5.5.7.48.1.6'

describe('the shape of an answer (RFC 6960 section 4.2.1)', () => {
  it('all its parts', () => {
    const { basic, status } = readOcspResponse(answer({ version: explicit(0, int(0)), singles: [single(), single({ status: tlv(0xa1, generalized(later(-1))), nextUpdate: generalized(later(1)) })] }))
    expect(status).toBe('successful')
    expect(basic).toMatchObject({ producedAt: later(0), unknownCriticalExtensions: [], signatureAlgorithm: { oid: '1.2.840.10045.4.3.2' }, certificates: [], responderId: { by: 'key' } })
    expect(Buffer.from(basic!.signature)).toEqual(Buffer.alloc(8, 9))
    expect(basic!.responses).toMatchObject([
      { hash: 'SHA-1', serial: '7a1b', status: 'good', thisUpdate: later(0), unknownCriticalExtensions: [] },
      { hash: 'SHA-1', serial: '7a1b', status: 'revoked', revocationTime: later(-1), thisUpdate: later(0), nextUpdate: later(1), unknownCriticalExtensions: [] },
    ])
    const [first] = basic!.responses
    expect([Buffer.from(first!.issuerNameHash), Buffer.from(first!.issuerKeyHash)]).toEqual([Buffer.alloc(20, 1), Buffer.alloc(20, 2)])
    for (const absent of ['reason', 'revocationTime', 'nextUpdate', 'archiveCutoff']) expect(first).not.toHaveProperty(absent)
    expect(basic).not.toHaveProperty('nonce')
  })

  it('the certificates that came along, each time the same', () => {
    const [one, two] = [seq(int(1)), seq(int(2))]
    const { basic } = readOcspResponse(answer({ along: [explicit(0, seq(one, two))] }))
    for (let times = 0; times < 2; times++) expect(basic!.certificates.map((each) => Buffer.from(each))).toEqual([one, two])
  })

  it('a hash function with or without parameters, and one that is not known', () => {
    const hashOf = (algorithm: Buffer): unknown => readOcspResponse(answer({ singles: [single({ algorithm })] })).basic!.responses[0]
    expect(hashOf(seq(oid('1.3.14.3.2.26')))).toHaveProperty('hash', 'SHA-1')
    expect(hashOf(seq(oid('2.16.840.1.101.3.4.2.1'), nul()))).toHaveProperty('hash', 'SHA-256')
    expect(hashOf(seq(oid('1.2.3.4'), nul()))).not.toHaveProperty('hash')
  })

  it('a reason that RFC 5280 does not name is none', () => {
    const reasonOf = (code: number): unknown => readOcspResponse(answer({ singles: [single({ status: tlv(0xa1, generalized(later(-1)), explicit(0, enumerated(code))) })] })).basic!.responses[0]
    expect(reasonOf(1)).toHaveProperty('reason', 'keyCompromise')
    for (const code of [7, 11]) expect(reasonOf(code)).not.toHaveProperty('reason')
  })

  it('critical extensions of an answer and of the response: which are known', () => {
    const unknownOf = (extensions: readonly Buffer[], around: readonly Buffer[] = [critical('1.3.6.1.5.5.7.48.1.9')]): unknown[] => {
      const { basic } = readOcspResponse(answer({ singles: [single({ extensions })], extensions: around }))
      return [basic!.responses[0]!.unknownCriticalExtensions, basic!.unknownCriticalExtensions]
    }
    for (const known of ['1.3.6.1.5.5.7.48.1.3', '2.5.29.21', '2.5.29.24']) expect(unknownOf([critical(known)])).toEqual([[], []])
    expect(unknownOf([extension('1.2.3.4', nul()), critical('1.2.3.5'), critical('1.2.3.6')], [extension('1.2.3.7', nul()), critical('1.2.3.8'), critical('1.2.3.9')])).toEqual([['1.2.3.5', '1.2.3.6'], ['1.2.3.8', '1.2.3.9']])
    const cutoff = readOcspResponse(answer({ singles: [single({ extensions: [extension(archiveCutoff, generalized(later(-9)), true)] })] })).basic!.responses[0]
    expect(cutoff).toMatchObject({ archiveCutoff: later(-9), unknownCriticalExtensions: [] })
  })

  const nonces: [string, Buffer, Buffer][] = [
    ['of 16 octets', octets(Buffer.alloc(16, 4)), Buffer.alloc(16, 4)], ['of 127 octets', octets(Buffer.alloc(127, 5)), Buffer.alloc(127, 5)], ['of 128 octets', octets(Buffer.alloc(128, 5)), Buffer.alloc(128, 5)],
    ['bare', Buffer.alloc(16, 7), Buffer.alloc(16, 7)], ['bare, of one octet', Buffer.from([4]), Buffer.from([4])],
    ['bare, beginning as an OCTET STRING of another length', Buffer.from([4, 3, 1, 2, 3, 4]), Buffer.from([4, 3, 1, 2, 3, 4])],
    ['bare, the second octet by chance its length', Buffer.from([5, 3, 1, 2, 3]), Buffer.from([5, 3, 1, 2, 3])],
    ['bare, with a length longer than needed', Buffer.concat([Buffer.from([4, 0x81, 3]), Buffer.alloc(3, 1)]), Buffer.concat([Buffer.from([4, 0x81, 3]), Buffer.alloc(3, 1)])],
  ]
  it.each(nonces)('a nonce %s (RFC 9654)', (_what, value, nonce) => {
    expect(Buffer.from(readOcspResponse(answer({ extensions: [extension('1.3.6.1.5.5.7.48.1.2', value)] })).basic!.nonce!)).toEqual(nonce)
  })

  it('PEM too; a limit of size for either', () => {
    const der = answer()
    expect(readOcspResponse(`-----BEGIN OCSP RESPONSE-----\n${der.toString('base64')}\n-----END OCSP RESPONSE-----\n`).status).toBe('successful')
    const large = (size: number): Buffer => Buffer.alloc(size, 0x30)
    expect(refusal(large(maxOcspBytes + 1))).toEqual(['ocspTooLarge'])
    expect(refusal(large(maxOcspBytes))[0]).toMatch(/^der/)
    expect(refusal(' '.repeat(2 * maxOcspBytes + 1))).toEqual(['ocspTooLarge'])
    expect(refusal(' '.repeat(2 * maxOcspBytes))).toEqual(['pemMalformed'])
  })

  const table: [string, Buffer, readonly string[]][] = [
    ['an unknown status', seq(enumerated(4)), ['ocspMalformed', 'unknown response status']],
    ['success without an answer', seq(enumerated(0)), ['ocspMalformed', 'successful, but without an answer']],
    ['an answer under an error status', wrapped(Buffer.from([0x30, 0]), 3), ['ocspMalformed', 'an answer under an error status']],
    ['another type', seq(enumerated(0), explicit(0, seq(oid('1.2.3'), octets(nul())))), ['ocspMalformed', 'no basic response']],
    ['another version', answer({ version: explicit(0, int(1)) }), ['ocspMalformed', 'unknown version']],
    ['a version and more', answer({ version: explicit(0, int(0), int(0)) }), ['derTrailing']],
    ['a key hash that is no SHA-1', answer({ responder: explicit(2, octets(Buffer.alloc(19))) }), ['ocspMalformed', 'a key hash is a SHA-1']],
    ['a responder of neither kind', answer({ responder: explicit(3, octets(Buffer.alloc(20))) }), ['derTag']],
    ['good with content', answer({ singles: [single({ status: tlv(0x80, [0]) })] }), ['derNull']],
    ['unknown with content', answer({ singles: [single({ status: tlv(0x82, [0]) })] }), ['derNull']],
    ['a status of no kind', answer({ singles: [single({ status: tlv(0x83) })] }), ['derTag']],
    ['a time of the other kind', answer({ producedAt: time(later(0)) }), ['derTag']],
    ['a thisUpdate of the other kind', answer({ singles: [single({ thisUpdate: time(later(0)) })] }), ['derTag']],
    ['a nextUpdate of the other kind', answer({ singles: [single({ nextUpdate: time(later(0)) })] }), ['derTag']],
    ['a nextUpdate and more', answer({ singles: [single({ nextUpdate: Buffer.concat([generalized(later(0)), nul()]) })] }), ['derTrailing']],
    ['a signature of no whole octets', answer({ signature: bits(Buffer.alloc(8), 1) }), ['derBitString']],
    ['certificates that are none', answer({ along: [explicit(0, seq(seq(), int(1)))] }), ['derTag']],
    ['an extension twice', answer({ extensions: [extension('1.2.3', nul()), extension('1.2.3', nul())] }), ['ocspMalformed', 'the same extension twice']],
    ['an extension of a single answer twice', answer({ singles: [single({ extensions: [extension('1.2.3', nul()), extension('1.2.3', nul())] })] }), ['ocspMalformed', 'the same extension twice']],
  ]
  it.each(table)('refuses %s', (_what, bytes, codes) => {
    expect(refusal(bytes)).toEqual(codes)
  })

  it('a plain array or a Buffer: the same octets', () => {
    const ca = makeParty({ subject: 'CN=CA Contoh', ca: true })
    const der = makeOcsp({ signer: ca, send: [ca], singles: [{ serial: '7a1b', issuer: ca }] })
    const [one, other] = [der, Uint8Array.from(der)].map((bytes) => readOcspResponse(bytes).basic!)
    for (const part of ['tbs', 'signature'] as const) expect(Buffer.from(one![part])).toEqual(Buffer.from(other![part]))
    expect(one!.certificates.map((each) => Buffer.from(each))).toEqual([ca.der])
  })
})

describe('reading OCSP answers', () => {
  const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
  const responder = makeParty({ subject: 'CN=Penjawab Contoh', issuer: ca, purposes: ['1.3.6.1.5.5.7.3.9'], noCheck: true })
  const good = makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca }], nonce: Buffer.alloc(16, 0x5a) })
  const codeOf = (bytes: Uint8Array): string => {
    try {
      readOcspResponse(bytes)
    } catch (error) {
      if (error instanceof PkiError) return error.code
      throw error
    }
    return 'read'
  }

  it('refuses truncation at every octet and trailing octets', () => {
    for (let length = 0; length < good.length; length++) expect(codeOf(good.subarray(0, length)), `length ${length}`).toMatch(/^der/)
    expect(codeOf(Buffer.concat([good, Buffer.from([0])]))).toBe('derTrailing')
  })

  it('refuses success without an answer, an error with one, status 4, other response types', () => {
    expect(codeOf(ocspError(0))).toBe('ocspMalformed')
    expect(codeOf(ocspError(4))).toBe('ocspMalformed')
    expect(codeOf(seq(enumerated(3), explicit(0, seq(tlv(0x06, [0x2a]), octets(Buffer.alloc(1))))))).toBe('ocspMalformed')
    expect(codeOf(seq(enumerated(0), explicit(0, seq(tlv(0x06, [0x2a]), octets(Buffer.alloc(1))))))).toBe('ocspMalformed')
    expect(codeOf(Buffer.from('<html>'))).toBe('derTag')
    expect(codeOf(Buffer.alloc(3_000_000))).toBe('ocspTooLarge')
  })
})
