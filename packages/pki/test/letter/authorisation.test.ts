import { describe, expect, it } from 'vitest'
import { inspectLetter, judgeAuthorisation, type Authorisation } from '../../src/letter/index.js'
import { later, makeParty } from '../build/certificate.js'
import { ca, crl, deputy, documentPurpose, head, makeLetter, options, root, rootCrl } from './office.js'
import { PdfFile } from './pdf.js'

const judge = async (file: PdfFile, revoking = head, more = {}): Promise<Authorisation> => judgeAuthorisation(await inspectLetter(file.bytes, { ...options, ...more }), revoking.certificate)
const byDeputy = { signer: deputy, certificates: [deputy, ca] }

describe('a letter that asks for a revocation', () => {
  it('signed by somebody else in good standing may count', async () => {
    expect(await judge(makeLetter(byDeputy))).toMatchObject({ mayCount: true, usesKeyUnderRevocation: false })
  })
  it('signed with the very certificate never counts', async () => {
    expect(await judge(makeLetter())).toEqual({ mayCount: false, usesKeyUnderRevocation: true, signatures: [{ field: 'Tanda tangan 1', mayCount: false, objections: ['sameCertificate'] }] })
  })
  it('nor with another certificate for the same key', async () => {
    const renewed = makeParty({ subject: 'CN=Ratna Pertiwi,O=Kota Contoh,C=ID', issuer: ca, key: head.key, extensions: [documentPurpose] })
    expect(await judge(makeLetter({ signer: renewed }))).toMatchObject({ mayCount: false, usesKeyUnderRevocation: true, signatures: [{ objections: ['sameKey'] }] })
  })
  it('a second, independent signature may', async () => {
    const file = makeLetter({ ...byDeputy, file: makeLetter() })
    expect(await judge(file)).toMatchObject({ mayCount: true, usesKeyUnderRevocation: true })
  })
  it('broken, changed, revoked and unknown signers do not', async () => {
    const changed = makeLetter(byDeputy).append(new Map([[5, 'null']]))
    expect((await judge(changed)).signatures[0]!.objections).toEqual(['contentChanged'])
    expect((await judge(makeLetter({ ...byDeputy, spoil: true }))).signatures[0]!.objections).toEqual(['notIntact'])
    const revoked = { crls: [rootCrl, crl({ entries: [{ serial: 'b2c3', date: later(0.5) }] })] }
    expect((await judge(makeLetter(byDeputy), head, revoked)).signatures[0]!.objections).toEqual(['signerRevoked'])
    expect((await judge(makeLetter(byDeputy), head, { crls: [] })).signatures[0]!.objections).toEqual(['signerNotGood'])
    const after = { crls: [rootCrl, crl({ entries: [{ serial: 'b2c3', date: later(2) }], thisUpdate: later(3) })] }
    expect((await judge(makeLetter(byDeputy), head, after)).mayCount).toBe(true)
  })
  it('unsigned: a person must look', async () => {
    expect(await judge(new PdfFile(), root)).toEqual({ mayCount: false, usesKeyUnderRevocation: false, signatures: [] })
  })
})
