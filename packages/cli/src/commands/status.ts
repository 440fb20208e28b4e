import { checkStatus, formatName, type StatusVerdict } from '@cabut/pki'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { readCertificateFile } from './certificate.js'
import { instantWords } from '../wording/instant.js'
import { revocationReasonWords, unknownReasonAdvice, unknownReasonWords } from '../wording/unknown-reasons.js'
import { evidenceOptions, readEvidenceOptions } from './evidence-options.js'

const labels: Readonly<Record<StatusVerdict['status'], Text & { exit: ExitCode }>> = {
  revoked: { id: 'DICABUT', en: 'REVOKED', exit: exitCodes.revoked },
  suspended: { id: 'DITANGGUHKAN (diblokir)', en: 'SUSPENDED', exit: exitCodes.suspended },
  expired: { id: 'KEDALUWARSA', en: 'EXPIRED', exit: exitCodes.expired },
  notYetValid: { id: 'BELUM BERLAKU', en: 'NOT YET VALID', exit: exitCodes.notYetValid },
  unknown: { id: 'TIDAK DIKETAHUI', en: 'UNKNOWN', exit: exitCodes.unknown },
  good: { id: 'BAIK', en: 'GOOD', exit: exitCodes.good },
}

/** Signing of documents, as BSrE's certificates name it (critical, 1.2.840.113583.1.1.5). */
const bsrePurpose = '1.2.840.113583.1.1.5'

/** What one piece of evidence says by itself. */
const verdicts: Readonly<Record<StatusVerdict['evidence'][number]['verdict'], Text>> = {
  revoked: { id: 'mendaftarnya sebagai dicabut', en: 'lists it as revoked' },
  onHold: { id: 'mendaftarnya sebagai ditangguhkan', en: 'lists it as suspended' },
  notRevoked: { id: 'tidak mendaftarnya', en: 'does not list it' },
  unknown: { id: 'tidak menentukan', en: 'decides nothing' },
}

/** `cabut status FILE --anchors PEM`: the status of one certificate, with the evidence that justifies it. */
export const status: CommandSpec = {
  usage: 'status <file>',
  summary: { id: 'periksa status sertifikat dengan CRL dan OCSP', en: 'check the status of a certificate by CRL and OCSP' },
  options: evidenceOptions({
    at: { id: 'periksa pada waktu ini (ISO 8601)', en: 'check as of this time (ISO 8601)' },
    purpose: { id: 'kegunaan kritis yang diterima (OID; bawaan: kegunaan sertifikat BSrE)', en: 'critical extended key usage to accept (OID; default: that of BSrE certificates)' },
  }),
  async run(console, [path = ''], options) {
    const certificate = await readCertificateFile(path)
    const given = await readEvidenceOptions(options)
    // Every BSrE certificate carries this critical purpose; whoever asks `cabut` for its status accepts it.
    const own = certificate.extendedKeyUsage?.purposes.includes(bsrePurpose) === true ? { purposes: [bsrePurpose] } : {}
    const verdict = await checkStatus(certificate, { ...own, ...given })
    const label = labels[verdict.status]
    console.document(verdictDocument(verdict))
    console.line(`${console.say(label)}  ${formatName(certificate.subject)}`)
    if (verdict.reason !== undefined) {
      console.line(`  ${console.say({ id: 'sebab', en: 'because' })}: ${console.say(unknownReasonWords(verdict.reason))} [${verdict.reason}]`)
      const advice = unknownReasonAdvice(verdict.reason)
      if (advice !== undefined) console.line(`  ${console.say({ id: 'saran', en: 'advice' })}: ${console.say(advice)}`)
    }
    if (verdict.revocation !== undefined) {
      console.line(`  ${console.say({ id: 'sejak', en: 'since' })} ${instantWords(verdict.revocation.date)}, ${console.say({ id: 'alasan', en: 'reason' })}: ${console.say(revocationReasonWords(verdict.revocation.reason))}`)
    }
    for (const one of verdict.evidence) {
      console.line(`  ${one.source.toUpperCase()} ${console.say(verdicts[one.verdict])}${one.reason === undefined ? '' : `: ${console.say(unknownReasonWords(one.reason))} [${one.reason}]`}`)
      console.line(`    thisUpdate ${instantWords(one.thisUpdate)}  nextUpdate ${instantWords(one.nextUpdate)}`)
      console.line(`    sha256 ${one.sha256}`)
    }
    if (verdict.status !== 'good') {
      // Technical detail is English, as the libraries below say it.
      const seen = new Set(verdict.problems.map(({ reason, detail, url }) => `  ! ${console.say(unknownReasonWords(reason))} [${reason}]${detail === undefined || console.language === 'id' ? '' : ` (${detail})`}${url === undefined ? '' : ` ${url}`}`))
      for (const problem of seen) console.line(problem)
    }
    return label.exit
  },
}

/** What `status --json` prints: no bytes, but the digest of every piece of evidence. */
export function verdictDocument(verdict: StatusVerdict): Record<string, unknown> {
  return {
    status: verdict.status,
    reason: verdict.reason,
    at: verdict.at,
    asOf: verdict.asOf,
    validUntil: verdict.validUntil,
    subject: formatName(verdict.certificate.subject),
    issuer: formatName(verdict.certificate.issuer),
    serial: verdict.certificate.serial,
    revocation: verdict.revocation,
    chain: verdict.chain.map((link) => formatName(link.subject)),
    evidence: verdict.evidence.map(({ source, verdict: says, reason, thisUpdate, nextUpdate, producedAt, crlNumber, fresh, sha256 }) => (
      { source, verdict: says, reason, thisUpdate, nextUpdate, producedAt, crlNumber, fresh, sha256 })),
    problems: verdict.problems,
  }
}
