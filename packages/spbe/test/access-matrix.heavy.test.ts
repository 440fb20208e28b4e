import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAssistedAms } from '@cabut/sdk'
import { roleNames, type RoleName } from '@cabut/sdk/standard'
import type { Route } from '../src/http/route.js'
import { routes } from '../src/route/index.js'
import { findings, openPortal, type Portal, type TestPerson } from './portal.js'
import { accessFile, accessPage, matrixHeading, sightOf } from './write-access.js'

/**
 * Every route x every role x own and foreign OPD, walked: each cell is a real call, on a request made for it, in the situation in which the route is open to
 * somebody. `CABUT_WRITE=1` writes the table; otherwise it is compared with the committed one.
 */
const everyRole = roleNames.filter((role): role is RoleName => role !== 'system' && role !== 'bsre')
let http: Portal
let assisted: Portal
beforeAll(async () => {
  const more = { sandbox: { faults: 'none' as const }, desk: { answer: undefined as never } }
  http = await openPortal(more)
  assisted = await openPortal({ ...more, desk: { ...more.desk, ams: createAssistedAms({}) } })
})
afterAll(async () => { await http.close(); await assisted.close() })

interface Case { readonly portal: Portal; readonly id: string; readonly sha256: string }
const surya: TestPerson = { sub: 'surya.wibisana', opd: 'dindik', roles: ['opdOfficer'] }
const wulan: TestPerson = { sub: 'kepala.dinkominfo', opd: 'dinkominfo', roles: ['head'] }
const tegar: TestPerson = { sub: 'tegar.maulana', opd: 'dinkominfo', roles: ['verifier'] }

async function act({ portal, id }: Pick<Case, 'portal' | 'id'>, command: string, as: TestPerson, json: unknown = {}): Promise<void> {
  const answer = await portal.call('POST', `/v1/requests/${id}/${command}`, { as, json, ifMatch: '*' })
  if (!answer.ok) throw new Error(`${command}: ${answer.status} ${await answer.text()}`)
}
async function file(portal: Portal, change: Record<string, unknown> = {}): Promise<Case> {
  const leaf = await portal.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
  const answer = await portal.call('POST', '/v1/requests', { as: surya, form: await portal.filing(leaf, { holder: { id: 'orang.holder' }, ...change }) })
  const json = await answer.json() as { id: string; letters: { sha256: string }[] }
  if (answer.status !== 201) throw new Error(JSON.stringify(json))
  return { portal, id: json.id, sha256: json.letters[0]?.sha256 as string }
}
const disposed = async (portal: Portal, change?: Record<string, unknown>): Promise<Case> => { const made = await file(portal, change); await act(made, 'dispose', wulan, { to: 'tegar.maulana' }); return made }
const approved = async (portal: Portal): Promise<Case> => { const made = await disposed(portal); await act(made, 'approve', tegar, { findings }); return made }

const executing = async (): Promise<Case> => { const made = await approved(assisted); await assisted.pass(0); return made }

/** What was done before, by name. */
const situations = {
  draft: () => file(http, { draft: true }),
  submitted: () => file(http),
  disposed: () => disposed(http),
  approved: () => approved(http),
  executing,
  parked: async () => { const made = await executing(); await act(made, 'park', tegar); return made },
  revoked: async () => { const made = await approved(http); await http.pass(3 * 3_600_000, 900_000); return made },
} as const satisfies Record<string, () => Promise<Case>>
type Situation = keyof typeof situations

/** Where a route is open to somebody; the others are walked on a submitted request. */
const openIn: Readonly<Record<string, Situation>> = {
  amendRequest: 'draft', submitRequest: 'draft', redisposeRequest: 'disposed', cancelDisposition: 'disposed', verifyRequest: 'disposed', approveRequest: 'disposed', returnRequest: 'disposed', rejectRequest: 'disposed',
  executeRequest: 'approved', recordAms: 'executing', parkRequest: 'executing', resumeRequest: 'parked', examineEvidence: 'executing', downloadReceipt: 'revoked', answerRequest: 'revoked', finishRequest: 'revoked', readPersonal: 'disposed',
}
const bodies: Readonly<Record<string, unknown>> = {
  disposeRequest: { to: 'tegar.maulana' }, redisposeRequest: { to: 'ningrum.sekar' }, verifyRequest: { findings }, approveRequest: { findings }, returnRequest: { reasons: ['x'] }, rejectRequest: { reasons: ['x'] },
  ratifyRequest: { decision: 'ratified' }, recordAms: { record: { id: 'rev-1', status: 'waitingBsre', rawStatus: 'x' } }, resumeRequest: { found: 'nothing' }, resolveRequest: { outcome: 'continue' },
  notifyParty: { channel: 'telepon' }, reopenRequest: { complaint: 'K-1' },
}

type Cell = 'ya' | 'ditolak' | '-'
const signs: Readonly<Record<Cell, string>> = { ya: '✓', ditolak: '·', '-': '–' }
const requestRoutes = routes.filter(({ path, tag }) => path.includes('{id}') && tag !== 'complaints')
const otherRoutes = routes.filter(({ path, access }) => access === 'bearer' && !path.includes('{id}'))

const complaintRoutes = routes.filter(({ path, tag }) => path.includes('{id}') && tag === 'complaints')
const complaintIn: Readonly<Record<string, 'filed' | 'handled' | 'atBsre' | 'answered'>> = { passComplaintToBsre: 'handled', answerComplaint: 'handled', recordBsreAnswer: 'atBsre', closeComplaint: 'answered', reopenComplaint: 'answered' }
const complaintBodies: Readonly<Record<string, unknown>> = { classifyComplaint: { class: 'normatif' }, recordBsreAnswer: { text: 'x' }, answerComplaint: { text: 'x' }, refuseComplaint: { text: 'x' }, reopenComplaint: { text: 'x' } }

/** A complaint of the OPD's officer, as far as it is needed. */
async function complaint(standing: 'filed' | 'handled' | 'atBsre' | 'answered'): Promise<string> {
  const { id } = await (await http.call('POST', '/v1/complaints', { as: surya, json: { channel: 'srikandi', class: 'ringan', text: 'x' } })).json() as { id: string }
  const steps: readonly (readonly [string, unknown])[] = standing === 'filed' ? [] : [['take', {}], ...(standing === 'atBsre' ? [['pass-to-bsre', {}] as const] : standing === 'answered' ? [['answer', { text: 'x' }] as const] : [])]
  for (const [step, json] of steps) {
    const answer = await http.call('POST', `/v1/complaints/${id}/${step}`, { as: tegar, json })
    if (!answer.ok) throw new Error(`${step}: ${answer.status} ${await answer.text()}`)
  }
  return id
}

async function call(made: Case, row: Route, as: TestPerson): Promise<Response> {
  const { portal, id, sha256 } = made
  let form: FormData | undefined
  if (row.body?.media === 'form') {
    form = new FormData()
    if (row.operationId === 'examineEvidence') {
      form.append('request', '{}')
      form.append('crl', new Blob([await (await portal.sandbox.fetch(portal.sandbox.urls.crl)).arrayBuffer()]), 'x')
    } else {
      form.append('request', JSON.stringify({ letter: { part: 'surat', kind: row.operationId === 'answerRequest' ? 'answerLetter' : 'other', number: '1/2', date: '2026-11-24' } }))
      form.append('surat', new Blob([`%PDF-1.4\n${Math.random()}\n%%EOF\n`], { type: 'application/pdf' }), 'x')
    }
  }
  return portal.call(row.method.toUpperCase(), row.path.replace('{id}', id).replace('{sha256}', sha256), { as, ifMatch: '*', ...(form !== undefined ? { form } : row.method === 'get' ? {} : { json: bodies[row.operationId] ?? {} }) })
}

function cellOf(status: number, where: string): Cell {
  if (status < 300) return 'ya'
  if (status === 404) return '-'
  if (status === 403 || status === 409) return 'ditolak'
  throw new Error(`${where}: ${status}`)
}

describe('every route x every role x own and foreign OPD', () => {
  it('is answered, refused or hidden as the committed table says', async () => {
    const rows: string[] = []
    let cells = 0
    for (const row of requestRoutes) {
      const situation = openIn[row.operationId] ?? 'submitted'
      let made = await situations[situation]()
      const { allowed } = await (await made.portal.call('GET', `/v1/requests/${made.id}`, { as: tegar })).json() as { allowed: { command: string; roles: string[] }[] }
      const line: string[] = []
      for (const role of everyRole) {
        const pair: string[] = []
        for (const opd of ['dindik', 'dinkes']) {
          const sub = role === 'verifier' ? 'tegar.maulana' : role === 'holder' && opd === 'dinkes' ? 'orang.holder.lain' : `orang.${role}`
          const answer = await call(made, row, { sub, opd, roles: [role] })
          const where = `${row.operationId} in ${situation}, ${role} of ${opd}`
          const cell = cellOf(answer.status, `${where}: ${answer.status >= 400 ? await answer.clone().text() : ''}`)
          await answer.body?.cancel()
          cells++
          pair.push(signs[cell])
          // What nobody may do whatever the table says: another office's people never learn that the request exists.
          const sight = sightOf(role)
          if (sight !== 'all' && opd === 'dinkes') expect(cell, where).toBe('-')
          if (sight === 'all') expect(cell, where).not.toBe('-')
          if (cell === 'ya' && row.method === 'post') {
            // And nothing is done that the interface did not say is open to the role.
            const open = allowed.filter(({ roles }) => roles.includes(role)).length
            expect(open, `${where}: done, though no command is offered to the role`).toBeGreaterThan(0)
            made = await situations[situation]()
          }
        }
        line.push(pair.join('/'))
      }
      rows.push(`| ${row.method.toUpperCase()} ${row.path.replace('/v1/requests', '')} | ${situation} | ${line.join(' | ')} |`)
    }
    for (const row of complaintRoutes) {
      const standing = complaintIn[row.operationId] ?? 'filed'
      let id = await complaint(standing)
      const line: string[] = []
      for (const role of everyRole) {
        const pair: string[] = []
        for (const opd of ['dindik', 'dinkes']) {
          const answer = await http.call(row.method.toUpperCase(), row.path.replace('{id}', id), { as: { sub: `orang.${role}`, opd, roles: [role] }, ...(row.method === 'get' ? {} : { json: complaintBodies[row.operationId] ?? {} }) })
          const cell = cellOf(answer.status, `${row.operationId} of a complaint that is ${standing}, ${role} of ${opd}: ${answer.status}`)
          await answer.body?.cancel()
          cells++
          pair.push(signs[cell])
          if (sightOf(role) !== 'all') expect(cell, `${row.operationId}, ${role} of ${opd}: not their complaint`).toBe('-')
          if (cell === 'ya' && row.method === 'post') id = await complaint(standing)
        }
        line.push(pair.join('/'))
      }
      rows.push(`| ${row.method.toUpperCase()} ${row.path} | ${standing} | ${line.join(' | ')} |`)
    }

    expect(cells).toBe((requestRoutes.length + complaintRoutes.length) * everyRole.length * 2)

    for (const row of otherRoutes) {
      const line: string[] = []
      for (const role of everyRole) {
        const as: TestPerson = { sub: `orang.${role}.${row.operationId}`.toLowerCase(), opd: 'dindik', roles: [role] }
        const leaf = row.operationId === 'fileRequest' ? await http.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' }) : undefined
        const answer = await http.call(row.method.toUpperCase(), row.path, {
          as, ...(leaf !== undefined ? { form: await http.filing(leaf, { holder: { id: as.sub } }) } : row.operationId === 'fileComplaint' ? { json: { channel: 'srikandi', class: 'ringan', text: 'x' } } : row.method === 'post' ? { json: { scope: 'file' } } : {}),
        })
        line.push(signs[cellOf(answer.status === 422 ? 409 : answer.status, `${row.operationId}, ${role}`)])
        await answer.body?.cancel()
      }
      rows.push(`| ${row.method.toUpperCase()} ${row.path} | | ${line.join(' | ')} |`)
    }
    const page = `${accessPage()}${matrixHeading(everyRole)}${rows.join('\n')}\n`
    if (process.env['CABUT_WRITE'] === '1') writeFileSync(accessFile, page)
    expect(page).toBe(readFileSync(accessFile, 'utf8'))
  }, 600_000)
})
