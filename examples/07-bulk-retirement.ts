import { createHash } from 'node:crypto'
import { createDesk } from '@cabut/sdk'
import { checkRows, executeList, readRows, requestIdOf, untilEnded, writeResults, type RowVerdict } from '@cabut/sdk/bulk'
import { makePdf, openOffice } from './office.js' // a sandbox on loopback and invented officers

const { ams, anchors, intermediates, fetch, sandbox, letter, applicant, head, verifier, close } = await openOffice()
const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch, pace: { ams: 200, proof: 200, retry: 50 } })

// Seven officials retire: a list as a personnel office writes it, with a row that stands twice and one that nobody can read.
const leaves = await Promise.all(Array.from({ length: 7 }, () => sandbox.manage.issue({ username: 'laras.kinanti' })))
const cells = leaves.map(({ der }) => Buffer.from(der).toString('base64'))
const list = new TextEncoder().encode(`\uFEFFNo;Sertifikat\r\n${[...cells, cells[0], 'bukan sertifikat'].map((cell, index) => `${index + 1};${cell}`).join('\r\n')}\r\n`)
const sha256 = createHash('sha256').update(list).digest('hex')
const rows = (): ReturnType<typeof readRows> => readRows((async function* () { yield list })())

// Checked wholly; nothing is filed yet.
const plan: RowVerdict[] = []
for await (const verdict of checkRows(rows, { standard: desk.standard, desk, applicant, reason: 'pensiun', letters: ['requestLetter', 'reasonStatement'], now: new Date() })) plan.push(verdict)
for (const { row, finding, detail } of plan) if (finding !== 'ready') console.log(`row ${row}: ${finding}${detail === undefined ? '' : ` (${detail})`}`)
const open = async function* (): AsyncGenerator<RowVerdict> { yield* plan }

// Each person does their own part of the list. Whoever runs it again finds what is done.
const letters = [letter, { kind: 'reasonStatement', bytes: await makePdf('Para pemilik memasuki masa pensiun.') }] as const
const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const
const wait = (milliseconds: number): Promise<void> => new Promise((done) => { setTimeout(done, Math.min(milliseconds, 100)) })
const shared = { desk, sha256, letters, wait, now: () => performance.now(), chunk: 3 }
for (const hands of [{ file: { id: applicant.id, role: 'opdOfficer', opd: applicant.opd } }, { dispose: { as: head, to: verifier } }, { decide: { as: verifier, findings } }] as const) {
  for await (const { row, outcome, status } of executeList(open(), { ...shared, hands })) if (row === 1) console.log(`row 1: ${outcome} (${status})`)
}
await untilEnded(open, 60_000, shared)

// A verdict for each row, with its proof or its reason.
const results = executeList(open(), { ...shared, hands: {} })
let proven = 0
for await (const line of writeResults((async function* () { for await (const result of results) { if (result.outcome === 'proven') proven += 1; yield result } })())) if (/^[189];/.test(line)) console.log(line.slice(0, 60).trimEnd())
const once = leaves.every(({ serial }) => sandbox.manage.timesRevoked(serial) === 1)
console.log(`${proven} of ${plan.length} rows proven, each revoked once: ${once}; row 1 is request ${requestIdOf(sha256, 1).slice(-6)} of its list`)

await desk.close()
await close()
