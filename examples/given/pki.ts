// What stands ready in the examples of @cabut/pki: an invented authority, certificates of invented officers, evidence and letters.
import { buildOcspRequest, readCertificate, type Certificate } from '@cabut/pki'
import { createSandbox } from '@cabut/sandbox'
import { signLetter } from '@cabut/sandbox/letter'
import { PDFDocument } from 'pdf-lib'

/** The time of all examples. */
export const at: Date = new Date('2026-11-20T03:00:00Z')
let clock = new Date('2026-11-19T03:00:00Z')

const sandbox = await createSandbox({ seed: 'pki', now: () => clock, faults: 'none', publication: { delay: 'manual' } })
const issued = { notBefore: new Date('2026-01-05T00:00:00Z') }
const [laras, surya, ratna] = await Promise.all([
  sandbox.manage.issue({ ...issued, username: 'laras.kinanti', serial: '118af5d1ca6996adbe4407b5ea55b8a7c34fa126', description: '517059A1B2C3D4E5_Tanda Tangan Elektronik' }),
  sandbox.manage.issue({ ...issued, username: 'surya.wibisana', serial: '5c01ab7d', key: 'shared' }),
  sandbox.manage.issue({ ...issued, username: 'ratna.pertiwi', serial: '2d93e0f4' }),
])

/** PEM of the root, the pinned anchor. */
export const rootPem: string = sandbox.ca.rootPem
/** The root, read. */
export const root: Certificate = readCertificate(rootPem)
/** The authority below the root, which issued the officers' certificates. */
export const issuing: Certificate = readCertificate(sandbox.ca.issuingPem)
/** PEM of the certificate in question. */
export const pem: string = laras.certificatePem
/** The certificate in question, of Laras Kinanti: valid for two years from 5 January 2026, not revoked. */
export const certificate: Certificate = readCertificate(pem)
/** The certificate of Surya Wibisana, revoked a day before `at` for keyCompromise. */
export const revoked: Certificate = readCertificate(surya.der)

sandbox.manage.publish()
/** DER of the CRL of the day before: number 1, lists nobody. */
export const earlierCrl: Uint8Array = sandbox.ca.crl()
sandbox.manage.revokeAtAuthority(revoked.serial, 'keyCompromise')
clock = at
sandbox.manage.publish()
/** DER of the CRL: number 2, of `at`, holds for a day, lists `revoked`. */
export const crl: Uint8Array = sandbox.ca.crl()
/** DER of the root's CRL, which lists nobody. */
export const rootCrl: Uint8Array = new Uint8Array(await (await sandbox.fetch(sandbox.ca.urls.rootCrl)).arrayBuffer())

/** The responder: answers an OCSP request (DER) as of `at`. */
export const responder = (request: Uint8Array): Uint8Array => sandbox.ca.ocsp(request)
/** DER of its answer about `certificate`, asked without a nonce. */
export const ocsp: Uint8Array = responder(await buildOcspRequest({ certificate, issuer: issuing }))
/** 32 octets. They should be random; these are the same on every run. */
export const nonce: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => i + 1)
/** Reaches the addresses that stand in the certificates, and no others. */
export const network: typeof globalThis.fetch = sandbox.fetch

/** A PDF of one page that asks for the revocation of `certificate`, without a signature. */
export const unsignedLetter: Uint8Array = await onePage('Mohon dicabut sertifikat elektronik Laras Kinanti karena mutasi.')
/** The same, signed by Ratna Pertiwi. */
export const letter: Uint8Array = await signLetter(unsignedLetter, ratna, at)
/** The same, signed by Laras Kinanti with `certificate` itself. */
export const ownLetter: Uint8Array = await signLetter(unsignedLetter, laras, at)

async function onePage(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.addPage([595, 842]).drawText(text, { x: 72, y: 760, size: 11 })
  return document.save({ useObjectStreams: false })
}
