import { beforeAll, describe, expect, it } from 'vitest'
import { CabutError } from '../errors.js'
import { commitmentOf, publicEvent, sealEvent, verifyHistory, withoutPersonal, type SealedEvent } from './index.js'

let counter = 0
const salts = (): string => (++counter).toString(16).padStart(32, '0')

async function chain(length: number): Promise<SealedEvent[]> {
  const events: SealedEvent[] = []
  for (let index = 0; index < length; index++) {
    events.push(await sealEvent({
      caseId: 'K-2026-0001',
      type: index === 0 ? 'filed' : 'noted',
      actor: { id: 'petugas-1', role: 'verifier', opd: 'dinkominfo' },
      time: `2026-11-22T02:00:0${index}.000Z`,
      standard: { id: 'kabupaten-purbalingga', version: '1' },
      data: { step: index },
      personal: { holder: 'Contoh Pejabat', reason: 'mutasi' },
    }, events.at(-1) ?? null, salts))
  }
  return events
}

describe('sealed history (PP 71/2019 article 22: audit trail)', () => {
  let events: SealedEvent[]
  beforeAll(async () => {
    events = await chain(4)
  })

  it('numbers from 1, links each event to the one before, and verifies', async () => {
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4])
    expect(events[0]?.previous).toBeNull()
    expect(events[2]?.previous).toBe(events[1]?.digest)
    expect(await verifyHistory(events)).toEqual({ valid: true, head: { seq: 4, digest: events[3]?.digest }, erased: 0 })
    expect(await verifyHistory([])).toEqual({ valid: true, head: null, erased: 0 })
  })

  it('keeps personal values out of everything the digest covers', () => {
    for (const event of events) {
      const covered = JSON.stringify(withoutPersonal(event))
      expect(covered).not.toContain('Contoh')
      expect(covered).not.toContain('mutasi')
    }
  })

  it('stays provable after erasure, and counts what was erased', async () => {
    const erased = events.map((event, index) => (index === 1 ? withoutPersonal(event) : event))
    expect(await verifyHistory(erased)).toMatchObject({ valid: true, erased: 2 })
  })

  it('the same value in two events has two commitments', () => {
    expect(events[0]?.commitments['holder']).not.toBe(events[1]?.commitments['holder'])
  })

  it('verifies in public form too, without actor and data', async () => {
    const shown = events.map(publicEvent)
    expect(await verifyHistory(shown, { seq: 4, digest: events[3]?.digest ?? '' })).toMatchObject({ valid: true })
    expect(JSON.stringify(shown)).not.toContain('petugas-1')
  })

  const tamper: [string, (copy: SealedEvent[]) => unknown, object][] = [
    ['actor', (e) => ((e[1]!.actor as { id: string }).id = 'orang-lain'), { fault: 'content', seq: 2 }],
    ['role', (e) => ((e[1]!.actor as { role: string }).role = 'head'), { fault: 'content', seq: 2 }],
    ['data', (e) => ((e[2]!.data as { step: number }).step = 9), { fault: 'content', seq: 3 }],
    ['time', (e) => ((e[2] as { time: string }).time = '2026-11-22T03:00:00.000Z'), { fault: 'digest', seq: 3 }],
    ['type', (e) => ((e[0] as { type: string }).type = 'approved'), { fault: 'digest', seq: 1 }],
    ['standard', (e) => ((e[0]!.standard as { version: string }).version = '2'), { fault: 'digest', seq: 1 }],
    ['case id of one', (e) => ((e[3] as { caseId: string }).caseId = 'K-2026-0002'), { fault: 'case', seq: 4 }],
    ['case id of all', (e) => e.forEach((event) => ((event as { caseId: string }).caseId = 'K-2026-0002')), { fault: 'digest', seq: 1 }],
    ['personal value', (e) => ((e[1]!.personal!['holder'] as { value: string }).value = 'Orang Lain'), { fault: 'personal', seq: 2, field: 'holder' }],
    ['personal field added', (e) => ((e[1]!.personal as Record<string, unknown>)['note'] = { salt: '00', value: 1 }), { fault: 'personal', seq: 2, field: 'note' }],
    ['commitment', (e) => ((e[1]!.commitments as Record<string, string>)['holder'] = '0'.repeat(64)), { fault: 'content', seq: 2 }],
    ['an event removed', (e) => e.splice(1, 1), { fault: 'sequence', index: 1, seq: 3 }],
    ['two events swapped', (e) => e.splice(1, 2, e[2]!, e[1]!), { fault: 'sequence', index: 1, seq: 3 }],
    ['previous', (e) => ((e[3] as { previous: string }).previous = e[1]!.digest), { fault: 'link', seq: 4 }],
    ['the salt taken away to dodge the check', (e) => delete (e[1] as { salt?: string }).salt, { fault: 'shape', seq: 2 }],
    ['something that is no event', (e) => e.splice(2, 1, null as never), { fault: 'shape', index: 2, seq: null }],
    ['data that is not JSON', (e) => ((e[2] as { data: unknown }).data = { x: Number.NaN }), { fault: 'content', seq: 3 }],
  ]
  it.each(tamper)('names the first broken event: %s', async (_what, change, expected) => {
    const copy = structuredClone(events)
    change(copy)
    expect(await verifyHistory(copy)).toMatchObject({ valid: false, ...expected })
  })

  it('finds a cut or rewritten end only by the head kept elsewhere', async () => {
    const head = { seq: 4, digest: events[3]!.digest }
    expect(await verifyHistory(events.slice(0, 3))).toMatchObject({ valid: true })
    expect(await verifyHistory(events.slice(0, 3), head)).toMatchObject({ valid: false, fault: 'head', seq: 3 })
    expect(await verifyHistory(await chain(4), head)).toMatchObject({ valid: false, fault: 'head', seq: 4 })
    expect(await verifyHistory([], head)).toMatchObject({ valid: false, fault: 'head', seq: null })
  })

  it('refuses a short salt and a local time', async () => {
    const event = { caseId: 'K', type: 'filed', actor: { id: 'a', role: 'b' }, time: '2026-11-22T02:00:00.000Z', standard: { id: 's', version: '1' }, data: {} }
    await expect(sealEvent(event, null, () => 'ab')).rejects.toThrow(CabutError)
    await expect(sealEvent({ ...event, time: '2026-11-22T09:00:00+07:00' }, null, salts)).rejects.toMatchObject({ code: 'historyNotJson', at: 'time' })
  })

  it('a commitment binds field name, salt and value', async () => {
    const base = await commitmentOf('holder', { salt: 'aa', value: 'x' })
    expect(await commitmentOf('applicant', { salt: 'aa', value: 'x' })).not.toBe(base)
    expect(await commitmentOf('holder', { salt: 'ab', value: 'x' })).not.toBe(base)
    expect(await commitmentOf('holder', { salt: 'aa', value: 'y' })).not.toBe(base)
  })
})
