import type { CaseState, Effect, EffectKind } from '../workflow/index.js'
import type { Append, Store, StoredEvent, TenantScope } from './port.js'

/** One case of the contract: a name, and a function that throws when the store breaks its promise. */
export interface ContractCase {
  readonly name: string
  run(): Promise<void>
}

const t = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 1, minute)).toISOString()

function state(id: string, version: number, opd = 'opd-a', status: CaseState['status'] = 'submitted'): CaseState {
  return {
    id, version, status, standard: { id: 'contract', version: '1' }, kind: 'revocation', reason: 'mutasi', expedited: false,
    certificate: { issuerDn: 'CN=Contoh', serial: '0a' }, parties: { applicant: { id: 'p-1', opd }, holder: {}, opdOrigin: opd }, letters: [], filedAs: 'opdOfficer',
    filers: ['p-1'], ams: { attempt: 0 }, evidence: [], notices: [], answers: 0, returns: 0, filedAt: t(0), since: t(0), updatedAt: t(version), passage: [], personal: {},
  }
}

function sealed(caseId: string, seq: number): StoredEvent {
  return {
    caseId, seq, type: 'filed', actor: { id: 'p-1', role: 'opdOfficer' }, time: t(seq), standard: { id: 'contract', version: '1' }, data: { seq },
    commitments: {}, salt: '00'.repeat(16), content: `content-${seq}`, previous: seq === 1 ? null : `digest-${caseId}-${seq - 1}`, digest: `digest-${caseId}-${seq}`,
  }
}

function write(caseId: string, from: number, count = 1, more: Partial<Append> & { readonly opd?: string } = {}): Append {
  const { opd, ...rest } = more
  const events = Array.from({ length: count }, (_, index) => sealed(caseId, from + index + 1)) as [StoredEvent, ...StoredEvent[]]
  return { caseId, expectedVersion: from, events, state: state(caseId, from + count, opd), effects: [], ...rest }
}

const asks = (...kinds: readonly (EffectKind | Effect)[]): readonly Effect[] => kinds.map(kind => (typeof kind === 'string' ? { kind } : kind))
const a: TenantScope = { opds: ['opd-a'] }
const b: TenantScope = { opds: ['opd-b'] }

function same(actual: unknown, expected: unknown, what: string): void {
  const left = JSON.stringify(actual)
  const right = JSON.stringify(expected)
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`)
}

/**
 * What every {@link Store} must keep, as cases for any test runner: `for (const { name, run } of cases) test(name, run)`. Each case gets a fresh store
 * and closes it; `run` rejects with an `Error` that says what was expected and what was found.
 *
 * @example
 * ```ts
 * const cases = storeContract(async () => createMemoryStore())
 * cases[2]?.name // 'append: of two at once exactly one wins'
 * for (const { run } of cases) await run()
 * ```
 */
export function storeContract(createStore: () => Promise<Store>): readonly ContractCase[] {
  const cases: ContractCase[] = []
  const add = (name: string, body: (store: Store) => Promise<void>): void => {
    cases.push({
      name,
      async run() {
        const store = await createStore()
        try {
          await body(store)
        } finally {
          await store.close()
        }
      },
    })
  }

  add('append: a new case is loaded as it was written', async store => {
    same(await store.append('all', write('K-1', 0, 2)), { outcome: 'appended' }, 'first append')
    const loaded = await store.load('all', 'K-1')
    same(loaded?.state, state('K-1', 2), 'state')
    same(loaded?.head, { seq: 2, digest: 'digest-K-1-2' }, 'head')
    same((await store.events('all', 'K-1')).map(event => event.digest), ['digest-K-1-1', 'digest-K-1-2'], 'events')
    same((await store.events('all', 'K-1', 1)).map(event => event.seq), [2], 'events after 1')
    same(await store.load('all', 'K-2'), undefined, 'unknown case')
  })

  add('append: a stale version changes nothing and names the present state', async store => {
    await store.append('all', write('K-1', 0))
    await store.append('all', write('K-1', 1))
    const late = await store.append('all', write('K-1', 1, 1, { effects: asks('ams'), evidence: [{ sha256: 'aa', mediaType: 'x/y', bytes: new Uint8Array([1]) }] }))
    same(late.outcome, 'conflict', 'outcome')
    if (late.outcome === 'conflict') same(late.current?.state.version, 2, 'present version')
    same((await store.events('all', 'K-1')).length, 2, 'events')
    same(await store.effects('all'), [], 'effects')
    same(await store.evidence('all', 'aa'), undefined, 'evidence')
    same((await store.append('all', write('K-1', 0))).outcome, 'conflict', 'filing again')
  })

  add('append: of two at once exactly one wins', async store => {
    await store.append('all', write('K-1', 0))
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => store.append('all', write('K-1', 1))))
    same(outcomes.filter(each => each.outcome === 'appended').length, 1, 'winners')
    same(outcomes.filter(each => each.outcome === 'conflict').length, 4, 'losers')
    same((await store.events('all', 'K-1')).map(event => event.seq), [1, 2], 'events')
  })

  add('append: what does not follow the head changes nothing, whatever its version', async store => {
    await store.append('all', write('K-1', 0))
    const other: Append = { ...write('K-1', 1), events: [{ ...sealed('K-1', 2), previous: 'digest-of-another-history' }] }
    for (const together of [[other], [other, write('K-2', 0)], [other, other]]) {
      const [outcome] = await Promise.all(together.map(each => store.append('all', each)))
      same(outcome?.outcome, 'conflict', 'outcome')
    }
    same((await store.load('all', 'K-1'))?.head, { seq: 1, digest: 'digest-K-1-1' }, 'head')
    same((await store.append('all', { ...write('K-3', 0), events: [{ ...sealed('K-3', 1), previous: 'digest-of-something' }] })).outcome, 'conflict', 'a filing follows nothing')
  })

  add('append: of many at once each stands or falls for itself', async store => {
    const ids = Array.from({ length: 12 }, (_, n) => `K-${n + 10}`)
    await Promise.all(ids.map((id, n) => store.append('all', write(id, 0, 1, { opd: n % 2 === 0 ? 'opd-a' : 'opd-b', effects: asks('notify') }))))
    const leases = new Map((await store.claim(t(5), t(60), 3)).map(lease => [lease.caseId, lease]))
    const given = ids.map((caseId, n): readonly [Append, string] => {
      const lease = leases.get(caseId)
      const opd = n % 2 === 0 ? 'opd-a' : 'opd-b'
      if (lease !== undefined) return n % 2 === 0 ? [write(caseId, 1, 1, { opd, lease, effects: asks('ams') }), 'appended'] : [write(caseId, 1, 1, { opd, lease: { ...lease, token: 'lost' } }), 'stale']
      if (n % 4 === 0) return [write(caseId, 2, 1, { opd, effects: asks('watch') }), 'conflict']
      return [{ ...write(caseId, 1, 1 + n % 3, { opd, effects: asks('proof', 'answer') }), events: write(caseId, 1, 1 + n % 3).events.map(event => ({ ...event, personal: { note: { salt: '00', value: caseId } } })) as unknown as Append['events'] }, 'appended']
    })
    const outcomes = await Promise.all(given.map(([each]) => store.append('all', each)))
    same(outcomes.map(each => each.outcome), given.map(([, expected]) => expected), 'outcomes')
    for (const [n, [{ caseId, events, effects }, expected]] of given.entries()) {
      const stored = await store.events('all', caseId)
      same(stored.length, expected === 'appended' ? 1 + events.length : 1, `events of ${caseId}`)
      same((await store.load('all', caseId))?.head.seq, stored.length, `head of ${caseId}`)
      same(stored.slice(1).map(event => event.personal?.['note']?.value), expected === 'appended' ? events.map(event => event.personal?.['note']?.value) : [], `personal values of ${caseId}`)
      const asked = (await store.effects('all', caseId)).map(({ kind }) => kind)
      same(effects.every(({ kind }) => asked.includes(kind) === (expected === 'appended')), true, `effects of ${caseId}`)
      same(outcomes[n]?.outcome === 'conflict' ? stored.length : 1, 1, `conflict of ${caseId}`)
    }
  })

  add('hasten: what waits comes earlier, what runs is run again, what pauses after a failure keeps its pause', async store => {
    await store.append('all', write('K-1', 0, 1, { effects: [{ kind: 'ams', notBefore: t(30) }, { kind: 'proof', notBefore: t(40) }] }))
    same(await store.hasten('K-1', ['ams'], t(5)), true, 'one that waits')
    same((await store.effects('all', 'K-1')).map(({ kind, dueAt }) => [kind, dueAt]), [['ams', t(5)], ['proof', t(40)]], 'due')
    same(await store.hasten('K-1', ['ams'], t(6)), true, 'asked again, later')
    same((await store.claim(t(4), t(60), 10)).length, 0, 'not before its time')
    const [lease] = await store.claim(t(5), t(60), 10)
    same(lease?.kind, 'ams', 'claimed early')
    if (lease === undefined) return
    same(await store.hasten('K-1', ['ams', 'proof'], t(7)), true, 'one that runs, one that waits behind it')
    await store.finish(lease)
    const again = await store.claim(t(7), t(60), 10)
    same(again.length, 1, 'run again')
    for (const each of again) await store.retry(each, t(50), 'down')
    same(await store.hasten('K-1', [again[0]?.kind ?? 'ams'], t(8)), false, 'after a failure')
    same((await store.effects('all', 'K-1')).find(({ kind }) => kind === again[0]?.kind)?.dueAt, t(50), 'its pause')
    same(await store.hasten('K-1', ['watch'], t(8)), false, 'never asked for')
    same(await store.hasten('K-9', ['ams'], t(8)), false, 'unknown case')
  })

  add('append: events must follow without gaps', async store => {
    let thrown = false
    await store.append('all', { ...write('K-1', 0), events: [sealed('K-1', 2)] }).catch(() => { thrown = true })
    same(thrown, true, 'a gap is a mistake of the caller')
    same(await store.load('all', 'K-1'), undefined, 'nothing stored')
  })

  add('values are copied: nobody changes history by keeping a reference', async store => {
    const bytes = new Uint8Array([1, 2, 3])
    await store.append('all', write('K-1', 0, 1, { evidence: [{ sha256: 'ab', mediaType: 'application/pdf', bytes }] }))
    bytes[0] = 9
    const first = await store.evidence('all', 'ab')
    same([...(first?.bytes ?? [])], [1, 2, 3], 'stored bytes')
    if (first !== undefined) first.bytes[1] = 9
    same([...((await store.evidence('all', 'ab'))?.bytes ?? [])], [1, 2, 3], 'bytes after a reader wrote on them')
  })

  add('large evidence is read piece by piece, as often as wanted', async store => {
    const bytes = Uint8Array.from({ length: 2_500_001 }, (_, place) => (place * 31 + (place >> 9)) % 256)
    const small = new Uint8Array([7])
    await store.append('all', write('K-1', 0, 1, { opd: 'opd-a', evidence: [{ sha256: 'ef', mediaType: 'application/pkix-crl', bytes }, { sha256: 'ee', mediaType: 'x/y', bytes: small }, { sha256: 'e0', mediaType: 'x/y', bytes: new Uint8Array() }] }))
    for (const [sha256, whole] of [['ef', bytes], ['ee', small], ['e0', new Uint8Array()]] as const) {
      const opened = await store.openEvidence(a, sha256)
      same([opened?.sha256, opened?.size], [sha256, whole.length], 'what is opened')
      for (const time of ['first', 'second']) {
        let at = 0
        for await (const piece of opened?.pieces() ?? []) {
          same(piece.length <= 1_048_576 && piece.every((octet, place) => octet === whole[at + place]), true, `${time} reading at ${at}`)
          at += piece.length
          piece.fill(0)
        }
        same(at, whole.length, `octets of the ${time} reading`)
      }
    }
    same((await store.openEvidence(a, 'ef'))?.mediaType, 'application/pkix-crl', 'media type')
    same(await store.openEvidence(b, 'ef'), undefined, 'another OPD')
    same(await store.openEvidence('all', 'eb'), undefined, 'unknown')
  })

  add('scope: another OPD sees and changes nothing', async store => {
    await store.append('all', write('K-1', 0, 1, { opd: 'opd-a', effects: asks('ams'), evidence: [{ sha256: 'cd', mediaType: 'x/y', bytes: new Uint8Array([7]) }] }))
    same((await store.load(a, 'K-1'))?.state.id, 'K-1', 'own')
    same(await store.load(b, 'K-1'), undefined, 'load')
    same(await store.events(b, 'K-1'), [], 'events')
    same(await store.list(b), [], 'list')
    same(await store.evidence(b, 'cd'), undefined, 'evidence')
    same(await store.effects(b), [], 'effects')
    const foreign = await store.append(b, write('K-1', 1, 1, { opd: 'opd-a' }))
    same(foreign, { outcome: 'conflict' }, 'append by another OPD tells nothing')
    same((await store.append(b, write('K-1', 0, 1, { opd: 'opd-b' }))).outcome, 'conflict', 'the id is taken all the same')
    same((await store.load(a, 'K-1'))?.state.version, 1, 'unchanged')
  })

  add('list: by status and certificate, in stable pages', async store => {
    for (const id of ['K-3', 'K-1', 'K-2']) await store.append('all', write(id, 0, 1, { state: state(id, 1, 'opd-a', id === 'K-2' ? 'revoked' : 'submitted') }))
    same((await store.list('all')).map(one => one.id), ['K-1', 'K-2', 'K-3'], 'all')
    same((await store.list('all', { status: 'submitted', limit: 1 })).map(one => one.id), ['K-1'], 'first page')
    same((await store.list('all', { status: ['submitted'], after: 'K-1' })).map(one => one.id), ['K-3'], 'second page')
    same((await store.list('all', { serial: '0a', issuerDn: 'CN=Contoh' })).length, 3, 'by certificate')
    same(await store.list('all', { serial: '0b' }), [], 'by another certificate')
  })

  add('numbers of a register never repeat', async store => {
    const numbers = await Promise.all(Array.from({ length: 10 }, () => store.nextNumber('2026')))
    same([...numbers].sort((x, y) => x - y), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'one book')
    same(await store.nextNumber('2027'), 1, 'another book')
  })

  add('effects: due ones only, one per case at a time, in order', async store => {
    await store.append('all', write('K-1', 0, 1, { effects: asks({ kind: 'notify', notBefore: t(2) }, { kind: 'ams', notBefore: t(1) }, { kind: 'proof', notBefore: t(30) }) }))
    await store.append('all', write('K-2', 0, 1, { effects: asks('execute') }))
    same(await store.nextEffectAt(), t(1), 'earliest')
    const first = await store.claim(t(2), t(10), 10)
    same(first.map(each => `${each.caseId} ${each.kind} ${each.attempt}`).sort(), ['K-1 ams 1', 'K-2 execute 1'], 'first claim')
    same(await store.claim(t(2), t(10), 10), [], 'the cases are busy')
    for (const each of first) same(await store.finish(each), true, 'finish')
    same((await store.claim(t(2), t(10), 10)).map(each => each.kind), ['notify'], 'second claim')
    same((await store.effects('all', 'K-1')).map(each => `${each.kind} ${each.status}`).sort(), ['notify running', 'proof waiting'], 'view')
  })

  add('effects: retried, asked again while running, parked, woken', async store => {
    await store.append('all', write('K-1', 0, 1, { effects: asks('ams') }))
    const [first] = await store.claim(t(2), t(10), 1)
    if (first === undefined) throw new Error('nothing claimed')
    same(await store.retry(first, t(5), 'later'), true, 'retry')
    same(await store.claim(t(4), t(10), 1), [], 'not yet')
    const [second] = await store.claim(t(5), t(10), 1)
    same(second?.attempt, 2, 'attempt')
    if (second === undefined) throw new Error('nothing claimed')
    await store.append('all', write('K-1', 1, 1, { effects: asks('ams'), lease: second }))
    same(await store.finish(second), true, 'finish')
    const [third] = await store.claim(t(6), t(10), 1)
    same([third?.kind, third?.attempt], ['ams', 1], 'asked for while it ran: runs again')
    if (third === undefined) throw new Error('nothing claimed')
    same(await store.retry(third, t(7)), true, 'retry')
    const [fourth] = await store.claim(t(7), t(10), 1)
    if (fourth === undefined) throw new Error('nothing claimed')
    same([fourth.attempt, await store.wait(fourth, t(8), 'nothing new')], [2, true], 'wait')
    same((await store.effects('all')).map(each => [each.status, each.note, each.dueAt]), [['waiting', 'nothing new', t(8)]], 'waits')
    const [fifth] = await store.claim(t(8), t(10), 1)
    same(fifth?.attempt, 1, 'after a wait attempts begin anew')
    if (fifth === undefined) throw new Error('nothing claimed')
    same(await store.park(fifth, 'poison'), true, 'park')
    same(await store.claim(t(20), t(30), 1), [], 'parked')
    same((await store.effects('all')).map(each => [each.status, each.note]), [['parked', 'poison']], 'shown')
    await store.append('all', write('K-1', 2, 1, { effects: asks('ams') }))
    same((await store.claim(t(20), t(30), 1)).length, 1, 'woken by asking again')
  })

  add('leases: a worker that slept loses its effect and writes nothing', async store => {
    await store.append('all', write('K-1', 0, 1, { effects: asks('ams') }))
    const [slept] = await store.claim(t(2), t(4), 1)
    if (slept === undefined) throw new Error('nothing claimed')
    same(await store.claim(t(3), t(9), 1), [], 'still leased')
    const [woke] = await store.claim(t(4), t(9), 1)
    same(woke?.attempt, 2, 'claimed by another')
    same(await store.append('all', write('K-1', 1, 1, { lease: slept })), { outcome: 'stale' }, 'stale append')
    same(await store.finish(slept), false, 'stale finish')
    same(await store.retry(slept, t(5)), false, 'stale retry')
    same(await store.wait(slept, t(5)), false, 'stale wait')
    same(await store.park(slept, 'x'), false, 'stale park')
    same((await store.load('all', 'K-1'))?.state.version, 1, 'unchanged')
    if (woke !== undefined) same(await store.append('all', write('K-1', 1, 1, { lease: woke })), { outcome: 'appended' }, 'the holder writes')
  })

  add('effects: of two workers claiming at once each effect goes to one', async store => {
    for (let index = 0; index < 20; index++) await store.append('all', write(`K-${index}`, 0, 1, { effects: asks('ams') }))
    const claims = (await Promise.all([1, 2, 3, 4].map(() => store.claim(t(2), t(9), 20)))).flat()
    same(claims.length, 20, 'claims')
    same(new Set(claims.map(each => each.caseId)).size, 20, 'distinct')
  })

  return cases
}
