import { readCertificate, readGeneralNames, serialHex, type Certificate } from '../certificate/index.js'
import { createDigest, digest, hashOfOid, keyKind, verifySignature, type DigestAlgorithm, type LegacyPermission, type SignatureHash } from '../crypto/index.js'
import { concatBytes, contextTag, DerReader, equalBytes, readAlgorithm, Tag, type AlgorithmIdentifier } from '../der/index.js'
import { PkiError } from '../errors.js'
import { sameName } from '../issued-by.js'
import { namesMatch, readName } from '../name/index.js'
import { problemOf } from './byterange.js'
import { attributeReader, CmsOid, type SignedData, type SignerInfo } from './cms.js'
import type { LetterProblem, LetterProblemCode } from './report.js'

/** What a CMS signature proves by itself, before anybody asks whose certificate it is. */
export interface SignerCheck {
  readonly integrity: 'intact' | 'broken' | 'unsupported'
  readonly certificate?: Certificate
  readonly signer?: SignerInfo
  /** True when an ESS signing-certificate attribute binds the certificate into the signature. */
  readonly bound: boolean
  /** The signing-time attribute. */
  readonly claimed?: Date
  readonly problems: readonly LetterProblem[]
}

/** What to check a message against. */
export interface SignerCheckInput {
  readonly message: SignedData
  /** The signed octets, in pieces. */
  readonly content: readonly Uint8Array[]
  /** The type signed attributes must name. */
  readonly contentType: string
  /** Certificates of the signer's message and from elsewhere in the file. */
  readonly certificates: readonly Certificate[]
  readonly allow: readonly LegacyPermission[]
}

const fatalUnsupported: ReadonlySet<LetterProblemCode> = /* @__PURE__ */ new Set(['algorithmUnsupported', 'subFilterUnsupported'])

/**
 * Checks the one signer of a message (RFC 5652 section 5.6): the digest of the content, the signed attributes, the certificate they bind (RFC 5035), and the
 * signature by its key.
 */
export async function checkSigner(input: SignerCheckInput): Promise<SignerCheck> {
  const problems: LetterProblem[] = []
  const { message } = input
  const [signer] = message.signers
  const end = (facts: Partial<SignerCheck> = {}): SignerCheck => {
    const integrity = problems.length === 0 ? 'intact' : problems.every(({ code }) => fatalUnsupported.has(code)) ? 'unsupported' : 'broken'
    return { integrity, bound: false, ...facts, problems }
  }
  if (signer === undefined || message.signers.length !== 1) {
    problems.push({ code: 'signerCount' })
    return end()
  }
  let facts: { claimed?: Date; bindings: readonly EssId[] } = { bindings: [] }
  try {
    facts = readSignedFacts(signer)
    await checkAttributes(signer, input, problems)
  } catch (error) {
    problems.push(problemOf(error, 'cmsMalformed'))
    return end({ signer })
  }
  const { claimed } = facts
  const common = { signer, bound: facts.bindings.length > 0, ...(claimed && { claimed }) }
  const candidates = input.certificates.filter((certificate) => isSigner(signer, certificate))
  if (candidates.length === 0) {
    problems.push({ code: 'signerCertificateMissing' })
    return end(common)
  }
  const certificate = await firstBound(candidates, facts.bindings)
  if (certificate === undefined) {
    problems.push({ code: 'essMismatch' })
    return end({ ...common, certificate: candidates[0]! })
  }
  const usage = certificate.keyUsage
  const remarks: LetterProblem[] = usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation') ? [{ code: 'keyUsage' }] : []
  const algorithm = signatureAlgorithmOf(signer, certificate)
  const data = signer.signedDer ?? concatBytes(input.content)
  const result = algorithm === undefined ? 'unsupported' : await verifySignature({ algorithm, spki: certificate.spki, signature: signer.signature, data, allow: input.allow })
  if (result === 'invalid') problems.push({ code: 'signatureInvalid' })
  if (result === 'unsupported') problems.push({ code: 'algorithmUnsupported', detail: signer.signatureAlgorithm.oid })
  const checked = end({ ...common, certificate })
  return { ...checked, problems: [...checked.problems, ...remarks] }
}

interface EssId {
  readonly hash: DigestAlgorithm | undefined
  readonly certHash: Uint8Array
  /** An issuerSerial, if given: the reader stands over its content. */
  readonly issuerSerial?: Uint8Array
}

function readSignedFacts(signer: SignerInfo): { claimed?: Date; bindings: readonly EssId[] } {
  const time = attributeReader(signer, CmsOid.signingTime)
  const claimed = time === undefined ? undefined : new Date(time.time())
  time?.finish()
  const bindings: EssId[] = []
  for (const [type, version] of [[CmsOid.signingCertificate, 1], [CmsOid.signingCertificateV2, 2]] as const) {
    const value = attributeReader(signer, type)
    if (value === undefined) continue
    const sequence = value.enter(Tag.sequence)
    value.finish()
    const list = sequence.enter(Tag.sequence)
    // Only the first identifies the signer's certificate (RFC 5035 section 3 and 5.4); what follows restricts the path and is not used here.
    if (list.done) throw new PkiError('cmsMalformed', list.offset, 'no certificate identified')
    bindings.push(readEssId(list, version))
    while (!list.done) list.skip()
    if (!sequence.done) sequence.expect(Tag.sequence)
    sequence.finish()
  }
  return { ...(claimed && { claimed }), bindings }
}

function readEssId(list: DerReader, version: 1 | 2): EssId {
  const item = list.enter(Tag.sequence)
  let hash: SignatureHash | undefined = version === 1 ? 'SHA-1' : 'SHA-256'
  if (version === 2 && item.peek() === Tag.sequence) hash = hashOfOid(readAlgorithm(item).oid)
  const certHash = item.octetString()
  const issuerSerial = item.peek() === Tag.sequence ? item.element() : undefined
  item.finish()
  return { hash: hash === 'SHA-224' ? undefined : hash, certHash, ...(issuerSerial && { issuerSerial }) }
}

async function firstBound(candidates: readonly Certificate[], bindings: readonly EssId[]): Promise<Certificate | undefined> {
  for (const candidate of candidates) {
    let fits = true
    for (const binding of bindings) fits &&= await isBound(candidate, binding)
    if (fits) return candidate
  }
  return undefined
}

async function isBound(certificate: Certificate, { hash, certHash, issuerSerial }: EssId): Promise<boolean> {
  if (hash === undefined || !equalBytes(await digest(hash, certificate.der), certHash)) return false
  if (issuerSerial === undefined) return true
  try {
    const reader = new DerReader(issuerSerial).enter(Tag.sequence)
    const names = readGeneralNames(reader)
    const serial = serialHex(reader.integer())
    reader.finish()
    return serial === certificate.serial && names.some((name) => name.kind === 'directoryName' && namesMatch(name.name, certificate.issuer))
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
}

function isSigner({ id }: SignerInfo, certificate: Certificate): boolean {
  if (id.by === 'keyId') return certificate.subjectKeyId !== undefined && certificate.subjectKeyId === hex(id.keyId)
  if (id.serial !== certificate.serial) return false
  if (equalBytes(id.issuerDer, certificate.issuerDer)) return true
  try {
    return sameName({ name: readName(id.issuerDer), der: id.issuerDer }, { name: certificate.issuer, der: certificate.issuerDer })
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

async function checkAttributes(signer: SignerInfo, input: SignerCheckInput, problems: LetterProblem[]): Promise<void> {
  if (signer.signedDer === undefined) {
    // RFC 5652 5.3: without signed attributes only id-data may be signed.
    if (input.contentType !== CmsOid.data) problems.push({ code: 'contentTypeMismatch' })
    return
  }
  const type = attributeReader(signer, CmsOid.contentType)
  if (type === undefined || type.oid() !== input.contentType || input.message.contentType !== input.contentType) problems.push({ code: 'contentTypeMismatch' })
  const stated = attributeReader(signer, CmsOid.messageDigest)?.octetString()
  const hash = hashOfOid(signer.digestAlgorithm.oid)
  if (hash === undefined || hash === 'SHA-224' || (hash === 'SHA-1' && input.allow.length === 0)) {
    problems.push({ code: 'algorithmUnsupported', detail: signer.digestAlgorithm.oid })
  } else {
    const stream = createDigest(hash)
    for (const piece of input.content) stream.update(piece)
    if (stated === undefined || !equalBytes(await stream.digest(), stated)) problems.push({ code: 'digestMismatch' })
  }
  const protection = attributeReader(signer, CmsOid.algorithmProtection)
  if (protection !== undefined && !isProtected(protection, signer)) problems.push({ code: 'algorithmMismatch' })
}

/** CMSAlgorithmProtection (RFC 6211 section 2). */
function isProtected(reader: DerReader, signer: SignerInfo): boolean {
  const sequence = reader.enter(Tag.sequence)
  reader.finish()
  const sameDigest = readAlgorithm(sequence).oid === signer.digestAlgorithm.oid
  const signature = sequence.peek() === contextTag(1, true) ? readAlgorithm(sequence, contextTag(1, true)) : undefined
  if (signature === undefined) return false
  const { oid, parameters } = signer.signatureAlgorithm
  return sameDigest && signature.oid === oid && equalBytes(signature.parameters ?? none, parameters ?? none)
}

const none = /* @__PURE__ */ new Uint8Array(0)

const rsaWith: Readonly<Partial<Record<SignatureHash, string>>> = { 'SHA-1': '1.2.840.113549.1.1.5', 'SHA-256': '1.2.840.113549.1.1.11', 'SHA-384': '1.2.840.113549.1.1.12', 'SHA-512': '1.2.840.113549.1.1.13' }
const ecdsaWith: Readonly<Partial<Record<SignatureHash, string>>> = { 'SHA-1': '1.2.840.10045.4.1', 'SHA-256': '1.2.840.10045.4.3.2', 'SHA-384': '1.2.840.10045.4.3.3', 'SHA-512': '1.2.840.10045.4.3.4' }

/** RFC 3370 3.2: rsaEncryption as a signature algorithm takes its hash from digestAlgorithm; some signers do the same with id-ecPublicKey. */
function signatureAlgorithmOf(signer: SignerInfo, certificate: Certificate): Pick<AlgorithmIdentifier, 'oid' | 'parameters'> | undefined {
  const { signatureAlgorithm } = signer
  const hash = hashOfOid(signer.digestAlgorithm.oid)
  const kind = keyKind(certificate.spki)
  const named = signatureAlgorithm.oid === '1.2.840.113549.1.1.1' && kind === 'rsa' ? rsaWith : signatureAlgorithm.oid === '1.2.840.10045.2.1' ? ecdsaWith : undefined
  if (named === undefined) return signatureAlgorithm
  const oid = hash === undefined ? undefined : named[hash]
  return oid === undefined ? undefined : { oid }
}

/** Reads the certificates that came with a message; those that cannot be read are left out and told. */
export function readAlong(list: readonly Uint8Array[], problems: LetterProblem[]): Certificate[] {
  const certificates: Certificate[] = []
  for (const der of list) {
    try {
      certificates.push(readCertificate(der))
    } catch (error) {
      problems.push(problemOf(error, 'evidenceMalformed'))
    }
  }
  return certificates
}
