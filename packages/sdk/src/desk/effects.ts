import { nextOpening } from '../calendar/index.js'
import type { ClaimedEffect } from '../store/index.js'
import { closable, noticeSubject, statuses, systemActor, told, type CaseState, type Label, type NoticeSubject } from '../workflow/index.js'
import { driveAms } from './drive-ams.js'
import type { EffectEnd } from './effect-end.js'
import type { Office } from './office.js'
import { lookForProof, watchProof } from './look-for-proof.js'
import { readLetter } from './filing.js'

/** Runs one claimed effect on the case as it is now. Throws only for what nobody foresaw; the worker then retries. */
export async function runEffect(office: Office, effect: ClaimedEffect): Promise<EffectEnd> {
  const stored = await office.store.load('all', effect.caseId)
  if (stored === undefined) return 'done'
  const { state } = stored
  switch (effect.kind) {
    case 'execute': return execute(office, effect, state)
    case 'ams': return driveAms(office, effect, state)
    case 'proof': return lookForProof(office, effect, state)
    case 'watch': return watchProof(office, effect, state)
    case 'notify': return tell(office, effect, state)
    case 'answer': return answer(office, effect, state)
    case 'close': return close(office, effect, state)
  }
}

async function execute(office: Office, effect: ClaimedEffect, state: CaseState): Promise<EffectEnd> {
  if (state.status !== 'approved') return 'done'
  const now = office.now()
  // A dated request waits for the office to open; an officer on call may execute it from the effective date on.
  const { effectiveDate } = state
  if (effectiveDate !== undefined && !state.expedited) {
    const opening = nextOpening(new Date(effectiveDate > now ? effectiveDate : now), office.calendar).toISOString()
    if (opening > now) return { wait: opening, note: 'waits for the effective date' }
  }
  const written = await office.journal.write({ caseId: state.id, actor: systemActor, commands: [{ type: 'execute' }], lease: effect })
  if (written.outcome === 'conflict') return { again: now }
  if (written.outcome === 'refused' && written.refusal.refused === 'certificateExpired') {
    await office.journal.write({ caseId: state.id, actor: systemActor, commands: [{ type: 'expire' }], lease: effect })
  }
  return 'done'
}

const words: Readonly<Record<NoticeSubject, Label>> = {
  submitted: { id: 'Permohonan Anda telah diterima.', en: 'Your request has been received.' },
  returned: { id: 'Permohonan Anda dikembalikan untuk perbaikan.', en: 'Your request was returned for correction.' },
  rejected: { id: 'Permohonan Anda ditolak.', en: 'Your request was rejected.' },
  awaitingProof: { id: 'Dicabut menurut AMS, menunggu bukti.', en: 'Revoked according to AMS, awaiting proof.' },
  revoked: { id: 'Sertifikat telah dicabut dan pencabutannya terbukti.', en: 'The certificate is revoked, and the revocation is proven.' },
  suspended: { id: 'Sertifikat ditangguhkan (diblokir).', en: 'The certificate is suspended.' },
  resumed: { id: 'Sertifikat aktif kembali.', en: 'The certificate is active again.' },
  failed: { id: 'Permohonan tidak dapat diselesaikan.', en: 'The request could not be completed.' },
  contradicted: { id: 'Bukti bertentangan dan sedang diperiksa.', en: 'The evidence contradicts itself and is being examined.' },
}

async function tell(office: Office, effect: ClaimedEffect, state: CaseState): Promise<EffectEnd> {
  const port = office.options.notify
  const subject = noticeSubject(state)
  if (port === undefined || subject === undefined) return 'done'
  const { applicant, holder } = state.parties
  const apart = holder.deceased !== true && holder.reachable !== false && holder.id !== undefined && holder.id !== applicant.id
  for (const party of apart ? ['applicant', 'holder'] as const : ['applicant'] as const) {
    if (told(state, party, subject)) continue
    const person = party === 'applicant' ? applicant.id : holder.id
    const delivery = await port({
      key: `${state.id}.${subject}.${party}.${subject === 'submitted' ? state.filedAt : state.since}`, requestId: state.id, party, opd: state.parties.opdOrigin, subject, text: words[subject],
      ...(state.register === undefined ? {} : { register: state.register }), ...(person === undefined ? {} : { person }),
    })
    if (delivery === undefined) continue
    const written = await office.journal.write({
      caseId: state.id, actor: systemActor, lease: effect,
      commands: [{ type: 'notify', subject, party, channel: delivery.channel, ...(delivery.reference === undefined ? {} : { reference: delivery.reference }) }],
    })
    // The status moved on meanwhile: its own event asked for its own notice.
    if (written.outcome === 'conflict') return { again: office.now() }
  }
  return 'done'
}

async function answer(office: Office, effect: ClaimedEffect, state: CaseState): Promise<EffectEnd> {
  const port = office.options.answer
  if (port === undefined || state.answers > 0 || statuses[state.status].final) return 'done'
  const given = await port(state)
  if (given === undefined) return 'done'
  const { letter, evidence } = await readLetter(given, 'answer')
  const written = await office.journal.write({ caseId: state.id, actor: systemActor, commands: [{ type: 'answer', letter }], evidence: [evidence], lease: effect })
  // The letter is there and the case did not take it: left alone, the applicant would wait for an answer nobody sends.
  if (written.outcome === 'refused') return { park: `the answer letter was refused as ${written.refusal.refused}` }
  return written.outcome === 'conflict' ? { again: office.now() } : 'done'
}

async function close(office: Office, effect: ClaimedEffect, state: CaseState): Promise<EffectEnd> {
  if (!closable(office.rules, state)) return 'done'
  const written = await office.journal.write({ caseId: state.id, actor: systemActor, commands: [{ type: 'close' }], lease: effect })
  return written.outcome === 'conflict' ? { again: office.now() } : 'done'
}
