import { certificateSha256, readCertificate, type Certificate } from '@cabut/pki/certificate'
import { judgeAuthorisation, type LetterReport, type LetterSignature, type Standing } from '@cabut/pki/letter'
import { namesMatch, parseName } from '@cabut/pki/name'
import type { CertificateReference } from '@cabut/sdk/request'
import type { Office } from '../letter/office.js'
import type { ReadSignatory } from '../reading/find-signatory.js'
import { finding, type LetterFinding, type LetterFindingCode } from './finding.js'
import { sameName } from './signer-name.js'

/** What signatures are judged against. */
export interface SignatureContext {
  /** Certificates the letter asks to revoke. */
  readonly revoking: readonly CertificateReference[]
  /** The sending office; its signatories, where it names any, are those who may sign. */
  readonly office?: Office
  /** The signature block of the text. */
  readonly signatory?: ReadSignatory
}

const standings: Readonly<Record<Standing, LetterFindingCode>> = {
  good: 'signed', revokedBefore: 'signerRevokedBefore', revokedAfter: 'signerRevokedAfter', revoked: 'signerRevoked', suspended: 'signerSuspended', expired: 'signerExpired',
  notYetValid: 'signerNotYetValid', unknown: 'signerUnknown',
}

/**
 * Puts what `@cabut/pki/letter` found into words for the verifier: signed by whom, in what standing, with what authority. Nothing here decides:
 * whether a person may sign is the office's word, whether a request is approved the verifier's.
 *
 * @returns empty for a letter that nobody signed electronically
 * @example
 * ```ts
 * const { sandbox, anchors, intermediates, signer: { issuerDn, serial }, signed } = await openAuthority()
 * const report = await inspectLetter(signed, { anchors, intermediates, fetch: sandbox.fetch, at: new Date('2026-11-24T02:00:00Z') })
 * const findings = await judgeSignatures(report, { revoking: [{ issuerDn, serial }] })
 * findings.map(({ code }) => code) // ['signed', 'signerUnderRevocation']
 * ```
 */
export async function judgeSignatures(report: LetterReport, context: SignatureContext): Promise<readonly LetterFinding[]> {
  const findings: LetterFinding[] = report.problems.filter(({ code }) => code === 'signatureRemoved').slice(0, 1).map(() => finding('signatureRemoved'))
  if (report.kind !== 'signed') return findings
  const { signatures } = report
  const own = signatures.filter(({ certificate }) => certificate !== undefined && context.revoking.some((wanted) => isSame(certificate, wanted)))
  for (const signature of signatures) {
    const at = signature.field
    if (signature.integrity !== 'intact') findings.push(finding(signature.integrity === 'unsupported' ? 'signatureUnsupported' : 'signatureBroken', at))
    if (signature.afterwards.contentChanged && signature.integrity === 'intact') findings.push(finding('contentChanged', at))
    if (signature.integrity === 'intact' && signature.signer !== undefined) {
      const { standing, chain } = signature.signer
      findings.push(finding(standing === 'unknown' && chain.length <= 1 ? 'signerUntrusted' : standings[standing], at))
    }
  }
  // A head's own certificate never authorises its own revocation: somebody else must have signed, soundly.
  const others = signatures.filter((signature) => !own.includes(signature) && standsAlone(report, signature, context.revoking))
  for (const { field } of own) findings.push(finding(others.length > 0 ? 'signerUnderRevocationToo' : 'signerUnderRevocation', field))
  findings.push(...(await judgePeople(signatures, context)))
  return findings
}

/** Whether a signature counts by itself for every certificate that can be compared. */
function standsAlone(report: LetterReport, { field, certificate, integrity, afterwards, signer }: LetterSignature, revoking: readonly CertificateReference[]): boolean {
  if (certificate === undefined || integrity !== 'intact' || afterwards.contentChanged || (signer?.standing !== 'good' && signer?.standing !== 'revokedAfter')) return false
  return revoking.every(({ der }) => der === undefined || judgeAuthorisation(report, readCertificate(der)).signatures.some((one) => one.field === field && one.mayCount))
}

async function judgePeople(signatures: readonly LetterSignature[], { office, signatory }: SignatureContext): Promise<readonly LetterFinding[]> {
  const findings: LetterFinding[] = []
  const signed = signatures.filter(({ certificate, integrity }) => certificate !== undefined && integrity === 'intact')
  const names = await Promise.all(signed.map(async ({ certificate }) => ({ name: commonName(certificate as Certificate), sha256: await certificateSha256(certificate as Certificate) })))
  const listed = office?.signatories
  if (listed !== undefined && names.length > 0) {
    const known = names.some(({ name, sha256 }) => listed.some((one) => (one.certificates === undefined ? sameName(one.nama, name) : one.certificates.includes(sha256))))
    if (!known) findings.push(finding('signerNotListed', signed[0]?.field))
  }
  // Only one of several signers is in the block; the others initialled or agreed.
  if (signatory !== undefined && names.length > 0 && !names.some(({ name }) => sameName(name, signatory.name))) findings.push(finding('signerDiffers', signed[0]?.field))
  return findings
}

/** Whether a request means this certificate, or another for the same key: by its octets, by issuer and serial, or by subject. */
function isSame(signer: Certificate, { der, serial, issuerDn, subjectDn }: CertificateReference): boolean {
  if (der !== undefined) return equalOctets(der, signer.der) || equalOctets(readCertificate(der).spki, signer.spki)
  if (serial !== undefined && issuerDn !== undefined) return serial === signer.serial && namesMatch(parseName(issuerDn), signer.issuer)
  return subjectDn !== undefined && namesMatch(parseName(subjectDn), signer.subject)
}

function equalOctets(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((octet, index) => octet === right[index])
}

function commonName({ subject }: Certificate): string {
  return subject.rdns.flat().filter(({ type }) => type === '2.5.4.3').at(-1)?.value ?? ''
}
