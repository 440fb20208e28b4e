import { allowLoopback, createEvidenceFetcher, type Certificate, type StatusOptions } from '@cabut/pki'
import type { LetterOptions } from '@cabut/pki/letter'
import { InputError, readCertificates, readEvidence, readInstant } from '../input.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'

type CommandOptions = NonNullable<CommandSpec['options']>

/** The options of every command that judges a certificate by anchors and evidence; {@link readEvidenceOptions} reads them. */
export function evidenceOptions(words: { readonly at: Text; readonly purpose: Text }): CommandOptions {
  return [
    { flags: '--anchors <pem>', text: { id: 'sertifikat jangkar kepercayaan', en: 'trusted anchor certificates' }, many: true, required: true },
    { flags: '--intermediates <pem>', text: { id: 'sertifikat CA antara', en: 'intermediate certificates' }, many: true },
    { flags: '--crl <file>', text: { id: 'CRL yang diunduh sendiri', en: 'a CRL fetched by hand' }, many: true },
    { flags: '--ocsp <file>', text: { id: 'jawaban OCSP yang diunduh sendiri', en: 'an OCSP answer fetched by hand' }, many: true },
    { flags: '--at <time>', text: words.at },
    { flags: '--purpose <oid>', text: words.purpose, many: true },
    { flags: '--offline', text: { id: 'jangan mengambil apa pun dari jaringan', en: 'fetch nothing from the network' } },
    { flags: '--allow-loopback', text: { id: 'izinkan alamat loopback (untuk sandbox)', en: 'allow loopback addresses (for the sandbox)' } },
  ]
}

/** What both `checkStatus` and `inspectLetter` take. */
export type GivenEvidence = Pick<StatusOptions & LetterOptions, 'anchors' | 'intermediates' | 'crls' | 'ocsp' | 'purposes' | 'at' | 'fetch'>

export async function readEvidenceOptions(options: Readonly<Record<string, unknown>>): Promise<GivenEvidence> {
  const [anchor, ...otherAnchors] = await certificatesOf(options['anchors'])
  if (anchor === undefined) throw new InputError({ id: 'jangkar kepercayaan kosong', en: 'no trusted anchor was given' })
  const purposes = textsOf(options['purpose'])
  return {
    anchors: [anchor, ...otherAnchors],
    intermediates: await certificatesOf(options['intermediates']),
    crls: await Promise.all(textsOf(options['crl']).map(readEvidence)),
    ocsp: await Promise.all(textsOf(options['ocsp']).map(readEvidence)),
    ...(purposes.length > 0 && { purposes }),
    ...(typeof options['at'] === 'string' ? { at: readInstant(options['at']) } : {}),
    ...(options['offline'] === true ? { fetch: false as const } : options['allowLoopback'] === true ? { fetch: createEvidenceFetcher({ allow: [allowLoopback] }) } : {}),
  }
}

/** Certificates of every file an option that may be repeated names. */
export function certificatesOf(value: unknown): Promise<readonly Certificate[]> {
  return readCertificates(textsOf(value))
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
