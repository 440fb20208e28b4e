import type { Certificate } from '@cabut/pki/certificate'
import { judgeCrl, readCrl } from '@cabut/pki/crl'
import { judgeOcsp, readOcspResponse } from '@cabut/pki/ocsp'
import { buildPath } from '@cabut/pki/path'
import type { Judgement, RevocationReason } from '@cabut/pki/status'
import { judgeCrlBySerial, judgeOcspBySerial } from '../proof/judge-by-serial.js'
import type { ReceiptProblemCode } from './receipt.js'

/** What is to be found listed, and in what. */
export interface ListingQuestion {
  readonly source: 'crl' | 'ocsp'
  readonly bytes: Uint8Array
  readonly serial: string
  readonly issuerDn: string
  /** From the issuing CA to the pinned anchor. */
  readonly chain: readonly Certificate[]
  /** Absent in the public form: then issuer and serial tell the certificate. */
  readonly leaf?: Certificate
}

/** An authentic, final revocation. */
export interface Listing {
  /** The time it was judged at: when the evidence was made. */
  readonly at: Date
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  readonly producedAt?: Date
  readonly crlNumber?: bigint
  readonly revocationDate: Date
  readonly reason?: RevocationReason
  readonly invalidityDate?: Date
}

export interface NoListing {
  readonly problem: ReceiptProblemCode
  readonly about: 'evidence' | 'chain' | 'leaf'
  readonly detail?: string
}

/**
 * Judges the evidence at the time it was made: its signer, the path to the anchor and its own dates held then, whatever has expired since.
 * Historical evidence can be judged in no other way.
 */
export async function checkListing(question: ListingQuestion): Promise<Listing | NoListing> {
  const { source, bytes, chain, leaf } = question
  const issuer = chain[0]!
  const anchor = chain.at(-1)!
  let times: Pick<Listing, 'at'>
  try {
    times = source === 'crl' ? { at: readCrl(bytes).thisUpdate } : { at: madeAt(bytes, question.serial) }
  } catch {
    return { problem: 'evidenceInvalid', about: 'evidence', detail: 'it cannot be read' }
  }
  const { at } = times
  if (chain.length > 1) {
    const path = await buildPath(issuer, { anchors: [anchor], intermediates: chain.slice(1, -1), at })
    if (!path.ok) return { problem: 'chainInvalid', about: 'chain', detail: path.refusal.code }
  }
  if (leaf !== undefined) {
    // Any certificate may be revoked, whatever it was for: its own purposes are accepted.
    const path = await buildPath(leaf, { anchors: [anchor], intermediates: chain.slice(0, -1), at, purposes: leaf.extendedKeyUsage?.purposes ?? [] })
    if (!path.ok) return { problem: 'chainInvalid', about: 'leaf', detail: path.refusal.code }
  }
  return asListing(await judge(question, at), at)
}

function judge({ source, bytes, leaf, issuerDn, serial, chain }: ListingQuestion, at: Date): Promise<Judgement> {
  const issuer = chain[0]!
  if (leaf === undefined) return source === 'crl' ? judgeCrlBySerial(bytes, { issuerDn, serial, issuer, at }) : judgeOcspBySerial(bytes, { issuerDn, serial, issuer, at })
  return source === 'crl' ? judgeCrl(leaf, readCrl(bytes), { issuer, at }) : judgeOcsp(leaf, readOcspResponse(bytes), { issuer, at })
}

function asListing(judgement: Judgement, at: Date): Listing | NoListing {
  if (judgement.verdict === 'onHold') return { problem: 'onHold', about: 'evidence' }
  // Authentic, but about something else, or knowing nothing.
  if (judgement.reason === 'otherCertificate' || judgement.reason === 'responderUnknown') return { problem: 'notProven', about: 'evidence', detail: judgement.reason }
  if (judgement.verdict === 'notRevoked') return { problem: 'notProven', about: 'evidence', detail: 'not listed' }
  const { revocation, thisUpdate, nextUpdate, producedAt, crlNumber } = judgement
  if (judgement.verdict !== 'revoked' || revocation === undefined || thisUpdate === undefined) {
    return { problem: 'evidenceInvalid', about: 'evidence', ...(judgement.reason === undefined ? {} : { detail: judgement.reason }) }
  }
  return {
    at,
    thisUpdate,
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    ...(producedAt === undefined ? {} : { producedAt }),
    ...(crlNumber === undefined ? {} : { crlNumber }),
    revocationDate: revocation.date,
    ...(revocation.reason === undefined ? {} : { reason: revocation.reason }),
    ...(revocation.invalidityDate === undefined ? {} : { invalidityDate: revocation.invalidityDate }),
  }
}

/** producedAt, or the thisUpdate of the answer where that is later. */
function madeAt(bytes: Uint8Array, serial: string): Date {
  const { basic } = readOcspResponse(bytes)
  if (basic === undefined) throw new TypeError('no answer')
  const times = basic.responses.filter((each) => each.serial === serial).map((each) => each.thisUpdate.getTime())
  return new Date(Math.max(basic.producedAt.getTime(), ...times))
}
