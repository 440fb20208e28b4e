import { certificateSha256, type Certificate } from '@cabut/pki/certificate'
import type { Judgement } from '@cabut/pki/status'
import { CabutError } from '../errors.js'
import { judgeProof, type ProofFinding, type ProofVerdict } from '../proof/index.js'
import type { ClaimedEffect, Evidence } from '../store/index.js'
import { systemActor, type Actor, type CaseState, type Command, type Status } from '../workflow/index.js'
import type { EffectEnd } from './effect-end.js'
import { plus, type Office } from './office.js'
import { testify, type Testimony } from './testimony.js'

const looking: ReadonlySet<Status> = new Set(['executing', 'atBsre', 'awaitingProof', 'parked', 'resuming'])

/** Looks for the certificate authority's own word. Silence is waiting, however long AMS says "revoked". */
export async function lookForProof(office: Office, effect: ClaimedEffect, state: CaseState): Promise<EffectEnd> {
  if (!looking.has(state.status)) return 'done'
  const now = office.now()
  const found = await testify(office, state)
  if (found === undefined) return { park: 'neither certificate nor issuer and serial are known: nothing can be looked for' }
  const finding = await conclude(office, state, found)
  if (finding.commands.length === 0) return { wait: plus(now, office.pace.proof), note: finding.note }
  const written = await office.journal.write({ caseId: state.id, actor: systemActor, commands: finding.commands, evidence: finding.evidence, lease: effect })
  if (written.outcome === 'conflict') return { again: now }
  if (written.outcome === 'refused') return { again: plus(now, office.pace.proof), note: `refused as ${written.refusal.refused}` }
  return 'done'
}

/** Compares later CRLs with the proof until the certificate would have expired. */
export async function watchProof(office: Office, effect: ClaimedEffect, state: CaseState): Promise<EffectEnd> {
  const { proof } = state
  const now = office.now()
  if (proof === undefined || (state.status !== 'revoked' && state.status !== 'closed')) return 'done'
  if (state.certificate.notAfter !== undefined && now > state.certificate.notAfter) return 'done'
  // The first look comes a while after the proof: there is nothing newer to compare with at once.
  const again: EffectEnd = { wait: plus(now, office.pace.watch), note: 'after-watch' }
  if (now < plus(proof.seenAt, Math.min(office.pace.watch, 1_000))) return { wait: plus(proof.seenAt, office.pace.watch), note: 'after-watch' }
  const found = await testify(office, state)
  if (found === undefined) return 'done'
  const verdict = await judgeProof({ evidence: [found.said], previous: proof, policy: office.policy, now: new Date(now) })
  if (verdict.verdict !== 'contradicted') return again
  const { commands, evidence } = contradiction(state, found, verdict.findings)
  const written = await office.journal.write({ caseId: state.id, actor: systemActor, commands, evidence, lease: effect })
  return written.outcome === 'written' ? 'done' : again
}

/** Evidence somebody handed in, judged like any other. */
export async function examine(
  office: Office, state: CaseState, by: { readonly as: Actor; readonly ifVersion?: number }, files: { readonly crls?: readonly Uint8Array[]; readonly ocsp?: readonly Uint8Array[] },
): Promise<void> {
  const found = await testify(office, state, files)
  if (found === undefined) throw new CabutError('requestInvalid', { at: 'certificate', detail: 'neither certificate nor issuer and serial are known to judge the evidence by' })
  const finding = await conclude(office, state, found)
  const handed = found.evidence.filter(each => each.verdict !== 'unknown')
  const commands = finding.commands.length > 0 ? finding.commands : handed.map(recording)
  const evidence = finding.commands.length > 0 ? finding.evidence : handed.map(bytesOf)
  if (commands.length === 0) return
  await office.journal.give({ caseId: state.id, actor: by.as, commands, evidence, ...(by.ifVersion === undefined ? {} : { ifVersion: by.ifVersion }) })
}

interface Finding {
  readonly commands: readonly Command[]
  readonly evidence: readonly Evidence[]
  readonly note: string
}

async function conclude(office: Office, state: CaseState, found: Testimony): Promise<Finding> {
  const now = new Date(office.now())
  const says = state.ams.recordStatus === 'revoked' ? new Date(state.ams.revokedAt ?? state.since) : undefined
  const verdict = await judgeProof({ ...(says === undefined ? {} : { ams: { saysRevokedAt: says } }), evidence: [found.said], policy: office.policy, now })
  if (state.status === 'resuming') return concludeResumption(state, found, verdict)
  switch (verdict.verdict) {
    case 'proven': {
      const judgement = found.evidence.find(each => each.sha256 === verdict.proof.sha256)
      if (judgement === undefined) return nothing('the proof names no evidence at hand')
      if (state.kind === 'suspension') return contradiction(state, found, verdict.findings, 'revokedInstead')
      const chain = await chainOf(found)
      return {
        commands: [recording(judgement), { type: 'prove', proof: { of: 'revoked', proof: verdict.proof, chain: chain.map(each => each.sha256) } }],
        evidence: [bytesOf(judgement), ...chain], note: '',
      }
    }
    case 'suspended': {
      const held = found.evidence.find(each => each.verdict === 'onHold')
      if (state.kind !== 'suspension' || held?.thisUpdate === undefined) return expiredOr(office, state, now, 'on hold, not revoked')
      const claim = { of: 'held', sha256: held.sha256, thisUpdate: held.thisUpdate.toISOString(), serial: found.serial } as const
      return { commands: [recording(held), { type: 'prove', proof: claim }], evidence: [bytesOf(held), ...await chainOf(found)], note: '' }
    }
    case 'contradicted': return contradiction(state, found, verdict.findings)
    case 'awaiting': return expiredOr(office, state, now, `${verdict.reason}${verdict.overdue ? ', overdue' : ''}`)
  }
}

function concludeResumption(state: CaseState, found: Testimony, verdict: ProofVerdict): Finding {
  if (verdict.verdict === 'proven') return contradiction(state, found, verdict.findings, 'revokedInstead')
  const newest = [...found.evidence].filter(each => each.thisUpdate !== undefined && each.verdict !== 'unknown')
    .sort((left, right) => (right.thisUpdate?.getTime() ?? 0) - (left.thisUpdate?.getTime() ?? 0))[0]
  // Only evidence made after the resumption was started can show its effect.
  if (newest?.verdict !== 'notRevoked' || newest.thisUpdate === undefined || newest.thisUpdate.toISOString() < state.since) return nothing('still on hold')
  const claim = { of: 'active', sha256: newest.sha256, thisUpdate: newest.thisUpdate.toISOString(), serial: found.serial } as const
  return { commands: [recording(newest), { type: 'prove', proof: claim }], evidence: [bytesOf(newest)], note: '' }
}

function contradiction(state: CaseState, found: Testimony, findings: readonly ProofFinding[], reason: 'evidenceDenies' | 'revokedInstead' = 'evidenceDenies'): Finding {
  const named = found.evidence.filter(each => each.verdict !== 'unknown' && (reason === 'revokedInstead' || findings.some(finding => finding.sha256 === each.sha256)))
  const fresh = named.filter(each => !state.evidence.includes(each.sha256))
  return { commands: [...fresh.map(recording), { type: 'contradict', reason, findings }], evidence: fresh.map(bytesOf), note: '' }
}

/**
 * A revocation made in the last hours of a certificate still shows after its end: the entry stays until one regular CRL was issued beyond the
 * validity (RFC 5280 3.3). So the request fails only when the time a publication may take has passed as well.
 */
function expiredOr(office: Office, state: CaseState, now: Date, note: string): Finding {
  const { notAfter } = state.certificate
  const grace = office.policy.publicationGrace
  return notAfter !== undefined && now.toISOString() > plus(notAfter, grace) ? { commands: [{ type: 'expire' }], evidence: [], note } : nothing(note)
}

const nothing = (note: string): Finding => ({ commands: [], evidence: [], note })

function recording(judgement: Judgement): Command {
  const { sha256, source, verdict, thisUpdate } = judgement
  return { type: 'recordEvidence', evidence: { sha256, source, verdict, ...(thisUpdate === undefined ? {} : { thisUpdate: thisUpdate.toISOString() }) } }
}

function bytesOf(judgement: Judgement): Evidence {
  return { sha256: judgement.sha256, mediaType: judgement.source === 'crl' ? 'application/pkix-crl' : 'application/ocsp-response', bytes: judgement.bytes }
}

/** The certificates from the issuer up to the anchor, to be kept: a receipt must hold without any network. */
function chainOf(found: Testimony): Promise<readonly Evidence[]> {
  return Promise.all(found.issuers.map(evidenceOf))
}

async function evidenceOf(certificate: Certificate): Promise<Evidence> {
  return { sha256: await certificateSha256(certificate), mediaType: 'application/pkix-cert', bytes: certificate.der }
}
