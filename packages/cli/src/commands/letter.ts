import { certificateSha256, formatName } from '@cabut/pki'
import { inspectLetter, judgeAuthorisation, type Authorisation, type AuthorisationObjection, type LaterChangeCode, type LetterProblemCode, type LetterReport, type LetterSignature, type Standing } from '@cabut/pki/letter'
import type { Console } from '../console.js'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import { electronicPhrases } from '@cabut/sdk/request'
import { parseInput } from '../input.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { readCertificateFile } from './certificate.js'
import { certificatesOf, evidenceOptions, readEvidenceOptions } from './evidence-options.js'
import { letterProblemWords } from '../wording/letter-problems.js'

const kinds: Readonly<Record<LetterReport['kind'], Text>> = {
  signed: { id: 'BERTANDA TANGAN ELEKTRONIK', en: 'SIGNED ELECTRONICALLY' },
  claimsElectronicSignature: { id: 'CETAKAN SURAT BERTANDA TANGAN ELEKTRONIK: tanpa tanda tangan di dalamnya; minta berkas PDF aslinya', en: 'PRINTOUT OF AN E-SIGNED LETTER: no signature inside; ask for the original PDF' },
  imageOnly: { id: 'HANYA GAMBAR: periksa tanda tangan basah dan cap', en: 'PICTURES ONLY: look for wet ink and stamp' },
  unsigned: { id: 'TANPA TANDA TANGAN ELEKTRONIK', en: 'NOT SIGNED ELECTRONICALLY' },
}
const integrities: Readonly<Record<LetterSignature['integrity'], Text>> = {
  intact: { id: 'utuh', en: 'intact' }, broken: { id: 'RUSAK', en: 'BROKEN' }, unsupported: { id: 'tidak didukung', en: 'unsupported' },
}
const standings: Readonly<Record<Standing, Text>> = {
  good: { id: 'sertifikat baik', en: 'certificate good' },
  revokedBefore: { id: 'sertifikat SUDAH DICABUT ketika ditandatangani', en: 'certificate REVOKED BEFORE it was signed' },
  revokedAfter: { id: 'sertifikat dicabut sesudahnya', en: 'certificate revoked afterwards' },
  revoked: { id: 'sertifikat DICABUT; waktu tanda tangan tidak terbukti', en: 'certificate REVOKED; the time of signing is not proven' },
  suspended: { id: 'sertifikat ditangguhkan', en: 'certificate suspended' },
  expired: { id: 'sertifikat kedaluwarsa', en: 'certificate expired' },
  notYetValid: { id: 'sertifikat belum berlaku', en: 'certificate not yet valid' },
  unknown: { id: 'status sertifikat tidak diketahui', en: 'status of the certificate unknown' },
}
const changes: Readonly<Record<LaterChangeCode, Text>> = {
  evidence: { id: 'data validasi ditambahkan', en: 'validation data added' },
  documentTimestamp: { id: 'penanda waktu dokumen', en: 'document timestamp' },
  signature: { id: 'tanda tangan berikutnya', en: 'further signature' },
  visibleSignature: { id: 'tanda tangan berikutnya yang tampak di halaman', en: 'further signature that shows on a page' },
  metadata: { id: 'metadata', en: 'metadata' },
  annotation: { id: 'CATATAN pada halaman', en: 'ANNOTATION on a page' },
  formField: { id: 'ISIAN formulir', en: 'FORM FIELD' },
  content: { id: 'ISI BERUBAH', en: 'CONTENT CHANGED' },
  rewritten: { id: 'BERKAS DITULIS ULANG', en: 'FILE REWRITTEN' },
  trailingOctets: { id: 'BITA TAMBAHAN di akhir berkas', en: 'OCTETS behind the end of the file' },
}
const objections: Readonly<Record<AuthorisationObjection, Text>> = {
  sameCertificate: { id: 'memakai sertifikat yang dimintakan pencabutannya', en: 'made with the certificate under revocation' },
  sameKey: { id: 'memakai kunci yang dimintakan pencabutannya', en: 'made with the key under revocation' },
  notIntact: { id: 'tanda tangan tidak utuh', en: 'the signature is not intact' },
  contentChanged: { id: 'isi berubah sesudahnya', en: 'the content was changed afterwards' },
  signerRevoked: { id: 'sertifikat penandatangan dicabut', en: "the signer's certificate is revoked" },
  signerNotGood: { id: 'status sertifikat penandatangan tidak baik', en: "the signer's certificate is not in good standing" },
}

/** `cabut letter inspect FILE --anchors PEM`: signatures of a PDF: intact, who, when, what was changed afterwards. */
export const letterInspect: CommandSpec = {
  usage: 'letter inspect <file>',
  summary: {
    id: 'periksa tanda tangan elektronik pada surat PDF (kode keluar 23 meragukan, 24 tanpa tanda tangan)', en: 'inspect the electronic signatures of a PDF letter (exit codes 23 doubtful, 24 not signed)',
  },
  options: [
    ...evidenceOptions({
      at: { id: 'periksa pada waktu ini (ISO 8601)', en: 'inspect as of this time (ISO 8601)' },
      purpose: { id: 'kegunaan sertifikat yang diterima (OID)', en: 'accepted extended key usage (OID)' },
    }),
    { flags: '--timestamp-anchors <pem>', text: { id: 'jangkar penanda waktu (bawaan: sama)', en: 'anchors of timestamps (default: the same)' }, many: true },
    { flags: '--revoking <pem>', text: { id: 'sertifikat yang dimintakan pencabutannya: surat yang ditandatangani dengannya tidak dihitung', en: 'the certificate under revocation: a letter signed with it does not count' } },
  ],
  async run(console, [path = ''], options) {
    const [timeAnchor, ...otherTimeAnchors] = await certificatesOf(options['timestampAnchors'])
    const revoking = typeof options['revoking'] === 'string' ? await readCertificateFile(options['revoking']) : undefined
    const given = await readEvidenceOptions(options)
    const report = await parseInput(path, (bytes) => inspectLetter(bytes, {
      ...given, claimPhrases: electronicPhrases, ...(timeAnchor === undefined ? {} : { timestampAnchors: [timeAnchor, ...otherTimeAnchors] as const }),
    }))
    const authorisation = revoking === undefined ? undefined : judgeAuthorisation(report, revoking)
    console.document({ ...await reportDocument(report), ...(authorisation && { authorisation }) })
    print(console, report, authorisation)
    return exitCode(report, authorisation)
  },
}

function exitCode(report: LetterReport, authorisation: Authorisation | undefined): ExitCode {
  if (report.signatures.length === 0) return exitCodes.letterUnsigned
  if (authorisation !== undefined) return authorisation.mayCount ? exitCodes.good : exitCodes.letterDoubtful
  const sound = report.signatures.every(({ integrity, afterwards, signer }) => integrity === 'intact' && !afterwards.contentChanged && (signer?.standing === 'good' || signer?.standing === 'revokedAfter'))
  return sound ? exitCodes.good : exitCodes.letterDoubtful
}

function print(console: Console, report: LetterReport, authorisation: Authorisation | undefined): void {
  const problem = (code: LetterProblemCode, detail?: string): void => console.line(`    ! ${console.say(letterProblemWords(code))} [${code}${detail === undefined ? '' : ` ${detail}`}]`)
  console.line(console.say(kinds[report.kind]))
  console.line(`  ${report.pages} ${console.say({ id: 'halaman', en: 'pages' })}, ${report.images} ${console.say({ id: 'gambar', en: 'pictures' })}, ${report.characters} ${console.say({ id: 'huruf', en: 'characters' })}`)
  for (const [i, { field, integrity, signer, certificate, when, afterwards, level, problems }] of report.signatures.entries()) {
    console.line(`${i + 1}. ${field === '' ? '-' : field}: ${console.say(integrities[integrity])}, ${level}`)
    if (certificate !== undefined) console.line(`    ${formatName(certificate.subject)}`)
    if (signer !== undefined) console.line(`    ${console.say(standings[signer.standing])}${signer.status.reason === undefined || signer.standing !== 'unknown' ? '' : ` (${signer.status.reason})`}`)
    console.line(when.proven === undefined
      ? `    ${console.say({ id: 'waktu hanya diakui', en: 'time only claimed' })}: ${when.claimed?.toISOString() ?? '-'}`
      : `    ${console.say({ id: 'waktu terbukti', en: 'time proven' })}: ${when.proven.time.toISOString()} (${console.say({ id: 'diakui', en: 'claimed' })} ${when.claimed?.toISOString() ?? '-'})`)
    for (const code of new Set(afterwards.changes.map((change) => change.code))) console.line(`    ${console.say({ id: 'sesudahnya', en: 'afterwards' })}: ${console.say(changes[code])}`)
    for (const { code, detail } of problems) problem(code, detail)
  }
  for (const { field, integrity, time, problems } of report.documentTimestamps) {
    console.line(`${console.say({ id: 'Penanda waktu dokumen', en: 'Document timestamp' })} ${field}: ${console.say(integrities[integrity])} ${time?.toISOString() ?? ''}`)
    for (const { code, detail } of problems) problem(code, detail)
  }
  for (const { code, detail } of report.problems) problem(code, detail)
  if (authorisation === undefined) return
  console.line(authorisation.mayCount
    ? console.say({ id: 'Dapat dihitung sebagai permintaan pencabutan', en: 'May count as a request for revocation' })
    : console.say({ id: 'TIDAK dapat dihitung sebagai permintaan pencabutan', en: 'Does NOT count as a request for revocation' }))
  for (const { field, objections: found } of authorisation.signatures) for (const code of found) console.line(`    ${field}: ${console.say(objections[code])}`)
}

/** What `letter inspect --json` prints: no octets, certificates by subject, serial number and digest. */
async function reportDocument(report: LetterReport): Promise<Record<string, unknown>> {
  const signatures = await Promise.all(report.signatures.map(async ({ certificate, signer, when, ...rest }) => ({
    ...rest,
    ...(certificate && { certificate: { subject: formatName(certificate.subject), issuer: formatName(certificate.issuer), serial: certificate.serial, sha256: await certificateSha256(certificate) } }),
    ...(signer && { signer: { standing: signer.standing, status: signer.status.status, reason: signer.status.reason, revocation: signer.status.revocation, chain: signer.chain.map(({ subject }) => formatName(subject)) } }),
    when: { claimed: when.claimed, ...(when.proven && { proven: { time: when.proven.time, by: when.proven.by, authority: formatName(when.proven.authority.subject) } }) },
  })))
  const documentTimestamps = report.documentTimestamps.map(({ authority, chain, ...rest }) => ({ ...rest, authority: authority && formatName(authority.subject), chain: chain.map(({ subject }) => formatName(subject)) }))
  return { ...report, signatures, documentTimestamps }
}
