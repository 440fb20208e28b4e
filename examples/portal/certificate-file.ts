import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { attributeName, explainDifference, formatName, parseName, type Name } from '@cabut/pki/name'
import type { Office } from './office.js'
import type { Comparison } from './page/verification.js'

/** A certificate in a file: the certificate itself, or that of the only person who signed a PDF. */
export type FoundCertificate = { readonly certificate: Certificate } | { readonly problem: string }

/** @param bytes DER, PEM, or a signed PDF */
export async function certificateIn(office: Office, bytes: Uint8Array): Promise<FoundCertificate> {
  if (bytes.length === 0) return { problem: 'Berkas kosong.' }
  if (Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) {
    const report = await office.inspect(bytes).catch(() => undefined)
    const signers = (report?.signatures ?? []).filter(({ integrity }) => integrity === 'intact').flatMap(({ certificate }) => certificate === undefined ? [] : [certificate])
    const [first, ...others] = [...new Map(signers.map((one) => [Buffer.from(one.der).toString('base64'), one])).values()]
    if (first === undefined) return { problem: 'PDF ini tidak memuat tanda tangan elektronik yang utuh.' }
    if (others.length > 0) return { problem: 'PDF ini ditandatangani lebih dari satu sertifikat. Unggah sertifikatnya sendiri (.cer).' }
    return { certificate: first }
  }
  try {
    return { certificate: readCertificate(bytes[0] === 0x30 ? bytes : new TextDecoder().decode(bytes)) }
  } catch {
    return { problem: 'Berkas ini bukan sertifikat yang dapat dibaca (.cer, .crt, .pem) dan bukan PDF.' }
  }
}

/** Sets a name somebody said beside the certificate's own (RFC 5280 7.1). */
export function compareNames(source: string, text: string, certificate: Name): Comparison {
  const said = nameIn(text)
  if (said === undefined) return { source, text, attributes: [] }
  const flat = (name: Name): Map<string, string[]> => {
    const values = new Map<string, string[]>()
    for (const { type, value } of name.rdns.flat()) values.set(type, [...(values.get(type) ?? []), value])
    return values
  }
  const [left, right] = [flat(said), flat(certificate)]
  const attributes = [...new Set([...right.keys(), ...left.keys()])].flatMap((type) => {
    const [ours, theirs] = [left.get(type) ?? [], right.get(type) ?? []]
    return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, at) => ({
      type, name: attributeName(type) ?? type, ...(ours[at] === undefined ? {} : { said: ours[at] }), ...(theirs[at] === undefined ? {} : { certificate: theirs[at] }),
    }))
  })
  return { source, text, differences: explainDifference(said, certificate), attributes }
}

/** A Distinguished Name as people copy it: RFC 4514, or as OpenSSL prints it. */
function nameIn(text: string): Name | undefined {
  for (const form of ['rfc4514', 'openssl-oneline', 'openssl-slash'] as const) {
    try {
      return parseName(text.trim(), { form })
    } catch {
      // The next form.
    }
  }
  return undefined
}

/** What the page tells of a certificate while it is chosen. */
export function certificateFacts({ subject, issuer, serial, notAfter }: Certificate): { readonly subject: string; readonly issuer: string; readonly serial: string; readonly notAfter: string } {
  return { subject: formatName(subject), issuer: formatName(issuer), serial, notAfter: notAfter.toISOString() }
}
