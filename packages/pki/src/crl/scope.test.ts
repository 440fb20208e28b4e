import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan } from '../../test/build/crl.js'
import { directory, dn, explicit, extension, oid, rdn, seq, tlv, uri } from '../../test/build/der.js'
import { judgeCrl, readCrl, type JudgeCrlOptions } from './index.js'
import { coveredReasons } from './scope.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const other = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Lain', ca: true })
const publisher = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Penerbit CRL', usage: [6] })
const at = later(1)

/** DistributionPoint (RFC 5280 section 4.2.1.13) of names, reasons and CRL issuers, each where given. */
interface Point { readonly names?: readonly Buffer[]; readonly relative?: Buffer; readonly reasons?: number; readonly issuer?: readonly Buffer[] }
const encode = ({ names, relative, reasons, issuer }: Point): Buffer => seq(
  ...(names === undefined ? [] : [explicit(0, explicit(0, ...names))]), ...(relative === undefined ? [] : [explicit(0, tlv(0xa1, relative.subarray(2)))]),
  ...(reasons === undefined ? [] : [tlv(0x81, [0], [reasons])]), ...(issuer === undefined ? [] : [tlv(0xa2, ...issuer)]),
)
const subject = (points: readonly Point[], plan: { ca?: boolean } = {}): Party =>
  makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2', ...plan, ...(points.length > 0 && { extensions: [extension('2.5.29.31', seq(...points.map(encode)))] }) })
/** IssuingDistributionPoint (section 5.2.5) of the same parts. */
const scope = ({ names, relative }: Point, indirect = false): Buffer => extension('2.5.29.28', seq(
  ...(names === undefined ? [] : [explicit(0, explicit(0, ...names))]), ...(relative === undefined ? [] : [explicit(0, tlv(0xa1, relative.subarray(2)))]), ...(indirect ? [tlv(0x84, [255])] : []),
), true)
const covered = (certificate: Party, plan: Partial<CrlPlan>): number => coveredReasons(certificate.certificate, readCrl(makeCrl({ issuer: ca, ...plan })))
const all = 0x1fe

describe('the scope of a CRL without distribution point (RFC 5280 section 6.3.3 (b), (d))', () => {
  it.each<[string, readonly Point[], Partial<CrlPlan>, number]>([
    ['of the certificate\'s issuer', [], {}, all],
    ['of the certificate\'s issuer, with a point of its own', [{ names: [uri('http://contoh.test/1.crl')] }], {}, all],
    ['of the certificate\'s issuer, who is named by others', [{ issuer: [directory(publisher.name)] }], {}, all],
    ['of another', [{ names: [uri('http://contoh.test/1.crl')] }], { issuer: other }, 0],
    ['of another, without points', [], { issuer: other }, 0],
    ['of one that is appointed, but says not that it is indirect', [{ issuer: [directory(publisher.name)] }], { issuer: publisher }, 0],
    ['of one that is appointed', [{ issuer: [directory(publisher.name)] }], { issuer: publisher, scope: { indirect: true } }, all],
    ['of one that is appointed second', [{ issuer: [directory(other.name)] }, { issuer: [uri('http://contoh.test/'), directory(publisher.name)] }], { issuer: publisher, scope: { indirect: true } }, all],
    ['of one that is not appointed', [{ issuer: [directory(other.name)] }], { issuer: publisher, scope: { indirect: true } }, 0],
    ['of one that is appointed for some reasons', [{ issuer: [directory(publisher.name)], reasons: 0x60 }], { issuer: publisher, scope: { indirect: true } }, 0b110],
    ['of one that is appointed for some reasons, of which it covers one', [{ issuer: [directory(publisher.name)], reasons: 0x60 }], { issuer: publisher, scope: { indirect: true, reasons: [2, 3] } }, 0b100],
    ['of one that is appointed twice, each time for a reason', [{ issuer: [directory(publisher.name)], reasons: 0x40 }, { issuer: [directory(publisher.name)], reasons: 0x20 }], { issuer: publisher, scope: { indirect: true } }, 0b110],
    ['for all reasons, whatever the point says of the issuer\'s own', [{ names: [uri('http://contoh.test/1.crl')], reasons: 0x40 }], {}, all],
    ['for some reasons', [], { scope: { reasons: [1, 8] } }, 0b100000010],
    ['for a reason that is none (unused)', [], { scope: { reasons: [0] } }, 0],
  ])('%s', (_, points, plan, expected) => expect(covered(subject(points), plan)).toBe(expected))

  it.each<[string, CrlPlan['scope'], number, number]>([
    ['user certificates', { userOnly: true }, all, 0],
    ['CA certificates', { caOnly: true }, 0, all],
    ['attribute certificates', { attributeOnly: true }, 0, 0],
  ])('for %s only', (_, plan, user, authority) => {
    expect([covered(subject([]), { scope: plan! }), covered(subject([], { ca: true }), { scope: plan! })]).toEqual([user, authority])
  })
})

describe('distribution points that must meet (RFC 5280 section 6.3.3 (b) (2) (i))', () => {
  const otherName = (type: string, value: number): Buffer => tlv(0xa0, oid(type), explicit(0, tlv(0x02, [value])))
  const url = uri('http://contoh.test/1.crl')
  const names: readonly (readonly [string, Buffer, Buffer])[] = [
    ['uri', url, uri('http://contoh.test/2.crl')],
    ['dNSName', tlv(0x82, Buffer.from('contoh.test')), tlv(0x82, Buffer.from('lain.test'))],
    ['rfc822Name', tlv(0x81, Buffer.from('crl@contoh.test')), tlv(0x81, Buffer.from('crl@lain.test'))],
    ['directoryName', directory(dn('CN=Bagian 1')), directory(dn('CN=Bagian 2'))],
    ['iPAddress', tlv(0x87, [192, 0, 2, 1]), tlv(0x87, [192, 0, 2, 2])],
    ['registeredID', tlv(0x88, [42, 3]), tlv(0x88, [42, 4])],
    ['otherName', otherName('1.2.3', 1), otherName('1.2.3', 2)],
    ['otherName of another type', otherName('1.2.3', 1), otherName('1.2.4', 1)],
    ['x400Address', tlv(0xa3, [0x30, 0]), tlv(0xa3, [0x31, 0])],
    ['ediPartyName', tlv(0xa5, [0x81, 1, 1]), tlv(0xa5, [0x81, 1, 2])],
  ]
  it.each(names)('%s', (_, name, another) => {
    expect(covered(subject([{ names: [name] }]), { extensions: [scope({ names: [name] })] })).toBe(all)
    expect(covered(subject([{ names: [name] }]), { extensions: [scope({ names: [another] })] })).toBe(0)
    expect(covered(subject([{ names: [another, name] }]), { extensions: [scope({ names: [name] })] })).toBe(all)
    expect(covered(subject([{ names: [name] }]), { extensions: [scope({ names: [another, name] })] })).toBe(all)
    // The same text as a name of another kind is another name.
    for (const [, different] of names) if (different[0] !== name[0]) expect(covered(subject([{ names: [name] }]), { extensions: [scope({ names: [different] })] })).toBe(0)
  })

  it('texts that are alike are names apart when their kinds differ', () => {
    const texts = [0x81, 0x82, 0x86].map((tag) => tlv(tag, Buffer.from('contoh.test')))
    for (const one of texts) for (const two of texts) expect(covered(subject([{ names: [one] }]), { extensions: [scope({ names: [two] })] })).toBe(one === two ? all : 0)
    const octets = [0x87, 0x88].map((tag) => tlv(tag, [42, 3, 4, 5]))
    for (const one of octets) for (const two of octets) expect(covered(subject([{ names: [one] }]), { extensions: [scope({ names: [two] })] })).toBe(one === two ? all : 0)
    const parties = [0xa3, 0xa5].map((tag) => tlv(tag, [0x81, 1, 1]))
    for (const one of parties) for (const two of parties) expect(covered(subject([{ names: [one] }]), { extensions: [scope({ names: [two] })] })).toBe(one === two ? all : 0)
  })

  it('a name relative to the issuer of the CRL stands behind that issuer\'s', () => {
    const part = rdn('CN', 'Bagian 1')
    const whole = directory(seq(...[['C', 'ID'], ['O', 'Otoritas Contoh'], ['CN', 'CA Contoh'], ['CN', 'Bagian 1']].map(([type, value]) => rdn(type!, value!))))
    expect(covered(subject([{ relative: part }]), { extensions: [scope({ relative: part })] })).toBe(all)
    expect(covered(subject([{ names: [whole] }]), { extensions: [scope({ relative: part })] })).toBe(all)
    expect(covered(subject([{ relative: part }]), { extensions: [scope({ names: [whole] })] })).toBe(all)
    expect(covered(subject([{ relative: rdn('CN', 'Bagian 2') }]), { extensions: [scope({ relative: part })] })).toBe(0)
    // Of an appointed issuer: behind the name that appoints it.
    const appointed = subject([{ relative: part, issuer: [uri('http://contoh.test/'), directory(publisher.name)] }])
    expect(covered(appointed, { issuer: publisher, extensions: [scope({ relative: part }, true)] })).toBe(all)
    expect(covered(appointed, { issuer: publisher, extensions: [scope({ names: [whole] }, true)] })).toBe(0)
  })

  it('a point without names is met by the name of who is appointed', () => {
    const appointed = subject([{ issuer: [directory(publisher.name)] }])
    expect(covered(appointed, { issuer: publisher, extensions: [scope({ names: [directory(publisher.name)] }, true)] })).toBe(all)
    expect(covered(appointed, { issuer: publisher, extensions: [scope({ names: [url] }, true)] })).toBe(0)
    expect(covered(subject([{ reasons: 0x40 }]), { extensions: [scope({ names: [url] })] })).toBe(0)
  })

  it('the issuer\'s own name is a point that every certificate has', () => {
    for (const points of [[], [{ names: [url] }]]) {
      expect(covered(subject(points), { extensions: [scope({ names: [uri('http://contoh.test/9.crl'), directory(ca.name)] })] })).toBe(all)
      expect(covered(subject(points), { extensions: [scope({ names: [directory(other.name)] })] })).toBe(0)
      expect(covered(subject(points), { issuer: other, extensions: [scope({ names: [directory(ca.name)] })] })).toBe(0)
    }
  })

  it('an indirect CRL of the issuer itself', () => {
    expect(covered(subject([{ names: [url] }]), { extensions: [scope({ names: [url] }, true)] })).toBe(all)
    expect(covered(subject([{ names: [url], issuer: [directory(ca.name)] }]), { extensions: [scope({ names: [url] }, true)] })).toBe(all)
    expect(covered(subject([{ names: [url], issuer: [directory(publisher.name)] }]), { extensions: [scope({ names: [url] }, true)] })).toBe(0)
  })
})

describe('whose entries they are (RFC 5280 section 5.3.3)', () => {
  const certificate = subject([{ issuer: [directory(publisher.name)] }])
  async function judge(plan: Partial<CrlPlan>, options: Partial<JudgeCrlOptions> = { signers: [publisher.certificate] }): Promise<string> {
    const { verdict, reason } = await judgeCrl(certificate.certificate, readCrl(makeCrl({ issuer: publisher, ...plan })), { issuer: ca.certificate, at, ...options })
    return reason ?? verdict
  }
  const indirect = { indirect: true }
  it.each<[string, Partial<CrlPlan>, string]>([
    ['of the issuer that is named', { scope: indirect, entries: [{ serial: 'a1b2', issuer: ca.name }] }, 'revoked'],
    ['of the issuer that was named last', { scope: indirect, entries: [{ serial: '1', issuer: other.name }, { serial: '2', issuer: ca.name }, { serial: 'a1b2' }, { serial: '3', issuer: other.name }] }, 'revoked'],
    ['of an issuer that was named before another', { scope: indirect, entries: [{ serial: '1', issuer: ca.name }, { serial: '2', issuer: other.name }, { serial: 'a1b2' }] }, 'notRevoked'],
    ['of the issuer of the CRL, while none is named', { scope: indirect, entries: [{ serial: 'a1b2' }, { serial: '1', issuer: ca.name }] }, 'notRevoked'],
    ['of the issuer, who is named among other names', { scope: indirect, entries: [{ serial: 'a1b2', extensions: [extension('2.5.29.29', seq(uri('http://contoh.test/'), directory(ca.name)), true)] }] }, 'revoked'],
    ['of another issuer', { scope: indirect, entries: [{ serial: 'a1b2', issuer: other.name }] }, 'notRevoked'],
    ['of the issuer of the CRL, who is the certificate\'s as well', { issuer: ca, scope: indirect, entries: [{ serial: 'a1b2' }] }, 'revoked'],
    ['in a CRL that is not indirect', { issuer: ca, entries: [{ serial: '1', issuer: ca.name }, { serial: 'a1b2' }] }, 'malformed'],
  ])('%s', async (_, plan, expected) => expect(await judge(plan)).toBe(expected))

  it('an indirect CRL says nothing of certificates that do not appoint its issuer', async () => {
    for (const points of [[], [{ names: [uri('http://contoh.test/1.crl')] }], [{ issuer: [directory(other.name)] }, { reasons: 0x40, names: [uri('http://contoh.test/1.crl')] }], [{ issuer: [uri('http://contoh.test/')] }]]) {
      const crl = readCrl(makeCrl({ issuer: publisher, scope: indirect, entries: [{ serial: 'a1b2', issuer: ca.name }] }))
      expect(await judgeCrl(subject(points).certificate, crl, { issuer: ca.certificate, at, signers: [publisher.certificate] })).toMatchObject({ verdict: 'unknown', reason: 'issuerMismatch' })
    }
  })
})
