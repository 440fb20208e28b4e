import { describe, expect, it } from 'vitest'
import { inspectLetter, type LetterOptions, type LetterReport, type LetterSignature } from '../../src/letter/index.js'
import { certificateSha256 } from '../../src/index.js'
import { later, makeParty, type Party } from '../build/certificate.js'
import { explicit, extension, int, oid, seq, tlv } from '../build/der.js'
import { makeKey, type Algorithm } from '../build/keys.js'
import { makeOcsp } from '../build/ocsp.js'
import { attribute, makeAuthority, makeCms, makeToken } from './cms.js'
import { authority, ca, crl, deputy, documentPurpose, head, makeLetter, options, root, rootCrl, signedAt, token, withoutTimestamp, type LetterPlan } from './office.js'
import type { PdfFile } from './pdf.js'

const inspect = (file: PdfFile, more: Partial<LetterOptions> = {}): Promise<LetterReport> => inspectLetter(file.bytes, { ...options, ...more })
const first = async (file: PdfFile, more: Partial<LetterOptions> = {}): Promise<LetterSignature> => (await inspect(file, more)).signatures[0]!
const codes = ({ problems }: { problems: readonly { code: string }[] }): string[] => problems.map(({ code }) => code)
const say = async (plan: LetterPlan, more: Partial<LetterOptions> = {}): Promise<string> => {
  const signature = await first(makeLetter(plan), more)
  return [signature.integrity, ...codes(signature)].join(' ')
}

describe('ISO 32000-1 12.8: a signed letter', () => {
  it.each(['table', 'stream'] as const)('is intact, with signer, proven time, level, and nothing after it (cross-reference %s)', async (style) => {
    const report = await inspect(makeLetter({ style, signingTime: later(1.01) }))
    expect(report).toMatchObject({ kind: 'signed', pages: 1, images: 0, problems: [], emptyFields: [], documentTimestamps: [] })
    expect(report.signatures).toHaveLength(1)
    const [signature] = report.signatures
    expect(signature).toMatchObject({
      field: 'Tanda tangan 1', subFilter: 'ETSI.CAdES.detached', integrity: 'intact', coversWholeFile: true, level: 'B-T', problems: [],
      afterwards: { octets: 0, changes: [], contentChanged: false }, signer: { standing: 'good' }, when: { claimed: later(1.01), proven: { time: signedAt, by: 'signatureTimestamp' } },
    })
    expect(signature!.signer!.chain.map(({ serial }) => serial)).toEqual([head, ca, root].map(({ certificate }) => certificate.serial))
    expect(await certificateSha256(signature!.when.proven!.authority)).toBe(await certificateSha256(authority.certificate))
  })

  it('misuse is a TypeError', async () => {
    await expect(inspect(makeLetter(), { anchors: [] as never })).rejects.toThrow(TypeError)
    await expect(inspect(makeLetter(), { at: new Date(Number.NaN) })).rejects.toThrow(TypeError)
    await expect(inspect(makeLetter(), { maxAge: Number.NaN })).rejects.toThrow(TypeError)
  })
})

describe('RFC 5652: algorithms', () => {
  const signerOf = (algorithm: Algorithm): Party => makeParty({ subject: `CN=Pegawai ${algorithm}`, issuer: ca, algorithm, extensions: [documentPurpose] })
  it.each([['rsa-sha256', 'sha256'], ['rsa-sha384', 'sha384'], ['rsa-pss', 'sha256'], ['p256', 'sha256'], ['p384', 'sha384'], ['p521', 'sha512'], ['ed25519', 'sha512']] as const)('%s with %s', async (algorithm, hash) => {
    expect(await say({ signer: signerOf(algorithm), hash })).toBe('intact')
    expect(await say({ signer: signerOf(algorithm), hash, spoil: true })).toBe('broken signatureInvalid')
  })
  it('RFC 3370 3.2: rsaEncryption takes its hash from digestAlgorithm', async () => {
    expect(await say({ signatureAlgorithm: seq(oid('1.2.840.113549.1.1.1'), tlv(0x05)) })).toBe('intact')
  })
  it('without signed attributes', async () => {
    expect(await say({ bare: true, sign: { subFilter: 'adbe.pkcs7.detached' } })).toBe('intact')
    expect(await say({ bare: true, spoil: true })).toBe('broken signatureInvalid')
  })
  it('an unknown algorithm is unsupported, SHA-1 too unless allowed by name', async () => {
    expect(await say({ signatureAlgorithm: seq(oid('1.2.3.4')) })).toBe('unsupported algorithmUnsupported')
    const legacy = signerOf('rsa-sha1')
    expect(await say({ signer: legacy, hash: 'sha1' })).toMatch(/^unsupported algorithmUnsupported/)
    expect(await say({ signer: legacy, hash: 'sha1' }, { allow: [{ legacy: 'SHA-1' }] })).toBe('intact')
  })
})

describe('RFC 5652 11 and RFC 5035: signed attributes', () => {
  it('a message digest of something else', async () => expect(await say({ digest: Buffer.alloc(32, 7) })).toBe('broken digestMismatch'))
  it('another content type', async () => expect(await say({ contentType: '1.2.840.113549.1.9.16.1.4' })).toBe('broken contentTypeMismatch'))
  it('content inside instead of detached', async () => expect(await say({ attached: true })).toBe('broken contentTypeMismatch'))
  it('two signers', async () => expect(await say({ extraSigner: true })).toBe('broken signerCount'))
  it('the certificate is not sent, and not known', async () => {
    expect(await say({ certificates: [ca] })).toBe('broken signerCertificateMissing')
    expect(await say({ certificates: [ca] }, { intermediates: [ca.der, head.der] })).toBe('intact')
  })
  it('ESS: another certificate for the same key is not what was signed', async () => {
    const twin = makeParty({ subject: 'CN=Orang Lain,O=Kota Contoh,C=ID', issuer: ca, serial: 'a1b2', key: head.key, extensions: [documentPurpose] })
    expect(await say({ signer: head, certificates: [twin, ca], sidOf: twin })).toBe('broken essMismatch')
    expect(await say({ essOf: deputy })).toBe('broken essMismatch')
    expect(await say({ ess: 'v1', essOf: deputy })).toBe('broken essMismatch')
    expect(await say({ ess: 'v1' })).toBe('intact')
  })
  it('without ESS the level is only cms', async () => expect((await first(makeLetter({ ess: 'none' }))).level).toBe('cms'))
  it('a signature by another key', async () => expect(await say({ key: makeKey('rsa-sha256') })).toBe('broken signatureInvalid'))
  it('RFC 6211: algorithm protection must fit', async () => {
    const protection = (signature: string): Buffer => attribute('1.2.840.113549.1.9.52', seq(seq(oid('2.16.840.1.101.3.4.2.1')), tlv(0xa1, oid(signature), tlv(0x05))))
    expect(await say({ signed: [protection('1.2.840.113549.1.1.11')] })).toBe('intact')
    expect(await say({ signed: [protection('1.2.840.113549.1.1.12')] })).toBe('broken algorithmMismatch')
  })
  it('an attribute twice', async () => expect(await say({ signed: [attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1'))] })).toBe('broken cmsMalformed'))
  it('a certificate that is not for signatures stands for nothing', async () => {
    const wrong = makeParty({ subject: 'CN=Kunci Sandi', issuer: ca, usage: [2], extensions: [documentPurpose] })
    const signature = await first(makeLetter({ signer: wrong }))
    expect([signature.integrity, signature.signer!.standing, ...codes(signature)]).toEqual(['intact', 'unknown', 'keyUsage'])
  })
  it('kinds of signature that are not supported', async () => {
    expect(await say({ sign: { subFilter: 'adbe.x509.rsa_sha1' } })).toBe('unsupported subFilterUnsupported')
    expect(await say({ sign: { subFilter: 'adbe.pkcs7.sha1' } })).toBe('unsupported subFilterUnsupported')
  })
})

describe('who: up to the pinned anchor', () => {
  it('a stranger is intact, and nobody', async () => {
    const other = makeParty({ subject: 'CN=Akar Lain', ca: true })
    const stranger = makeParty({ subject: 'CN=Ratna Pertiwi,O=Kota Contoh,C=ID', issuer: other, serial: 'a1b2' })
    const signature = await first(makeLetter({ signer: stranger, certificates: [stranger, other] }))
    expect([signature.integrity, signature.signer!.standing, signature.signer!.status.reason]).toEqual(['intact', 'unknown', 'issuerNotPinned'])
  })
  it('a critical purpose that is not for documents', async () => {
    const server = makeParty({ subject: 'CN=Peladen', issuer: ca, extensions: [extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.1')), true)] })
    const signature = await first(makeLetter({ signer: server }))
    expect([signature.integrity, signature.signer!.standing]).toEqual(['intact', 'unknown'])
  })
  it('without evidence the standing is unknown, never good', async () => {
    expect((await first(makeLetter(), { crls: [] })).signer!.standing).toBe('unknown')
  })
})

describe('RFC 3161: when, claimed and proven', () => {
  const when = async (plan: LetterPlan, more: Partial<LetterOptions> = {}): Promise<string> => {
    const { when: { proven }, problems } = await first(makeLetter(plan), more)
    return [proven?.time.toISOString() ?? 'claimed only', ...problems.map(({ code }) => code)].join(' ')
  }
  it('without a timestamp the time is claimed only', async () => {
    const signature = await first(withoutTimestamp({ sign: { entries: "/M (D:20260102070000+07'00')" } }))
    expect(signature.when).toEqual({ claimed: later(1) })
    expect(signature).toMatchObject({ level: 'B-B', signer: { standing: 'good' } })
  })
  it('a token over other data', async () => expect(await when({ timestamp: (signature) => token()(Buffer.concat([signature, Buffer.from('x')])) })).toBe('claimed only timestampImprint'))
  it('a token whose signature does not hold', async () => expect(await when({ timestamp: token({ cms: { spoil: true } }) })).toBe('claimed only timestampSignature'))
  it('a token that binds no certificate (RFC 3161 2.4.1)', async () => expect(await when({ timestamp: token({ cms: { ess: 'none' } }) })).toBe('claimed only timestampSignature'))
  it('no token at all', async () => expect(await when({ timestamp: () => Buffer.from('3000', 'hex') })).toBe('claimed only timestampMalformed'))
  it('a fraction of a second; trailing zeros are no DER', async () => {
    expect(await when({ timestamp: token({ fraction: '.25' }) })).toBe('2026-01-02T00:00:00.250Z')
    expect(await when({ timestamp: token({ fraction: '.250' }) })).toBe('claimed only timestampMalformed')
  })
  it.each([['not critical', extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.8')))], ['not alone', extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.8'), oid('1.3.6.1.5.5.7.3.3')), true)], ['another purpose', extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.9')), true)]])('RFC 3161 2.3: the purpose is %s', async (_, usage) => {
    expect(await when({ timestamp: token({ authority: makeAuthority({ issuer: ca }, usage) }) })).toBe('claimed only timestampPurpose')
  })
  it('an authority under another root, or of its own', async () => {
    const other = makeParty({ subject: 'CN=Akar Lain', ca: true })
    const stranger = makeAuthority({ issuer: other })
    expect(await when({ timestamp: token({ authority: stranger, certificates: [stranger, other] }) })).toBe('claimed only timestampPath')
    expect(await when({ timestamp: token({ authority: stranger, certificates: [stranger, other] }) }, { timestampAnchors: [other.der] })).toMatch(/^2026-01-02T00:00:00.000Z/)
  })
  it('an authority that had expired, and a time in the future', async () => {
    expect(await when({ timestamp: token({ authority: makeAuthority({ issuer: ca, notAfter: later(0.5) }) }) })).toBe('claimed only timestampPath')
    expect(await when({ timestamp: token({ at: later(11) }) })).toBe('claimed only timestampPath')
  })
  it('an authority that has expired since is told', async () => {
    const short = makeAuthority({ issuer: ca, notAfter: later(5) })
    expect(await when({ timestamp: token({ authority: short }) })).toMatch(/^2026-01-02.* timestampExpired$/)
  })
  it('RFC 3161 4: a revoked authority counts only for reasons that leave its old tokens sound', async () => {
    const revoked = (reason: number | undefined, date: Date): Partial<LetterOptions> => ({ crls: [rootCrl, crl({ thisUpdate: later(9), entries: [{ serial: 'd00d', date, ...(reason !== undefined && { reason }) }] })] })
    expect(await when({}, revoked(4, later(5)))).toBe('2026-01-02T00:00:00.000Z')
    expect(await when({}, revoked(1, later(5)))).toBe('claimed only timestampRevoked')
    expect(await when({}, revoked(undefined, later(5)))).toBe('claimed only timestampRevoked')
    expect(await when({}, revoked(4, later(0.5)))).toBe('claimed only timestampRevoked')
  })
  it('an authority of unknown status proves, with a remark', async () => {
    expect(await when({}, { crls: [] })).toBe('2026-01-02T00:00:00.000Z timestampStatusUnknown')
  })
  it('claims are compared with what is proven and with the certificate', async () => {
    expect(await when({ signingTime: later(1.005) })).toBe('2026-01-02T00:00:00.000Z')
    expect(await when({ signingTime: later(3) })).toBe('2026-01-02T00:00:00.000Z claimedAfterProven')
    expect(await when({ signingTime: later(-40) })).toBe('2026-01-02T00:00:00.000Z claimedOutsideValidity')
    expect(await when({ signingTime: later(1), sign: { entries: '/M (D:20260105000000Z)' } })).toBe('2026-01-02T00:00:00.000Z signingTimeMismatch')
  })
})

describe('before or after the revocation: by the timestamp alone', () => {
  const revoked = (date: Date, extra: { reason?: number; invalidity?: Date } = {}): Partial<LetterOptions> => ({ crls: [rootCrl, crl({ thisUpdate: later(9), entries: [{ serial: 'a1b2', date, ...extra }] })] })
  const standing = async (file: PdfFile, more: Partial<LetterOptions>): Promise<string> => (await first(file, more)).signer!.standing
  it('revoked after the proven time', async () => {
    expect(await standing(makeLetter(), revoked(later(2)))).toBe('revokedAfter')
    // Whatever the signer claims.
    expect(await standing(makeLetter({ signingTime: later(4) }), revoked(later(2)))).toBe('revokedAfter')
  })
  it('revoked before the proven time, or at it', async () => {
    expect(await standing(makeLetter({ signingTime: later(0.1) }), revoked(later(0.5)))).toBe('revokedBefore')
    expect(await standing(makeLetter(), revoked(signedAt))).toBe('revokedBefore')
  })
  it('without a timestamp no claim makes it earlier', async () => {
    expect(await standing(withoutTimestamp({ signingTime: later(1) }), revoked(later(2)))).toBe('revoked')
  })
  it('the key was known to be lost before (RFC 5280 5.3.2)', async () => {
    expect(await standing(makeLetter(), revoked(later(2), { reason: 1, invalidity: later(0.5) }))).toBe('revokedBefore')
  })
  it('on hold', async () => {
    expect(await standing(makeLetter(), { crls: [rootCrl, crl({ entries: [{ serial: 'a1b2', reason: 6 }] })] })).toBe('suspended')
  })
  it('expired since, with a proven time inside the validity: good by the evidence of that time', async () => {
    const short = makeParty({ subject: 'CN=Purna Tugas', issuer: ca, serial: 'c3d4', notAfter: later(3), extensions: [documentPurpose] })
    expect(await standing(makeLetter({ signer: short }), {})).toBe('good')
    expect(await standing(withoutTimestamp({ signer: short, signingTime: later(1) }), {})).toBe('expired')
  })
  it('expired at the proven time', async () => {
    const short = makeParty({ subject: 'CN=Purna Tugas', issuer: ca, notAfter: later(0.5), extensions: [documentPurpose] })
    const signature = await first(makeLetter({ signer: short, signingTime: later(0.1) }))
    expect([signature.integrity, signature.signer!.standing]).toEqual(['intact', 'expired'])
    expect(codes(await first(withoutTimestamp({ signer: short, signingTime: later(1) })))).toContain('claimedOutsideValidity')
  })
  it('evidence made a while after the signature shows that it was not revoked then', async () => {
    const evidence = { crls: [makeRootCrl(later(4)), crl({ thisUpdate: later(4), nextUpdate: later(5) })] }
    expect(await standing(makeLetter(), evidence)).toBe('good')
  })
})

const makeRootCrl = (thisUpdate: Date): Buffer => crl({ issuer: root, thisUpdate, nextUpdate: later(900) })

describe('ETSI EN 319 142-1: evidence inside the file', () => {
  const stored = (): PdfFile => makeLetter().addStore({ certificates: [ca.der, root.der], crls: [rootCrl, crl()] })
  const alone = { crls: [], intermediates: [] }
  it('a DSS: long-term, and no change of content', async () => {
    const signature = await first(stored(), alone)
    expect(signature).toMatchObject({ level: 'B-LT', coversWholeFile: false, signer: { standing: 'good' }, afterwards: { contentChanged: false } })
    expect(signature.afterwards.changes.map(({ code }) => code)).toEqual(['evidence'])
  })
  it('a revocation listed in the DSS counts', async () => {
    const file = makeLetter().addStore({ certificates: [ca.der], crls: [rootCrl, crl({ entries: [{ serial: 'a1b2', date: later(0.5) }] })] })
    expect((await first(file, alone)).signer!.standing).toBe('revokedBefore')
  })
  it('a document timestamp over the DSS: archival', async () => {
    const file = stored().sign({ subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', field: 'Waktu', message: (covered) => makeToken(covered, { authority, at: later(2), certificates: [authority, ca] }) })
    const report = await inspect(file, alone)
    expect(report.documentTimestamps).toMatchObject([{ field: 'Waktu', integrity: 'intact', time: later(2), problems: [] }])
    expect(report.signatures).toMatchObject([{ level: 'B-LTA', when: { proven: { time: signedAt } }, afterwards: { contentChanged: false } }])
  })
  it('a document timestamp alone proves the time of the signature before it', async () => {
    const file = withoutTimestamp().sign({ subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', message: (covered) => makeToken(covered, { authority, at: later(2), certificates: [authority, ca] }) })
    expect(await first(file)).toMatchObject({ level: 'B-T', when: { proven: { time: later(2), by: 'documentTimestamp' } } })
  })
  it('a document timestamp over other octets proves nothing', async () => {
    const file = withoutTimestamp().sign({ subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', message: () => makeToken(Buffer.from('x'), { authority, at: later(2) }) })
    const report = await inspect(file)
    expect(report.documentTimestamps.map((one) => [one.integrity, ...codes(one)])).toEqual([['broken', 'timestampImprint']])
    expect(report.signatures[0]!.when.proven).toBeUndefined()
  })
  it('a letter with a document timestamp alone is signed by nobody', async () => {
    const { PdfFile: File } = await import('./pdf.js')
    const file = new File().sign({ subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', message: (covered) => makeToken(covered, { authority, at: later(2) }) })
    expect(await inspect(file)).toMatchObject({ kind: 'unsigned', signatures: [], documentTimestamps: [{ integrity: 'intact' }] })
  })
  it("Adobe's archive in a signed attribute, and CRLs in the message", async () => {
    const archive = attribute('1.2.840.113583.1.1.8', seq(explicit(0, seq(rootCrl, crl()))))
    expect(await first(makeLetter({ signed: [archive], sign: { subFilter: 'adbe.pkcs7.detached' } }), alone)).toMatchObject({ integrity: 'intact', level: 'cms', signer: { standing: 'good' } })
    expect(await first(makeLetter({ crls: [rootCrl, crl()] }), alone)).toMatchObject({ level: 'B-LT', signer: { standing: 'good' } })
  })
  it('an OCSP answer in the DSS', async () => {
    const answer = makeOcsp({ signer: ca, singles: [{ serial: 'a1b2', issuer: ca, thisUpdate: later(1.1), nextUpdate: later(2) }], producedAt: later(1.1) })
    const file = makeLetter().addStore({ certificates: [ca.der], crls: [rootCrl], ocsp: [answer] })
    expect(await first(file, alone)).toMatchObject({ level: 'B-LT', signer: { standing: 'good' } })
  })
  it('evidence that cannot be read is told, and hides nothing', async () => {
    const report = await inspect(makeLetter().addStore({ certificates: [Buffer.from('x')], crls: [Buffer.from('3000', 'hex'), rootCrl, crl()] }), alone)
    expect(codes(report)).toEqual(['evidenceMalformed', 'evidenceMalformed'])
    expect(report.signatures[0]!.signer!.standing).toBe('good')
  })
})

describe('several signatures', () => {
  const both = (visible = false): PdfFile => makeLetter({ file: makeLetter({ sign: { field: 'Paraf' } }), signer: deputy, timestamp: token({ at: later(2) }), certificates: [deputy, ca], sign: { field: 'Kepala', visible } })
  it('each in its order, the first followed by the second', async () => {
    const { signatures } = await inspect(both())
    expect(signatures.map(({ field, integrity, signer }) => [field, integrity, signer?.standing])).toEqual([['Paraf', 'intact', 'good'], ['Kepala', 'intact', 'good']])
    expect(signatures.map(({ afterwards }) => [afterwards.contentChanged, ...afterwards.changes.map(({ code }) => code)])).toEqual([[false, 'signature'], [false]])
    expect(signatures.map(({ coversWholeFile }) => coversWholeFile)).toEqual([false, true])
  })
  it('a second one that draws on the page is told', async () => {
    const { signatures } = await inspect(both(true))
    expect(signatures[0]!.afterwards).toMatchObject({ contentChanged: false, changes: [{ code: 'visibleSignature' }] })
  })
  it('what a stranger, or a broken signature, draws on the page is a change of content', async () => {
    const other = makeParty({ subject: 'CN=Akar Lain', ca: true })
    const stranger = makeParty({ subject: 'CN=Ratna Pertiwi,O=Kota Contoh,C=ID', issuer: other })
    const file = makeLetter({ file: makeLetter(), signer: stranger, certificates: [stranger, other], sign: { visible: true } })
    expect((await first(file)).afterwards).toMatchObject({ contentChanged: true, changes: [{ code: 'visibleSignature' }] })
    expect((await first(makeLetter({ file: makeLetter(), signer: deputy, certificates: [deputy, ca], spoil: true, sign: { visible: true } }))).afterwards.contentChanged).toBe(true)
    // Its appearance replaced after the second signature: that one no longer vouches for it.
    const painted = both(true)
    const appearance = Number(/\/AP << \/N (\d+) 0 R/.exec(painted.bytes.toString('latin1'))![1])
    painted.append(new Map([[appearance, '<< /Length 0 >>\nstream\n\nendstream']]))
    expect((await inspect(painted)).signatures.map(({ afterwards }) => afterwards.contentChanged)).toEqual([true, true])
  })
  it('an empty field that draws on the page is an annotation', async () => {
    const file = makeLetter()
    const empty = file.number()
    const appearance = file.number()
    file.annotations.push(empty)
    file.fields.push(empty)
    file.append(new Map([[empty, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Kosong) /Rect [0 0 500 800] /AP << /N ${appearance} 0 R >> >>`], [appearance, '<< /Length 0 >>\nstream\n\nendstream'], [1, file.catalog()], [3, file.page()]]))
    expect((await first(file)).afterwards).toMatchObject({ contentChanged: true, changes: [{ code: 'annotation', object: 1 }, { code: 'annotation', object: 3 }] })
  })
  it('an empty field of the signed revision is signed later', async () => {
    const { PdfFile: File } = await import('./pdf.js')
    const file = new File()
    const empty = file.addEmptyField('Kepala')
    makeLetter({ file, sign: { field: 'Paraf' } })
    expect((await inspect(file)).emptyFields).toEqual(['Kepala'])
    makeLetter({ file, signer: deputy, certificates: [deputy, ca], sign: { field: 'Kepala', into: empty } })
    const { signatures, emptyFields } = await inspect(file)
    expect(emptyFields).toEqual([])
    expect(signatures.map(({ field, integrity, afterwards }) => [field, integrity, afterwards.contentChanged])).toEqual([['Paraf', 'intact', false], ['Kepala', 'intact', false]])
  })
  it('DocMDP 1 forbids a second signature', async () => {
    const certified = makeLetter({ sign: { entries: '/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]' } })
    expect(await first(certified)).toMatchObject({ certifies: 1, problems: [] })
    makeLetter({ file: certified, signer: deputy, certificates: [deputy, ca] })
    expect(codes(await first(certified))).toEqual(['certificationBreached'])
  })
})

describe('CMS version of the message', () => {
  it('an unknown one is refused', async () => {
    const message = makeCms(Buffer.from('x'), { signer: head })
    const at = message.indexOf(int(1))
    message[at + 2] = 9
    expect((await first(makeLetter({ sign: { message: () => message } })))).toMatchObject({ integrity: 'broken', problems: [{ code: 'cmsMalformed' }] })
  })
})
