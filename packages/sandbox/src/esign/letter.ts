import { createHash } from 'node:crypto'
import { printName } from '../authority/name.js'
import type { CertificateRecord } from '../state.js'
import { derOf, type World } from '../world.js'

/**
 * A stand-in for e-Sign's PDF check: it finds signatures, the sandbox's certificates inside them and whether the covered octets
 * still have the signed digest. It does not verify the signature value; that is the business of the library under test.
 */
export function checkPdf(world: World, pdf: Uint8Array): Record<string, unknown> {
  const bytes = Buffer.from(pdf)
  const text = bytes.toString('latin1')
  const signatures = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)]
    .map((match) => signatureAt(world, bytes, match.slice(1, 5).map(Number) as [number, number, number, number]))
    .filter((one) => one !== undefined)
  const conclusion =
    signatures.length === 0 ? 'NO_SIGNATURE' : signatures.every((one) => one['integrityValid'] === true) ? 'WARNING' : 'INVALID'
  return {
    conclusion,
    description:
      signatures.length === 0 ? 'Dokumen tidak memiliki tanda tangan elektronik' : 'Diperiksa oleh sandbox Cabut, tanpa nilai hukum',
    signatureCount: signatures.length,
    signatureInformations: signatures,
  }
}

function signatureAt(world: World, bytes: Buffer, [a, b, c, d]: [number, number, number, number]): Record<string, unknown> | undefined {
  if (a + b > bytes.length || c + d > bytes.length || c < a + b) return undefined
  const hex = /<([0-9a-fA-F]*)>/.exec(bytes.subarray(a + b, c).toString('latin1'))?.[1] ?? ''
  const cms = Buffer.from(hex, 'hex')
  const digest = createHash('sha256')
    .update(bytes.subarray(a, a + b))
    .update(bytes.subarray(c, c + d))
    .digest()
  const signer = world.certificates.all.find((one) => cms.includes(Buffer.from(derOf(one))))
  return {
    id: `S-${createHash('sha256').update(cms).digest('hex').toUpperCase()}`,
    signerName: signer === undefined ? null : commonNameOf(signer),
    signatureFormat: 'PKCS7-B',
    integrityValid: cms.includes(digest),
    certificateTrusted: signer !== undefined,
    // The vendor's own spelling.
    timestampInfomation: null,
    certificateDetails: signer === undefined ? [] : [detail(world, signer)],
  }
}

/** e-Sign's view of a certificate: no Subject DN, no revocation field, decimal serial, the vendor's spelling. */
function detail(world: World, record: CertificateRecord): Record<string, unknown> {
  return {
    id: `C-${createHash('sha256').update(derOf(record)).digest('hex').toUpperCase()}`,
    commonName: commonNameOf(record),
    issuerName: printName(world.authority.issuingName),
    serialNumber: BigInt(`0x${record.serial}`).toString(),
    notBeforeDate: new Date(record.notBefore).toISOString(),
    notAfterDate: new Date(record.notAfter).toISOString(),
    signatureAlgoritm: 'SHA256withRSA',
  }
}

const commonNameOf = (record: CertificateRecord): string =>
  (/(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(record.subjectDn)?.[1] ?? '').replace(/\\(.)/g, '$1')
