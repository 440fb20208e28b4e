import { serialHex } from '../certificate/index.js'
import { contextTag, DerReader, readAlgorithm, Tag, type AlgorithmIdentifier } from '../der/index.js'
import { PkiError } from '../errors.js'

/** Object identifiers of CMS, ESS and Adobe that letters use. */
export const CmsOid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  algorithmProtection: '1.2.840.113549.1.9.52',
  timestampToken: '1.2.840.113549.1.9.16.2.14',
  adobeRevocation: '1.2.840.113583.1.1.8',
} as const

/** Largest accepted message, octets; with revocation data they have 10 to 500 kB. */
const maxCmsBytes = 16 * 1024 * 1024
const maxCertificates = 64
const maxAttributes = 64

/** Who the signer is said to be (RFC 5652 section 5.3). */
export type SignerId =
  | { readonly by: 'issuerAndSerial'; readonly issuerDer: Uint8Array; readonly serial: string }
  | { readonly by: 'keyId'; readonly keyId: Uint8Array }

export interface CmsAttribute {
  readonly type: string
  /** The values, whole elements; in signed attributes exactly one. */
  readonly values: readonly Uint8Array[]
}

export interface SignerInfo {
  readonly id: SignerId
  readonly digestAlgorithm: AlgorithmIdentifier
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
  /** The signed attributes as they are signed: a SET OF (RFC 5652 section 5.4); absent when the content is signed itself. */
  readonly signedDer?: Uint8Array
  readonly signed: ReadonlyMap<string, CmsAttribute>
  readonly unsigned: ReadonlyMap<string, CmsAttribute>
}

/** SignedData of RFC 5652 section 5.1, read strictly as DER. */
export interface SignedData {
  readonly contentType: string
  /** Absent when detached. */
  readonly content?: Uint8Array
  /** X.509 certificates that came along, DER, not yet read. */
  readonly certificates: readonly Uint8Array[]
  readonly crls: readonly Uint8Array[]
  /** OCSP answers among the revocation information (RFC 5940). */
  readonly ocsp: readonly Uint8Array[]
  readonly signers: readonly SignerInfo[]
}

/** Reads a CMS SignedData message. Throws {@link PkiError}: `der...` codes with the offset, `cmsMalformed`. */
export function readSignedData(bytes: Uint8Array): SignedData {
  if (bytes.length > maxCmsBytes) throw malformed(0, 'too large')
  const outer = new DerReader(bytes)
  const info = outer.enter(Tag.sequence)
  outer.finish()
  const typeStart = info.offset
  if (info.oid() !== CmsOid.signedData) throw malformed(typeStart, 'no SignedData')
  const explicit = info.enter(contextTag(0, true))
  info.finish()
  const data = explicit.enter(Tag.sequence)
  explicit.finish()
  const versionStart = data.offset
  const version = data.smallInteger()
  if (version < 1 || version > 5) throw malformed(versionStart, 'unknown version')
  const digests = data.enter(Tag.set)
  while (!digests.done) readAlgorithm(digests)
  const encapsulated = data.enter(Tag.sequence)
  const contentType = encapsulated.oid()
  const inner = encapsulated.enterOptional(contextTag(0, true))
  const content = inner?.octetString()
  inner?.finish()
  encapsulated.finish()
  const certificates: Uint8Array[] = []
  const sent = data.enterOptional(contextTag(0, true))
  while (sent !== undefined && !sent.done) {
    // Other kinds (attribute certificates, other formats) have context tags; they are read over.
    if (sent.peek() === Tag.sequence) certificates.push(sent.element())
    else sent.skip()
    if (certificates.length > maxCertificates) throw malformed(sent.offset, 'too many certificates')
  }
  const crls: Uint8Array[] = []
  const ocsp: Uint8Array[] = []
  const lists = data.enterOptional(contextTag(1, true))
  while (lists !== undefined && !lists.done) {
    if (lists.peek() === Tag.sequence) crls.push(lists.element())
    else readOtherRevocation(lists, ocsp)
    if (crls.length + ocsp.length > maxCertificates) throw malformed(lists.offset, 'too many lists')
  }
  const list = data.enter(Tag.set)
  data.finish()
  const signers: SignerInfo[] = []
  while (!list.done) {
    if (signers.length >= 8) throw malformed(list.offset, 'too many signers')
    signers.push(readSigner(list))
  }
  return { contentType, ...(content && { content }), certificates, crls, ocsp, signers }
}

function malformed(offset: number, detail: string): PkiError {
  return new PkiError('cmsMalformed', offset, detail)
}

/** OtherRevocationInfoFormat with id-ri-ocsp-response (RFC 5940 section 2.1). */
function readOtherRevocation(reader: DerReader, ocsp: Uint8Array[]): void {
  const other = reader.enter(contextTag(1, true))
  const type = other.oid()
  const value = other.element()
  other.finish()
  if (type === '1.3.6.1.5.5.7.16.2') ocsp.push(value)
}

function readSigner(list: DerReader): SignerInfo {
  const signer = list.enter(Tag.sequence)
  const versionStart = signer.offset
  const version = signer.smallInteger()
  let id: SignerId
  if (signer.peek() === contextTag(0)) {
    id = { by: 'keyId', keyId: signer.octetString(contextTag(0)) }
  } else {
    const pair = signer.enter(Tag.sequence)
    id = { by: 'issuerAndSerial', issuerDer: pair.element(Tag.sequence), serial: serialHex(pair.integer()) }
    pair.finish()
  }
  // RFC 5652 5.3: version 1 with issuerAndSerialNumber, 3 with subjectKeyIdentifier; some signers write 3 for both.
  if (version !== 1 && version !== 3) throw malformed(versionStart, 'unknown version of a signer')
  const digestAlgorithm = readAlgorithm(signer)
  const attributesStart = signer.offset
  const signedReader = signer.enterOptional(contextTag(0, true))
  let signedDer: Uint8Array | undefined
  let signed: ReadonlyMap<string, CmsAttribute> = new Map()
  if (signedReader !== undefined) {
    // RFC 5652 5.4: the digest is over the SET OF tag, not the [0] that is sent.
    signedDer = new Uint8Array(signer.bytes.subarray(attributesStart, signer.offset))
    signedDer[0] = Tag.set
    signed = readAttributes(signedReader, true)
  }
  const signatureAlgorithm = readAlgorithm(signer)
  const signature = signer.octetString()
  const unsignedReader = signer.enterOptional(contextTag(1, true))
  const unsigned = unsignedReader === undefined ? new Map<string, CmsAttribute>() : readAttributes(unsignedReader, false)
  signer.finish()
  return { id, digestAlgorithm, signatureAlgorithm, signature, ...(signedDer && { signedDer }), signed, unsigned }
}

function readAttributes(reader: DerReader, single: boolean): Map<string, CmsAttribute> {
  const attributes = new Map<string, CmsAttribute>()
  if (reader.done) throw malformed(reader.offset, 'no attribute')
  while (!reader.done) {
    const start = reader.offset
    const attribute = reader.enter(Tag.sequence)
    const type = attribute.oid()
    const set = attribute.enter(Tag.set)
    attribute.finish()
    const values: Uint8Array[] = []
    while (!set.done) values.push(set.element())
    // RFC 5652 5.3: an attribute may not occur twice; those that decide here have one value.
    if (attributes.has(type)) throw malformed(start, 'an attribute twice')
    if (values.length === 0 || (single && values.length !== 1 && decisive.has(type))) throw malformed(start, 'the values of an attribute')
    attributes.set(type, { type, values })
    if (attributes.size > maxAttributes || values.length > maxAttributes) throw malformed(start, 'too many attributes')
  }
  return attributes
}

const decisive: ReadonlySet<string> = /* @__PURE__ */ new Set([
  '1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4', '1.2.840.113549.1.9.5', '1.2.840.113549.1.9.16.2.12', '1.2.840.113549.1.9.16.2.47', '1.2.840.113549.1.9.52',
])

/** The one value of a signed attribute. */
export function attributeReader(signer: SignerInfo, type: string): DerReader | undefined {
  const value = signer.signed.get(type)?.values[0]
  return value === undefined ? undefined : new DerReader(value)
}
