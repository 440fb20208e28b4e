import type { StoredEvent } from '../../src/store/index.js'

/** What the generator decided about one request; the independent count is made from this, never from the report's code. */
export interface Plan {
  readonly id: string
  readonly opd: string
  readonly reason: string
  readonly officer: string
  readonly outcome: 'closed' | 'rejected' | 'awaiting' | 'waiting'
  readonly returned: boolean
  /** Spans in which the service clock runs, as minutes since 2026-01-01 00:00 WIB. */
  readonly running: readonly (readonly [number, number])[]
  readonly proofMinutes: number | null
}

/** Minutes since 2026-01-01 00:00 WIB as ISO UTC. */
export function instant(minute: number): string {
  return new Date(Date.UTC(2025, 11, 31, 17) + minute * 60_000).toISOString()
}

/** mulberry32: small, seeded, the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const reasons = ['mutasi', 'pensiun', 'kunciBocor', 'penerbitanUlang', 'lainnya']

/** One invented request of Purbalingga with its events, as the workflow would have recorded them. */
export function inventRequest(
  index: number,
  random: () => number,
  begin: number,
  days: number,
): { readonly plan: Plan; readonly events: readonly StoredEvent[] } {
  const below = (limit: number): number => Math.floor(random() * limit)
  const id = `r-${String(index).padStart(5, '0')}`
  const plan = { id, opd: `OPD-${below(20)}`, reason: reasons[below(4)] as string, officer: `p-${below(3)}` }
  const events: StoredEvent[] = []
  let now = begin + below(days * 1440)
  const add = (type: string, data: object, actor: { id: string; role: string } = { id: plan.officer, role: 'verifier' }): void => {
    events.push({
      caseId: id,
      seq: events.length + 1,
      type,
      actor,
      time: instant(now),
      standard: { id: 'kabupaten-purbalingga', version: '1' },
      data,
      previous: '',
      digest: `${id}-${events.length + 1}`,
      commitments: {},
    } as unknown as StoredEvent)
  }
  const wait = (most: number): void => {
    now += 1 + below(most)
  }
  const opd = { id: `o-${below(50)}`, role: 'opdOfficer' }
  add(
    'filed',
    {
      kind: 'revocation',
      reason: plan.reason,
      certificate: {},
      parties: { applicant: { id: opd.id }, holder: {}, opdOrigin: plan.opd },
      letters: [],
      expedited: false,
    },
    opd,
  )
  add('submitted', { to: 'submitted', register: String(index) }, opd)
  let from = now
  const running: [number, number][] = []
  wait(30)
  add('received', { to: 'submitted' }, { id: 'h-1', role: 'head' })
  wait(30)
  add('disposed', { to: plan.officer }, { id: 'h-1', role: 'head' })
  wait(60)
  add('verified', { findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
  const fate = random()
  const returned = random() < 0.12
  if (returned) {
    add('returned', { reasons: ['surat'], owed: false })
    running.push([from, now])
    wait(3_000)
    add('submitted', { to: 'verifying' }, opd)
    from = now
    wait(60)
    add('verified', { findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
  }
  if (fate < 0.03)
    return {
      plan: {
        ...plan,
        outcome: 'waiting',
        returned,
        running: [...running, [from, Number.POSITIVE_INFINITY]],
        proofMinutes: null,
        officer: '',
      },
      events,
    }
  if (fate < 0.1) {
    wait(30)
    add('rejected', { reasons: ['tidak sesuai'], owed: false })
    wait(30)
    add('answered', { letter: {} }, { id: 'h-1', role: 'head' })
    running.push([from, now])
    add('closed', { outcome: 'rejected' }, { id: 'system', role: 'system' })
    return { plan: { ...plan, outcome: 'rejected', returned, running, proofMinutes: null }, events }
  }
  wait(30)
  add('approved', { emergency: false })
  wait(5)
  add('executionStarted', { owed: false })
  wait(5)
  add('amsAnswered', { operation: 'file', outcome: 'accepted', to: 'atBsre' })
  wait(240)
  add('amsAnswered', { operation: 'read', outcome: 'accepted', to: 'awaitingProof' }, { id: 'system', role: 'system' })
  const promised = now
  wait(60)
  add('answered', { letter: {} }, { id: 'h-1', role: 'head' })
  running.push([from, now])
  if (fate < 0.15) return { plan: { ...plan, outcome: 'awaiting', returned, running, proofMinutes: null }, events }
  wait(1_440)
  add('proven', { of: 'revoked', to: 'revoked', sha256: 'x' }, { id: 'system', role: 'system' })
  const proofMinutes = now - promised
  wait(5)
  add('closed', { outcome: 'revoked' }, { id: 'system', role: 'system' })
  return { plan: { ...plan, outcome: 'closed', returned, running, proofMinutes }, events }
}
