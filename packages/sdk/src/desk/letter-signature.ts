import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import type { LetterReport } from '@cabut/pki/letter'
import { namesMatch, parseName } from '@cabut/pki/name'
import { issue, type Issue } from '../issues.js'
import { electronicPhrases } from '../request/index.js'
import type { LetterSignatureFinding } from '../workflow/index.js'
import type { Office } from './office.js'

/** What a letter's own signatures say, and what the person who handed it in should know of it. */
export interface LookedAt {
  readonly signature: LetterSignatureFinding
  readonly warnings: readonly Issue[]
}

/** By DER, else by issuer (RFC 4514 text) and serial (lower-case hex). */
export interface CertificateUnderRevocation {
  readonly der?: Uint8Array
  readonly issuerDn?: string
  readonly serial?: string
}

/**
 * Looks at the signatures of a letter (PDF; RFC 5652, RFC 3161) as it is handed in. It decides nothing, with one exception the workflow knows: a
 * letter signed with the certificate it asks to revoke, and by nobody else soundly, authorises nothing, since whoever holds the key could have written it.
 *
 * @param revoking - the certificate under revocation: its DER, or issuer and serial where it is not at hand
 */
export async function lookAtSignatures(office: Office, pdf: Uint8Array, revoking: CertificateUnderRevocation, at: string): Promise<LookedAt> {
  // Loaded when the first letter comes: a desk that only reads pays nothing.
  const { inspectLetter, judgeAuthorisation } = await import('@cabut/pki/letter')
  const says = (signature: LetterSignatureFinding): LookedAt => ({ signature, warnings: signature === 'sound' ? [] : [issue(at, words[signature])] })
  let report: LetterReport
  try {
    report = await inspectLetter(pdf, {
      anchors: office.anchors, intermediates: [...office.intermediates, ...office.learned], at: new Date(office.now()), claimPhrases: electronicPhrases,
      ...(office.fetch === undefined ? {} : { fetch: office.fetch }),
    })
  } catch {
    return says('unreadable')
  }
  if (report.kind === 'claimsElectronicSignature') return says('printout')
  if (report.kind !== 'signed') return says('none')
  const certificate = certificateIn(report, revoking)
  if (certificate !== undefined) {
    const { mayCount, usesKeyUnderRevocation } = judgeAuthorisation(report, certificate)
    if (usesKeyUnderRevocation && !mayCount) return says('keyUnderRevocation')
  }
  if (report.signatures.some(({ integrity, afterwards }) => integrity === 'broken' || (integrity === 'intact' && afterwards.contentChanged))) return says('broken')
  return says(report.signatures.some(({ signer }) => signer?.standing === 'good' || signer?.standing === 'revokedAfter') ? 'sound' : 'doubtful')
}

/** The certificate under revocation, as handed in or as a signature of the letter carries it. `undefined`: nobody signed with it. */
function certificateIn(report: LetterReport, { der, issuerDn, serial }: CertificateUnderRevocation): Certificate | undefined {
  if (der !== undefined) return readCertificate(der)
  if (issuerDn === undefined || serial === undefined) return undefined
  const issuer = parseName(issuerDn)
  return report.signatures.map((signature) => signature.certificate).find((signed) => signed?.serial === serial && namesMatch(signed.issuer, issuer))
}

const words = {
  none: 'letterUnsigned', printout: 'letterPrintout', broken: 'letterSignatureBroken', doubtful: 'letterSignerDoubtful', unreadable: 'letterSignatureUnreadable',
  keyUnderRevocation: 'letterKeyUnderRevocation',
} as const
