import { createHash } from 'node:crypto'
import { REASON_CODES, type RevocationReason } from './crl.js'
import { elements, enumerated, explicit, generalizedTime, octetString, oid, sequence, tlv, type Element } from './der.js'
import { signed, type TestKey } from './keys.js'

/** What the responder says about one serial. */
export type OcspStatus =
  | { readonly status: 'good' }
  | { readonly status: 'unknown' }
  | { readonly status: 'revoked'; readonly revokedAt: Date; readonly reason?: RevocationReason }

/** The authority an OCSP responder speaks for. */
export interface OcspContext {
  readonly issuerNameDer: Uint8Array
  readonly issuerKeyBits: Uint8Array
  readonly responder: TestKey
  /** The delegated responder's certificate, sent along. */
  readonly responderCertificate: Uint8Array
  statusOf(serial: string): OcspStatus
  readonly producedAt: Date
  readonly thisUpdate: Date
  /** `null`: none, as observed of BSrE's responder. */
  readonly nextUpdate: Date | null
}

const NONCE = '1.3.6.1.5.5.7.48.1.2'
const HASHES: Readonly<Record<string, string>> = { '06052b0e03021a': 'sha1', '0609608648016503040201': 'sha256' }

/** Answers `malformedRequest` (1), or `tryLater` (3) and the like by number. RFC 6960 4.2.1. */
export function ocspError(responseStatus: 1 | 2 | 3 | 5 | 6): Buffer {
  return sequence(enumerated(responseStatus))
}

/** Answers one OCSP request (RFC 6960): SHA-1 and SHA-256 CertID, several requests, nonce echoed, responderID byKey. */
export function answerOcsp(request: Uint8Array, context: OcspContext): Buffer {
  let certIds: Element[]
  let nonce: Buffer | undefined
  try {
    ;({ certIds, nonce } = readRequest(Buffer.from(request)))
  } catch {
    return ocspError(1)
  }
  if (certIds.length === 0) return ocspError(1)
  const responses = certIds.map((certId) => singleResponse(certId, context))
  const data = sequence(
    explicit(2, octetString(context.responder.keyId)),
    generalizedTime(context.producedAt),
    sequence(...responses),
    ...(nonce === undefined ? [] : [explicit(1, sequence(nonce))]),
  )
  const basic = signed(context.responder, data, explicit(0, sequence(context.responderCertificate)))
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))))
}

function readRequest(der: Buffer): { certIds: Element[]; nonce: Buffer | undefined } {
  const [outer, trailing] = elements(der)
  if (outer === undefined || outer.tag !== 0x30 || trailing !== undefined) throw new RangeError('OCSPRequest')
  const tbs = elements(outer.content)[0] as Element
  const fields = elements(tbs.content)
  const list = fields.find((field) => field.tag === 0x30) as Element
  const certIds = elements(list.content).map((one) => elements(one.content)[0] as Element)
  for (const certId of certIds) if (elements(certId.content).length !== 4) throw new RangeError('CertID')
  const extensions = fields.find((field) => field.tag === 0xa2)
  if (extensions === undefined) return { certIds, nonce: undefined }
  const wanted = oid(NONCE)
  const items = elements((elements(extensions.content)[0] as Element).content)
  return { certIds, nonce: items.find((item) => (elements(item.content)[0] as Element).whole.equals(wanted))?.whole }
}

function singleResponse(certId: Element, context: OcspContext): Buffer {
  const [algorithm, nameHash, keyHash, serial] = elements(certId.content) as [Element, Element, Element, Element]
  const hash = HASHES[(elements(algorithm.content)[0] as Element).whole.toString('hex')]
  const ours =
    hash !== undefined &&
    createHash(hash).update(context.issuerNameDer).digest().equals(nameHash.content) &&
    createHash(hash).update(context.issuerKeyBits).digest().equals(keyHash.content)
  const said: OcspStatus = ours ? context.statusOf(serial.content.toString('hex').replace(/^0+(?=.)/, '')) : { status: 'unknown' }
  return sequence(
    certId.whole,
    certStatus(said),
    generalizedTime(context.thisUpdate),
    ...(context.nextUpdate === null ? [] : [explicit(0, generalizedTime(context.nextUpdate))]),
  )
}

function certStatus(said: OcspStatus): Buffer {
  if (said.status === 'good') return tlv(0x80)
  if (said.status === 'unknown') return tlv(0x82)
  const code = said.reason === undefined ? 0 : REASON_CODES[said.reason]
  return tlv(0xa1, generalizedTime(said.revokedAt), ...(code > 0 ? [explicit(0, enumerated(code))] : []))
}
