import { checkSignature } from '../crypto/check.js'
import type { LegacyPermission, SignatureResult } from '../crypto/index.js'
import type { Certificate } from '../certificate/index.js'
import { isInDate } from '../certificate/read.js'
import { mostUseful, type UnknownReason } from '../judgement.js'
import { whenKnown } from '../when-known.js'
import type { JudgeOcspOptions } from './judge.js'
import { delegateOf, isResponder, whyNotAuthorised, type KnownDelegate } from './responder.js'
import type { BasicOcspResponse } from './response.js'

/** A signer, why this candidate is none, or undefined when the answer does not name it. */
type Trial = Certificate | UnknownReason | undefined

/** An answer carries one certificate, seldom a short chain. */
const maxCandidates = 8

/** The issuer itself, or a delegate it issued (RFC 6960 section 4.2.2.2), whose key made the signature; or why there is none. */
export function findSigner(basic: BasicOcspResponse, options: JudgeOcspOptions): Certificate | UnknownReason | Promise<Certificate | UnknownReason> {
  return whenKnown(tryIssuer(basic, options), (trial) => (typeof trial === 'object' ? trial : tryDelegates(basic, options, 0, trial)))
}

function tryIssuer(basic: BasicOcspResponse, { issuer, at, allow }: JudgeOcspOptions): Trial | Promise<Trial> {
  return whenKnown(isResponder(basic.responderId, issuer), (isNamed) => {
    if (!isNamed) return undefined
    return whenKnown(checkSigned(basic, issuer, allow), (problem) => problem ?? (isInDate(issuer, at.getTime()) ? issuer : 'signerOutOfDate'))
  })
}

/** One after another, from `place` on; `problem` is the most useful so far. */
function tryDelegates(basic: BasicOcspResponse, options: JudgeOcspOptions, place: number, problem: UnknownReason | undefined): Certificate | UnknownReason | Promise<Certificate | UnknownReason> {
  const der = place < maxCandidates ? basic.certificates[place] : undefined
  if (der === undefined) return problem ?? 'signerNotTrusted'
  const trial = whenKnown(delegateOf(der, options.issuer, options.allow), (delegate) => (delegate === undefined ? 'malformed' : tryDelegate(delegate, basic, options)))
  return whenKnown(trial, (outcome) => {
    if (typeof outcome === 'object') return outcome
    return tryDelegates(basic, options, place + 1, outcome === undefined || problem === undefined ? outcome ?? problem : mostUseful([problem, outcome]))
  })
}

function tryDelegate(delegate: KnownDelegate, basic: BasicOcspResponse, options: JudgeOcspOptions): Trial | Promise<Trial> {
  const { certificate, issued } = delegate
  return whenKnown(isResponder(basic.responderId, certificate), (isNamed) => {
    if (!isNamed) return undefined
    if (issued !== 'valid') return issued === 'unsupported' ? 'unsupportedAlgorithm' : 'signerNotTrusted'
    const unauthorised = whyNotAuthorised(certificate)
    if (unauthorised !== undefined) return unauthorised
    const at = options.at.getTime()
    if (!isInDate(certificate, at) || !isInDate(options.issuer, at)) return 'signerOutOfDate'
    return whenKnown(checkSigned(basic, certificate, options.allow), (problem) => {
      if (problem !== undefined) return problem
      return certificate.ocspNoCheck ? certificate : ofKnownStatus(certificate, options)
    })
  })
}

/** RFC 6960 section 4.2.2.2.1: a delegate without nocheck has a status of its own. */
async function ofKnownStatus(certificate: Certificate, { responderStatus }: JudgeOcspOptions): Promise<Trial> {
  const status = (await responderStatus?.(certificate)) ?? 'unknown'
  const namesSource = certificate.crlDistributionPoints.length > 0 || certificate.ocspUrls.length > 0
  if (status === 'notRevoked' || (status === 'unknown' && !namesSource)) return certificate
  return status === 'unknown' ? 'signerStatusUnknown' : 'signerRevoked'
}

type Problem = UnknownReason | undefined

/** Whether this key made the answer's signature. */
function checkSigned(basic: BasicOcspResponse, signer: Certificate, allow: readonly LegacyPermission[] | undefined): Problem | Promise<Problem> {
  const { signatureAlgorithm: algorithm, signature, tbs: data } = basic
  return whenKnown(checkSignature({ algorithm, signature, data, spki: signer.spki, allow: allow ?? [] }), problemOf)
}

function problemOf(result: SignatureResult): Problem {
  return result === 'valid' ? undefined : result === 'invalid' ? 'signatureInvalid' : 'unsupportedAlgorithm'
}
