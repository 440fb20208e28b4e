import { certificateSha256 } from '@cabut/pki/certificate'
import { digest, toHex } from '@cabut/pki/crypto'
import type { Exhibit } from './exhibit.js'
import type { Proof, ProofFinding, ProofPolicy } from './verdict.js'

/**
 * What evidence collected after a proof says otherwise: another reason (absent is no drift) or date, a CRL number that went back
 * (RFC 5280 5.2.3), publication that stopped, another anchor or signing key. Disappearance and hold are denials and judged apart.
 */
export async function compareWithProof(proof: Proof, exhibits: readonly Exhibit[], policy: ProofPolicy): Promise<readonly ProofFinding[]> {
  const findings: ProofFinding[] = []
  const seenAt = Date.parse(proof.seenAt)
  for (const exhibit of exhibits) {
    const { judgement, thisUpdate } = exhibit
    const add = (kind: ProofFinding['kind'], before?: string, after?: string): void => {
      findings.push({
        kind,
        source: judgement.source,
        sha256: judgement.sha256,
        thisUpdate: new Date(thisUpdate).toISOString(),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      })
    }
    const { revocation, crlNumber } = judgement
    if (judgement.verdict === 'revoked' && revocation !== undefined && thisUpdate >= Date.parse(proof.thisUpdate)) {
      const date = revocation.date.toISOString()
      if (date !== proof.revocationDate) add('dateChanged', proof.revocationDate, date)
      if (revocation.reason !== undefined && proof.reason !== undefined && revocation.reason !== proof.reason) add('reasonChanged', proof.reason, revocation.reason)
    }
    // An older file counts only if the authority served it later; one that somebody handed in is just an old file.
    const servedLater = judgement.origin !== undefined && exhibit.collectedAt > seenAt
    const later = servedLater || thisUpdate > Date.parse(proof.thisUpdate)
    if (later && judgement.source === 'crl' && crlNumber !== undefined && proof.crlNumber !== undefined && crlNumber < BigInt(proof.crlNumber)) {
      add('numberRollback', proof.crlNumber, crlNumber.toString())
    }
    const anchor = await certificateSha256(exhibit.anchor)
    if (anchor !== proof.anchorSha256) add('issuerChanged', proof.anchorSha256, anchor)
    const key = await crlKeyOf(exhibit)
    if (later && key !== undefined && proof.crlKeySha256 !== undefined && key !== proof.crlKeySha256) add('keyChanged', proof.crlKeySha256, key)
  }
  const stale = staleSource(exhibits, policy)
  if (stale !== undefined) findings.push(stale)
  return findings
}

/** SHA-256 of the key that signed a CRL. */
export async function crlKeyOf({ judgement: { source, signer } }: Exhibit): Promise<string | undefined> {
  return source === 'crl' && signer !== undefined ? toHex(await digest('SHA-256', signer.spki)) : undefined
}

/**
 * The newest CRL was past its nextUpdate, and more than the tolerance, at the very time it was fetched: the host still serves it, so
 * publication has stopped. Our own failure to fetch is no finding, nor is an old file that was handed in.
 */
function staleSource(exhibits: readonly Exhibit[], policy: ProofPolicy): ProofFinding | undefined {
  const newest = maxBy(exhibits.filter(({ judgement }) => judgement.source === 'crl' && judgement.origin !== undefined), (each) => each.thisUpdate)
  const nextUpdate = newest?.judgement.nextUpdate
  if (newest === undefined || nextUpdate === undefined || newest.collectedAt <= nextUpdate.getTime() + policy.stalenessTolerance) return undefined
  const { judgement, thisUpdate } = newest
  return { kind: 'stale', source: 'crl', sha256: judgement.sha256, thisUpdate: new Date(thisUpdate).toISOString(), before: nextUpdate.toISOString() }
}

/** The item with the greatest key; the first of equals. */
export function maxBy<T>(items: readonly T[], key: (item: T) => number): T | undefined {
  let best: T | undefined
  for (const item of items) if (best === undefined || key(item) > key(best)) best = item
  return best
}
