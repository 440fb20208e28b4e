import { verifySignature, type LegacyPermission, type SignatureResult } from './crypto/index.js'
import type { Certificate } from './certificate/index.js'
import { equalBytes } from './der/index.js'
import { namesMatch } from './name/index.js'
import type { Name } from './name/index.js'

/** Compares names that are nearly always the same octets. */
export function sameName(a: { readonly name: Name; readonly der: Uint8Array }, b: { readonly name: Name; readonly der: Uint8Array }): boolean {
  return equalBytes(a.der, b.der) || namesMatch(a.name, b.name)
}

type Outcome = SignatureResult | 'otherName'

/** Two memories: a signature over SHA-1 that was allowed once is not allowed for ever. */
const strictly = new WeakMap<Certificate, WeakMap<Certificate, Outcome>>()
const withLegacy = new WeakMap<Certificate, WeakMap<Certificate, Outcome>>()

/**
 * Whether a certificate names this issuer and is signed by its key. Says nothing of dates or rights. Results are remembered while both live, and then
 * given at once.
 */
export function issuedBy(certificate: Certificate, issuer: Certificate, allow: readonly LegacyPermission[] = []): Outcome | Promise<Outcome> {
  const memory = allow.length === 0 ? strictly : withLegacy
  return memory.get(certificate)?.get(issuer) ?? findOut(certificate, issuer, allow, memory)
}

async function findOut(certificate: Certificate, issuer: Certificate, allow: readonly LegacyPermission[], memory: typeof strictly): Promise<Outcome> {
  let outcome: Outcome = 'otherName'
  if (sameName({ name: certificate.issuer, der: certificate.issuerDer }, { name: issuer.subject, der: issuer.subjectDer })) {
    const { signatureAlgorithm: algorithm, signature, tbs: data } = certificate
    outcome = await verifySignature({ algorithm, signature, data, spki: issuer.spki, allow })
  }
  let byIssuer = memory.get(certificate)
  if (byIssuer === undefined) memory.set(certificate, (byIssuer = new WeakMap()))
  byIssuer.set(issuer, outcome)
  return outcome
}
