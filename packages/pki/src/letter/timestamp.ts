import { serialHex, type Certificate } from '../certificate/index.js'
import { createDigest, hashOfOid, type LegacyPermission } from '../crypto/index.js'
import { contextTag, DerReader, equalBytes, readAlgorithm, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'
import { problemOf } from './byterange.js'
import { CmsOid, readSignedData, type SignedData } from './cms.js'
import type { LetterProblem } from './report.js'
import { checkSigner, readAlong } from './signer.js'

/** id-kp-timeStamping (RFC 3161 section 2.3). */
export const timeStampingPurpose = '1.3.6.1.5.5.7.3.8'

/** TSTInfo of RFC 3161 section 2.4.2. */
export interface TimestampInfo {
  readonly policy: string
  readonly hashOid: string
  readonly imprint: Uint8Array
  /** The authority's number for the token, lower-case hex. */
  readonly serial: string
  readonly time: Date
  /** Content of the INTEGER the request came with. */
  readonly nonce?: Uint8Array
}

/** A timestamp token whose signature and imprint were checked; the authority's path was not. */
export interface TokenCheck {
  readonly integrity: 'intact' | 'broken' | 'unsupported'
  readonly message?: SignedData
  readonly info?: TimestampInfo
  readonly authority?: Certificate
  readonly certificates: readonly Certificate[]
  readonly problems: readonly LetterProblem[]
}

/** Reads TSTInfo. Throws {@link PkiError}: `der...` codes with the offset, `timestampMalformed`. */
export function readTimestampInfo(bytes: Uint8Array): TimestampInfo {
  const outer = new DerReader(bytes)
  const info = outer.enter(Tag.sequence)
  outer.finish()
  const start = info.offset
  if (info.smallInteger() !== 1) throw new PkiError('timestampMalformed', start, 'unknown version')
  const policy = info.oid()
  const imprint = info.enter(Tag.sequence)
  const hashOid = readAlgorithm(imprint).oid
  const hashed = imprint.octetString()
  imprint.finish()
  const serial = serialHex(info.integer())
  const time = generalizedTime(info)
  if (info.peek() === Tag.sequence) info.skip()
  if (info.peek() === Tag.boolean) info.boolean()
  const nonce = info.peek() === Tag.integer ? info.integer() : undefined
  if (info.peek() === contextTag(0, true)) info.skip()
  const extensions = info.enterOptional(contextTag(1, true))
  while (extensions !== undefined && !extensions.done) {
    const extension = extensions.enter(Tag.sequence)
    extension.oid()
    // RFC 3161 names no extension; one that must be understood is not.
    if (extension.peek() === Tag.boolean && extension.boolean()) throw new PkiError('timestampMalformed', extension.offset, 'an unknown critical extension')
    extension.octetString()
    extension.finish()
  }
  info.finish()
  return { policy, hashOid, imprint: hashed, serial, time, ...(nonce && { nonce }) }
}

/** GeneralizedTime with a fraction of a second, which RFC 3161 section 2.4.2 allows; no trailing zeros. */
function generalizedTime(reader: DerReader): Date {
  const content = reader.content(Tag.generalizedTime)
  const text = String.fromCharCode(...content.subarray(0, 40))
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,12}[1-9])?Z$/.exec(text)
  if (match === null || content.length > 40) throw new PkiError('derTime', reader.contentStart)
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const time = new Date(`${iso}${fraction.slice(0, 4)}Z`)
  // Dates that do not exist roll over; they are refused.
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 19) !== iso) throw new PkiError('derTime', reader.contentStart)
  return time
}

/** Checks a token over some octets: its CMS signature, TSTInfo and imprint (RFC 3161 section 2.4.2), and that its certificate is for timestamps only. */
export async function checkToken(token: Uint8Array, over: readonly Uint8Array[], more: readonly Certificate[], allow: readonly LegacyPermission[]): Promise<TokenCheck> {
  const problems: LetterProblem[] = []
  let message: SignedData
  let info: TimestampInfo
  try {
    message = readSignedData(token)
    if (message.contentType !== CmsOid.tstInfo || message.content === undefined) throw new PkiError('timestampMalformed', 0, 'no TSTInfo')
    info = readTimestampInfo(message.content)
  } catch (error) {
    return { integrity: 'broken', certificates: [], problems: [problemOf(error, 'timestampMalformed')] }
  }
  const certificates = readAlong(message.certificates, problems)
  const hash = hashOfOid(info.hashOid)
  if (hash === undefined || hash === 'SHA-224' || (hash === 'SHA-1' && allow.length === 0)) {
    return { integrity: 'unsupported', message, info, certificates, problems: [...problems, { code: 'algorithmUnsupported', detail: info.hashOid }] }
  }
  const stream = createDigest(hash)
  for (const piece of over) stream.update(piece)
  const fits = equalBytes(await stream.digest(), info.imprint)
  if (!fits) problems.push({ code: 'timestampImprint' })
  const check = await checkSigner({ message, content: [message.content], contentType: CmsOid.tstInfo, certificates: [...certificates, ...more], allow })
  // RFC 3161 2.4.2: the token must bind the authority's certificate.
  const isSound = check.integrity === 'intact' && check.bound
  if (!isSound && check.integrity !== 'unsupported') problems.push({ code: 'timestampSignature', detail: check.problems[0]?.code ?? 'not bound to a certificate' })
  if (check.integrity === 'unsupported') problems.push(...check.problems)
  const usage = check.certificate?.extendedKeyUsage
  const isAuthority = usage?.critical === true && usage.purposes.length === 1 && usage.purposes[0] === timeStampingPurpose
  if (check.certificate !== undefined && !isAuthority) problems.push({ code: 'timestampPurpose' })
  const integrity = fits && isSound && isAuthority ? 'intact' : check.integrity === 'unsupported' && fits ? 'unsupported' : 'broken'
  return { integrity, message, info, ...(check.certificate && { authority: check.certificate }), certificates, problems }
}
