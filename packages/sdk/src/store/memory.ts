import type { CaseState, EffectKind } from '../workflow/index.js'
import type { Append, CaseFilter, ClaimedEffect, EffectLease, EffectView, Evidence, Store, StoredCase, StoredEvent, TenantScope } from './port.js'

interface Queued {
  readonly caseId: string
  readonly kind: EffectKind
  readonly opd: string
  dueAt: string
  attempt: number
  status: 'waiting' | 'running' | 'parked'
  note: string | undefined
  token: string | undefined
  until: string
  /** Asked for again while it ran. */
  again: string | undefined
}

/** Octets of evidence given out at a time. */
const piece = 1_048_576

/**
 * A store in memory: everything the contract asks, nothing that survives the process. The default of `createDesk`, and the model other
 * stores are compared with. Values are copied in and out, so a caller cannot change history by keeping a reference.
 *
 * @example
 * ```ts
 * const store = createMemoryStore()
 * const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: [rootPem], fetch: false, clock: () => tuesday, worker: false, store })
 * await desk.file({ certificate: { issuerDn: 'CN=CA Contoh', serial: '0x4d2a' }, reason: 'mutasi', letters: [requestLetter], applicant, id: 'P-2026-0001' })
 * await store.list({ opds: ['dindik'] }).then((found) => found.map(({ id }) => id)) // ['P-2026-0001']
 * await store.list({ opds: ['dinkes'] }) // []
 * await store.nextNumber('2026') // 1
 * ```
 */
export function createMemoryStore(): Store {
  const cases = new Map<string, StoredCase>()
  const events = new Map<string, StoredEvent[]>()
  const evidence = new Map<string, Evidence>()
  const mentions = new Map<string, Set<string>>()
  const queue = new Map<string, Queued>()
  const books = new Map<string, number>()
  let claims = 0

  const sees = (scope: TenantScope, state: CaseState): boolean => scope === 'all' || scope.opds.includes(state.parties.opdOrigin)
  const keyOf = (lease: Pick<EffectLease, 'caseId' | 'kind'>): string => `${lease.caseId}\n${lease.kind}`

  function held(lease: EffectLease): Queued | undefined {
    const queued = queue.get(keyOf(lease))
    return queued !== undefined && queued.status === 'running' && queued.token === lease.token ? queued : undefined
  }

  function ask(state: CaseState, kind: EffectKind, at: string): void {
    const key = keyOf({ caseId: state.id, kind })
    const open = queue.get(key)
    if (open === undefined) {
      queue.set(key, {
        caseId: state.id, kind, opd: state.parties.opdOrigin, dueAt: at, attempt: 0, status: 'waiting', note: undefined, token: undefined, until: '', again: undefined,
      })
    } else if (open.status === 'running') {
      open.again = open.again === undefined || at < open.again ? at : open.again
    } else {
      if (open.status === 'parked' || at < open.dueAt) open.dueAt = at
      open.status = 'waiting'
      open.attempt = 0
    }
  }

  function release(queued: Queued, at: string | undefined): void {
    queued.token = undefined
    const next = queued.again === undefined ? at : at === undefined || queued.again < at ? queued.again : at
    if (queued.again !== undefined) queued.attempt = 0
    queued.again = undefined
    if (next === undefined) queue.delete(keyOf(queued))
    else {
      queued.status = 'waiting'
      queued.dueAt = next
    }
  }

  function append(scope: TenantScope, write: Append): Awaited<ReturnType<Store['append']>> {
    checkAppend(write)
    const known = cases.get(write.caseId)
    const current = known !== undefined && sees(scope, known.state) ? known : undefined
    if (write.lease !== undefined && held(write.lease) === undefined) return { outcome: 'stale' }
    const follows = (known?.head.seq ?? 0) === write.expectedVersion && (known?.head.digest ?? null) === write.events[0].previous
    if (!follows || !sees(scope, write.state)) return { outcome: 'conflict', current: structuredClone(current) }
    const chain = events.get(write.caseId) ?? []
    chain.push(...structuredClone(write.events))
    events.set(write.caseId, chain)
    const last = write.events.at(-1) ?? write.events[0]
    cases.set(write.caseId, structuredClone({ state: write.state, head: { seq: last.seq, digest: last.digest } }))
    for (const item of write.evidence ?? []) {
      if (!evidence.has(item.sha256)) evidence.set(item.sha256, { ...item, bytes: new Uint8Array(item.bytes) })
      const named = mentions.get(item.sha256) ?? new Set()
      mentions.set(item.sha256, named.add(write.caseId))
    }
    for (const effect of write.effects) ask(write.state, effect.kind, effect.notBefore ?? last.time)
    return { outcome: 'appended' }
  }

  function seen(scope: TenantScope, sha256: string): Evidence | undefined {
    const visible = [...(mentions.get(sha256) ?? [])].some(caseId => {
      const named = cases.get(caseId)
      return named !== undefined && sees(scope, named.state)
    })
    return visible ? evidence.get(sha256) : undefined
  }

  return {
    append: async (scope, write) => append(scope, write),
    async load(scope, caseId) {
      const found = cases.get(caseId)
      return found !== undefined && sees(scope, found.state) ? structuredClone(found) : undefined
    },
    async events(scope, caseId, after = 0) {
      const found = cases.get(caseId)
      if (found === undefined || !sees(scope, found.state)) return []
      return structuredClone((events.get(caseId) ?? []).slice(after))
    },
    async list(scope, filter = {}) {
      const matching = [...cases.values()].filter(({ state }) => sees(scope, state) && matches(state, filter)).map(({ state }) => state)
      matching.sort((left, right) => (left.id < right.id ? -1 : 1))
      const from = filter.after === undefined ? 0 : matching.findIndex(state => state.id > (filter.after ?? ''))
      return from < 0 ? [] : structuredClone(matching.slice(from, from + Math.min(filter.limit ?? 100, 1000)))
    },
    async evidence(scope, sha256) {
      const found = seen(scope, sha256)
      return found === undefined ? undefined : { ...found, bytes: found.bytes.slice() }
    },
    async openEvidence(scope, sha256) {
      const found = seen(scope, sha256)
      if (found === undefined) return undefined
      return {
        sha256, mediaType: found.mediaType, size: found.bytes.length,
        async *pieces() { for (let from = 0; from < found.bytes.length; from += piece) yield found.bytes.slice(from, from + piece) },
      }
    },
    async nextNumber(book) {
      const next = (books.get(book) ?? 0) + 1
      books.set(book, next)
      return next
    },
    async claim(now, until, limit) {
      const busy = new Set<string>()
      for (const queued of queue.values()) if (queued.status === 'running' && queued.until > now) busy.add(queued.caseId)
      const due = [...queue.values()].filter(queued => (queued.status === 'waiting' ? queued.dueAt <= now : queued.status === 'running' && queued.until <= now))
      due.sort((left, right) => (left.dueAt < right.dueAt ? -1 : left.dueAt > right.dueAt ? 1 : order(left.kind) - order(right.kind)))
      const claimed: ClaimedEffect[] = []
      for (const queued of due) {
        if (claimed.length >= limit) break
        if (busy.has(queued.caseId)) continue
        busy.add(queued.caseId)
        // Whoever let its lease run out has lost it, whichever effect of the case is taken now.
        for (const other of queue.values()) if (other.caseId === queued.caseId && other.status === 'running') Object.assign(other, { status: 'waiting', token: undefined })
        claims += 1
        queued.status = 'running'
        queued.token = String(claims)
        queued.until = until
        queued.attempt += 1
        claimed.push({ caseId: queued.caseId, kind: queued.kind, token: queued.token, opd: queued.opd, attempt: queued.attempt, dueAt: queued.dueAt })
      }
      return claimed
    },
    async finish(lease) {
      const queued = held(lease)
      if (queued !== undefined) release(queued, undefined)
      return queued !== undefined
    },
    async wait(lease, at, note) {
      const queued = held(lease)
      if (queued === undefined) return false
      queued.note = note
      queued.attempt = 0
      release(queued, at)
      return true
    },
    async retry(lease, at, note) {
      const queued = held(lease)
      if (queued === undefined) return false
      queued.note = note
      release(queued, at)
      return true
    },
    async park(lease, note) {
      const queued = held(lease)
      if (queued === undefined) return false
      queued.note = note
      if (queued.again === undefined) {
        queued.status = 'parked'
        queued.token = undefined
      } else release(queued, undefined)
      return true
    },
    async hasten(caseId, kinds, at) {
      const open = kinds.flatMap(kind => queue.get(keyOf({ caseId, kind })) ?? []).filter(({ status, attempt }) => status === 'running' || (status === 'waiting' && attempt === 0))
      for (const each of open) {
        if (each.status === 'running') each.again = each.again === undefined || at < each.again ? at : each.again
        else if (at < each.dueAt) each.dueAt = at
      }
      return open.length > 0
    },
    async effects(scope, caseId) {
      const found: EffectView[] = []
      for (const queued of queue.values()) {
        const owner = cases.get(queued.caseId)
        if (owner === undefined || !sees(scope, owner.state) || (caseId !== undefined && caseId !== queued.caseId)) continue
        const { kind, dueAt, attempt, status, note } = queued
        found.push({ caseId: queued.caseId, kind, dueAt, attempt, status, ...(note === undefined ? {} : { note }) })
      }
      return found
    },
    async nextEffectAt() {
      let earliest: string | undefined
      for (const queued of queue.values()) {
        const at = queued.status === 'waiting' ? queued.dueAt : queued.status === 'running' ? queued.until : undefined
        if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at
      }
      return earliest
    },
    async close() {},
  }
}

const kinds: readonly EffectKind[] = ['notify', 'execute', 'ams', 'proof', 'answer', 'close', 'watch']
const order = (kind: EffectKind): number => kinds.indexOf(kind)

function matches(state: CaseState, filter: CaseFilter): boolean {
  const { status, serial, issuerDn } = filter
  if (status !== undefined && !(typeof status === 'string' ? status === state.status : status.includes(state.status))) return false
  if (serial !== undefined && state.certificate.serial !== serial) return false
  return issuerDn === undefined || state.certificate.issuerDn === issuerDn
}

/** A caller's mistake, not a conflict: numbers that do not follow, or a state that is not the one after the events. */
function checkAppend(write: Append): void {
  for (const [index, event] of write.events.entries()) {
    if (event.caseId !== write.caseId || event.seq !== write.expectedVersion + index + 1) throw new TypeError('events must follow the expected version without gaps')
  }
  if (write.state.version !== write.expectedVersion + write.events.length) throw new TypeError('the state is not the one after the events')
}
