import { certificateSha256, esignId, formatName, type Certificate } from '@cabut/pki'
import { exitCodes } from '../exit-codes.js'
import { readCertificateFiles } from '../input.js'
import type { CommandSpec } from '../program.js'

/** `cabut certificate show FILE`: the facts of one certificate; no verdict about it. */
export const certificateShow: CommandSpec = {
  usage: 'certificate show <file>',
  summary: { id: 'tampilkan isi sertifikat (PEM atau DER)', en: 'show what a certificate says (PEM or DER)' },
  async run(console, [path = '']) {
    const certificate = await readCertificateFile(path)
    const facts = await certificateFacts(certificate)
    console.document(facts)
    const labels: readonly (readonly [string, string | readonly string[] | undefined])[] = [
      [console.say({ id: 'Subjek', en: 'Subject' }), facts.subject],
      [console.say({ id: 'Penerbit', en: 'Issuer' }), facts.issuer],
      [console.say({ id: 'Nomor seri', en: 'Serial' }), `${facts.serial} (${console.say({ id: 'desimal', en: 'decimal' })} ${facts.serialDecimal})`],
      [console.say({ id: 'Berlaku', en: 'Valid' }), `${facts.notBefore} .. ${facts.notAfter}`],
      ['SHA-256', facts.sha256],
      ['e-Sign id', facts.esignId],
      [console.say({ id: 'Kegunaan kunci', en: 'Key usage' }), facts.keyUsage],
      [console.say({ id: 'Kegunaan lanjutan', en: 'Extended key usage' }), facts.extendedKeyUsage],
      ['CRL', facts.crl],
      ['OCSP', facts.ocsp],
      [console.say({ id: 'Ekstensi kritis tak dikenal', en: 'Unknown critical extensions' }), facts.unknownCriticalExtensions],
    ]
    const width = Math.max(...labels.map(([label]) => label.length))
    for (const [label, value] of labels) {
      if (value === undefined || value.length === 0) continue
      console.line(`${label.padEnd(width)}  ${typeof value === 'string' ? value : value.join(', ')}`)
    }
    return exitCodes.good
  },
}

/** Reads the first certificate of a PEM or DER file. */
export async function readCertificateFile(path: string): Promise<Certificate> {
  return (await readCertificateFiles(path))[0] as Certificate
}

/** What `certificate show --json` prints. Times are ISO 8601 UTC, serials hexadecimal and decimal. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  readonly serial: string
  readonly serialDecimal: string
  readonly notBefore: string
  readonly notAfter: string
  readonly sha256: string
  readonly esignId: string
  readonly keyUsage: readonly string[]
  readonly extendedKeyUsage: readonly string[]
  readonly crl: readonly string[]
  readonly ocsp: readonly string[]
  readonly unknownCriticalExtensions: readonly string[]
}

async function certificateFacts(certificate: Certificate): Promise<CertificateFacts> {
  return {
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    serial: certificate.serial,
    serialDecimal: BigInt(`0x${certificate.serial}`).toString(),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    sha256: await certificateSha256(certificate),
    esignId: await esignId(certificate),
    keyUsage: [...(certificate.keyUsage ?? [])],
    extendedKeyUsage: [...(certificate.extendedKeyUsage?.purposes ?? [])],
    crl: crlUrls(certificate),
    ocsp: [...certificate.ocspUrls],
    unknownCriticalExtensions: [...certificate.unknownCriticalExtensions],
  }
}

function crlUrls(certificate: Certificate): string[] {
  return certificate.crlDistributionPoints.flatMap((point) => (point.name?.fullName ?? []).flatMap((name) => name.kind === 'uri' ? [name.value] : []))
}
