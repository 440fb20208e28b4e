// A long history: opening one case, and auditing everything, at 1,000 and at 1,000,000 events.
import { hash, randomBytes } from 'node:crypto'
import { canonicalJson } from '@cabut/sdk/history'
import { createSqlStore, verifyAudit } from '@cabut/postgres'
import { openBenchDesk } from './office.mjs'
import { aim, median, now, table } from './measure.mjs'

const sha = (value) => hash('sha256', canonicalJson(value))

/** Copies a case under other ids, sealed anew, until so many events are there. */
async function fill(database, template, from, total) {
  const { state, events } = template
  let written = 0
  for (let n = from; written < total;) {
    const rows = { ids: [], states: [], heads: [], eventIds: [], seqs: [], digests: [], bodies: [], personalIds: [], personalSeqs: [], personal: [] }
    for (let k = 0; k < 250 && written < total; k++, n++) {
      const id = `P-fill-${String(n).padStart(7, '0')}`
      let previous = null
      for (const { personal, ...event } of events) {
        const body = { ...event, caseId: id, salt: randomBytes(16).toString('hex'), previous }
        body.content = sha({ actor: body.actor, commitments: body.commitments, data: body.data, salt: body.salt })
        body.digest = sha({ caseId: id, content: body.content, previous, seq: body.seq, standard: body.standard, time: body.time, type: body.type })
        previous = body.digest
        rows.eventIds.push(id); rows.seqs.push(body.seq); rows.digests.push(body.digest); rows.bodies.push(JSON.stringify(body))
        if (personal !== undefined) { rows.personalIds.push(id); rows.personalSeqs.push(body.seq); rows.personal.push(JSON.stringify(personal)) }
        written += 1
      }
      const { personal: _p, ...rest } = state
      rows.ids.push(id); rows.states.push(JSON.stringify({ ...rest, id })); rows.heads.push(previous)
    }
    await database.transaction(async (t) => {
      await t.query(`insert into cabut.cases (id, opd, version, head, status, issuer_dn, serial, state, personal) select i, $1, $2, h, $3, $4, $5, s::json, $6::json from unnest($7::text[], $8::text[], $9::text[]) as x (i, h, s)`,
        [state.parties.opdOrigin, state.version, state.status, state.certificate.issuerDn ?? null, state.certificate.serial ?? null, JSON.stringify(state.personal), rows.ids, rows.heads, rows.states])
      await t.query('insert into cabut.events (case_id, seq, opd, digest, body) select i, n, $1, d, b::json from unnest($2::text[], $3::integer[], $4::text[], $5::text[]) as x (i, n, d, b)', [state.parties.opdOrigin, rows.eventIds, rows.seqs, rows.digests, rows.bodies])
      await t.query('insert into cabut.personal (case_id, seq, opd, body) select i, n, $1, b::json from unnest($2::text[], $3::integer[], $4::text[]) as x (i, n, b)', [state.parties.opdOrigin, rows.personalIds, rows.personalSeqs, rows.personal])
    })
  }
  return written
}

export async function benchHistory(name, database, { events }) {
  const store = await createSqlStore(database, { closeDatabase: false })
  const office = await openBenchDesk(store)
  await office.file('P-template'); await office.approvalPath('P-template')
  const template = { state: (await store.load('all', 'P-template')).state, events: await store.events('all', 'P-template') }
  const opening = async () => {
    const times = []
    for (let n = 0; n < 200; n++) {
      const from = now()
      await office.desk.get('P-template')
      times.push(now() - from)
    }
    return median(times)
  }
  await fill(database, template, 0, 1_000)
  await opening()
  const small = await opening()
  const started = now()
  await fill(database, template, 1_000, events - 1_000)
  const filling = (now() - started) / 1000
  await database.asOwner((owner) => owner.script('analyze'))
  const large = await opening()
  const auditStarted = now()
  const report = await verifyAudit(database)
  const seconds = (now() - auditStarted) / 1000
  if (!report.valid) throw new Error(JSON.stringify(report.findings.slice(0, 3)))
  table(`A long history on ${name} (filled in ${filling.toFixed(0)} s)`, [
    ['opening a case at 1,000 events', small, 'ms', 'median of 200'],
    [`opening a case at ${report.events.toLocaleString('en')} events`, large, 'ms', `x ${(large / small).toFixed(2)}, aim <= 2`],
    ['audit verify', report.events / seconds, 'events/s', `${report.cases.toLocaleString('en')} cases, aim >= 100,000`],
    ['bare: two SHA-256 and canonical JSON of the same event', bareHashes(template.events[1]), 'events/s', 'one core, no database'],
  ])
  aim(`opening a case at ${report.events.toLocaleString('en')} events over 1,000`, large / small, { most: 2, unit: ' x' })
  aim('audit verify, events a second', report.events / seconds, { least: 100_000 }, 'two SHA-256 over canonical JSON of each event are the floor: see the bare figure, for one core; the audit also reads every row, rebuilds every state and checks the register')
  for (const [title, sql, values] of [
    ['open', 'select version, head, state, personal from cabut.cases where id = $1', ['P-template']],
    ['events', 'select e.body from cabut.events e left join cabut.personal p on p.case_id = e.case_id and p.seq = e.seq where e.case_id = $1 and e.seq > 0 order by e.seq', ['P-template']],
    ['list by status', `select id from cabut.cases where status = any ($1::text[]) and id > '' order by id limit 100`, [['submitted']]],
    ['by certificate', 'select id from cabut.cases where serial = $1 and issuer_dn = $2 order by id limit 100', ['0a1b2c3', 'x']],
    ['unregistered', 'select id from cabut.cases where version > registered order by id limit 1000', []],
    ['due', 'select case_id from cabut.queue where next_at <= now() order by next_at limit 10', []],
  ]) {
    const plan = (await database.query(`explain (analyze, costs off, timing off, summary on) ${sql}`, values)).map((row) => row['QUERY PLAN'])
    console.log(`  explain ${title}: ${plan.filter((line) => /Scan|Execution/.test(line)).map((line) => line.trim().replace(/^->\s+/, '')).join('; ')}`)
  }
  await office.close()
}

function bareHashes({ personal: _personal, ...event }) {
  const started = now()
  for (let n = 0; n < 20_000; n++) {
    sha({ actor: event.actor, commitments: event.commitments, data: event.data, salt: event.salt })
    sha({ caseId: event.caseId, content: event.content, previous: event.previous, seq: event.seq, standard: event.standard, time: event.time, type: event.type })
  }
  return 20_000 / ((now() - started) / 1000)
}
