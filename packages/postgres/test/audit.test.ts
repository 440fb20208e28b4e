import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyHistory } from '@cabut/sdk/history'
import type { Store, StoredEvent } from '@cabut/sdk/store'
import type { Database, Owner } from '../src/database.js'
import { findChainFault } from '../src/audit/chain.js'
import { createSqlStore, extendRegister, takeCheckpoint, verifyAudit, type AuditReport } from '../src/index.js'
import { openOffice } from './office.js'
import { emptyDatabase, serverBinaries, skipLine, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
const later = (minutes: number): Date => new Date(Date.UTC(2026, 10, 24, 5, minutes))

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`audit on ${kind}`, () => {
    let server: Server | undefined
    let database: Database
    let store: Store
    const ids = ['P-audit-1', 'P-audit-2', 'P-audit-3']

    beforeAll(async () => {
      ;({ database, server } = await emptyDatabase(kind))
      store = await createSqlStore(database)
      const office = await openOffice(store)
      for (const id of ids) await office.file(id)
      expect(await extendRegister(database, later(0))).toBe(3)
      for (const id of ids) await office.approve(id)
      await office.pass(3_600_000)
      expect((await office.desk.get('P-audit-1')).status).toBe('closed')
      await office.close()
    })
    afterAll(async () => {
      await database.close()
      server?.stop()
    })

    /** Changes the database as its owner, past triggers and keys, looks, and puts everything back. */
    async function tampered(sql: string, look: (report: AuditReport) => void, options = {}): Promise<void> {
      const script = (owner: Owner, text: string): Promise<void> => owner.script(`set local session_replication_role = replica; ${text}`)
      const tables = ['cases', 'events', 'personal', 'evidence', 'case_evidence', 'register']
      await database.asOwner(owner => script(owner, tables.map(table => `create table kept_${table} as table cabut.${table};`).join('')))
      try {
        await database.asOwner(owner => script(owner, sql))
        const report = await verifyAudit(database, options)
        expect(report.valid, sql).toBe(false)
        look(report)
      } finally {
        await database.asOwner(owner => script(owner, tables.map(table => `delete from cabut.${table}; insert into cabut.${table} select * from kept_${table}; drop table kept_${table};`).join('')))
      }
    }

    test('an honest desk passes, registered or not', async () => {
      const before = await verifyAudit(database)
      expect(before).toMatchObject({ valid: true, findings: [], cases: 3, register: 3, unregistered: 3, erased: 0 })
      expect(before.events).toBeGreaterThan(30)
      const checkpoint = await takeCheckpoint(database, later(1))
      expect(checkpoint).toMatchObject({ year: 2026, n: 6, cases: 3 })
      expect(await extendRegister(database, later(2))).toBe(0)
      expect(await verifyAudit(database, { checkpoints: [checkpoint] })).toMatchObject({ valid: true, register: 6, unregistered: 0 })
    })

    const one = `case_id = 'P-audit-2' and seq = 4`
    test.each([
      ['data of an event', `update cabut.events set body = replace(body::text, 'tegar.maulana', 'tegar.maulani')::json where ${one}`, 'eventBroken', 4],
      ['the time of an event', `update cabut.events set body = replace(body::text, '2026-11-24T02', '2026-11-24T03')::json where ${one}`, 'eventBroken', 4],
      ['an event removed', `delete from cabut.events where ${one}`, 'eventBroken', 5],
      ['the last event removed', `delete from cabut.events where case_id = 'P-audit-2' and seq = (select max(seq) from cabut.events where case_id = 'P-audit-2')`, 'headDiffers', undefined],
      ['an event of another case', `update cabut.events e set body = (select body from cabut.events o where o.case_id = 'P-audit-1' and o.seq = 4) where ${one}`, 'eventBroken', 4],
      ['the digest column', `update cabut.events set digest = 'x' || digest where ${one}`, 'columnDiffers', 4],
      ['the tenant of an event', `update cabut.events set opd = 'lain' where ${one}`, 'columnDiffers', 4],
      ['a personal value', `update cabut.personal set body = replace(body::text, 'Laras', 'Lara')::json where case_id = 'P-audit-2' and seq = 1`, 'eventBroken', 1],
      ['the state', `update cabut.cases set state = replace(state::text, '"status":"closed"', '"status":"revoked"')::json where id = 'P-audit-2'`, 'projectionDiffers', undefined],
      ['the status column', `update cabut.cases set status = 'rejected' where id = 'P-audit-2'`, 'projectionDiffers', undefined],
      ['the personal projection', `update cabut.cases set personal = replace(personal::text, 'Laras', 'Lara')::json where id = 'P-audit-2'`, 'projectionDiffers', undefined],
    ])('a change of %s is found and named', async (_what, sql, code, seq) => {
      await tampered(sql, report => {
        expect(report.findings.find(each => each.caseId === 'P-audit-2')).toMatchObject({ code, ...(seq === undefined ? {} : { seq }) })
        expect(report.findings.filter(each => each.caseId !== 'P-audit-2')).toEqual([])
      })
    })

    test('one byte of evidence, and evidence that is gone', async () => {
      await tampered('update cabut.evidence set bytes = set_byte(bytes, 7, get_byte(bytes, 7) # 1)', report => {
        expect(new Set(report.findings.map(each => each.code))).toEqual(new Set(['evidenceChanged']))
        expect(report.findings).toHaveLength(report.evidence)
      })
      await tampered(`delete from cabut.evidence where media_type in ('application/pkix-crl', 'application/ocsp-response')`, report => expect(report.findings[0]).toMatchObject({ code: 'evidenceMissing' }))
    })

    test('a whole case deleted is named by the register', async () => {
      const gone = ['case_evidence', 'personal', 'events'].map(table => `delete from cabut.${table} where case_id = 'P-audit-2';`).join('')
      await tampered(`${gone} delete from cabut.cases where id = 'P-audit-2'`, report => expect(report.findings[0]).toMatchObject({ code: 'caseDeleted', caseId: 'P-audit-2' }))
      await tampered(`delete from cabut.cases where id = 'P-audit-2'`, report => expect(report.findings.map(each => each.code)).toContain('eventsWithoutCase'))
    })

    test('a chain rewritten whole, with sound digests of its own, is named by the register', async () => {
      // Case 3's history under the name of case 2 would break `case`; so the rewritten chain is a sound one, made shorter.
      const events = await store.events('all', 'P-audit-2')
      const forged = await resealed(events)
      const values = forged.map(event => `update cabut.events set digest = '${event.digest}', body = $$${JSON.stringify({ ...event, personal: undefined })}$$::json where case_id = 'P-audit-2' and seq = ${event.seq};`).join('')
      await tampered(`${values} update cabut.cases set head = '${forged.at(-1)?.digest ?? ''}' where id = 'P-audit-2'`, report => {
        expect(report.findings.map(each => [each.code, each.caseId, each.seq])).toEqual([['chainRewritten', 'P-audit-2', 2], ['chainRewritten', 'P-audit-2', events.length]])
      })
    })

    test('the register: a changed line, a missing line, and one rewritten whole against a checkpoint', async () => {
      const checkpoint = await takeCheckpoint(database, later(10))
      await tampered(`update cabut.register set head = 'x' || head where n = 2`, report => expect(report.findings[0]).toMatchObject({ code: 'registerBroken', detail: expect.stringContaining('2026/2') as string }))
      await tampered('delete from cabut.register where n = 3', report => expect(report.findings[0]).toMatchObject({ code: 'registerBroken', detail: expect.stringContaining('2026/4') as string }))
      await tampered('delete from cabut.register where n > 4', report => expect(report.findings).toEqual([{ code: 'checkpointDiffers', detail: expect.stringContaining('2026/6') as string }]), { checkpoints: [checkpoint] })
      await tampered('delete from cabut.register', report => expect(report.findings[0]).toMatchObject({ code: 'checkpointDiffers' }), { checkpoints: [checkpoint] })
      expect(await verifyAudit(database, { checkpoints: [checkpoint] })).toMatchObject({ valid: true })
      // Two checkpoints of one line, as days without a change leave them: the false one is found wherever it stands.
      const contrary = { ...checkpoint, at: '2026-11-30T00:00:00.000Z', digest: '0'.repeat(64) }
      const differs = { valid: false, findings: [{ code: 'checkpointDiffers', detail: expect.stringContaining(contrary.at) as string }] }
      for (const checkpoints of [[contrary, checkpoint], [checkpoint, contrary]]) expect(await verifyAudit(database, { checkpoints })).toMatchObject(differs)
    })

    test('any change of any event: the same verdict as verifyHistory of the SDK', async () => {
      const events = await store.events('all', 'P-audit-1')
      expect(findChainFault('P-audit-1', events)).toBeUndefined()
      for (const [index, event] of events.entries()) {
        for (const field of Object.keys(event) as (keyof StoredEvent)[]) {
          const value = event[field]
          const changed = typeof value === 'string' ? `${value}x` : typeof value === 'number' ? value + 1 : value === null ? 'x' : field === 'personal' ? { lain: { salt: 'x', value: 1 } } : { ...value as object, lain: 1 }
          const broken = events.map((each, at) => (at === index ? { ...each, [field]: changed } : each))
          const verdict = await verifyHistory(broken)
          const fault = findChainFault('P-audit-1', broken)
          if (verdict.valid) expect(fault, `${field} of ${event.seq}`).toBeUndefined()
          // verifyHistory compares with the first event's case, the audit with the case it asked for.
          else if (field !== 'caseId') expect(fault, `${field} of ${event.seq}`).toMatchObject({ fault: verdict.fault, seq: verdict.seq })
          else expect(fault).toMatchObject({ fault: 'case' })
        }
      }
    })
  })
}

/** The same story sealed again with other salts: every digest sound, every digest another. */
async function resealed(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
  const { chainDigest, contentOf } = await import('@cabut/sdk/history')
  const sealed: StoredEvent[] = []
  for (const event of events) {
    const inside = { ...event, salt: 'ab'.repeat(16), previous: sealed.at(-1)?.digest ?? null }
    const content = await contentOf(inside)
    sealed.push({ ...inside, content, digest: await chainDigest({ ...inside, content }) })
  }
  return sealed
}
