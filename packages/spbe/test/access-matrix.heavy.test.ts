import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roleNames, type RoleName } from '@cabut/sdk/standard'
import type { Route } from '../src/http/route.js'
import { routes } from '../src/route/index.js'
import { findings, type CallOptions, type TestPerson } from './portal.js'
import { crl, letter, openSituations, surya, tegar, type Request, type Situations } from './situations.js'
import { accessFile, accessPage, matrixHeading, sightOf } from './write-access.js'

/**
 * Every route x every role x own and foreign OPD, walked: each cell is a real call, on a request made for it, in the situation in which the route is open to
 * somebody. `CABUT_WRITE=1` writes the table; otherwise it is compared with the committed one.
 */
const everyRole = roleNames.filter((role): role is RoleName => role !== 'system' && role !== 'bsre')
let situations: Situations
beforeAll(async () => { situations = await openSituations() })
afterAll(async () => situations.close())

/** Where a route is open to somebody; the others are walked on a submitted request. */
const openIn: Readonly<Record<string, keyof Situations['requests']>> = {
  amendRequest: 'draft', submitRequest: 'draft', redisposeRequest: 'disposed', cancelDisposition: 'disposed', verifyRequest: 'disposed', approveRequest: 'disposed',
  returnRequest: 'disposed', rejectRequest: 'disposed', readPersonal: 'disposed', expediteRequest: 'compromised', executeRequest: 'approved', ratifyRequest: 'emergency',
  recordAms: 'executing', parkRequest: 'executing', examineEvidence: 'executing', resumeRequest: 'parked', resolveRequest: 'contradicted', resumeCertificate: 'suspended',
  downloadReceipt: 'revoked', answerRequest: 'revoked', finishRequest: 'answered', reopenRequest: 'closed',
}
const complaintOpenIn: Readonly<Record<string, keyof Situations['complaints']>> = {
  passComplaintToBsre: 'handled', answerComplaint: 'handled', refuseComplaint: 'handled', recordBsreAnswer: 'atBsre', closeComplaint: 'answered', reopenComplaint: 'answered',
}
const bodies: Readonly<Record<string, unknown>> = {
  disposeRequest: { to: 'tegar.maulana' }, redisposeRequest: { to: 'ningrum.sekar' }, verifyRequest: { findings }, approveRequest: { findings },
  returnRequest: { reasons: ['x'] }, rejectRequest: { reasons: ['x'] }, ratifyRequest: { decision: 'ratified' },
  recordAms: { record: { id: 'rev-1', status: 'waitingBsre', rawStatus: 'x' } }, resumeRequest: { found: 'nothing' }, resolveRequest: { outcome: 'continue' },
  notifyParty: { channel: 'telepon' }, reopenRequest: { complaint: 'K-1' },
  classifyComplaint: { class: 'normatif' }, recordBsreAnswer: { text: 'x' }, answerComplaint: { text: 'x' }, refuseComplaint: { text: 'x' }, reopenComplaint: { text: 'x' },
  fileComplaint: { channel: 'srikandi', class: 'ringan', text: 'x' }, mintEmbedToken: { scope: 'file' },
}
/** What the workflow calls an act whose route has another name. */
const commandNames: Readonly<Record<string, string>> = { letters: 'attach', evidence: 'recordEvidence', 'record-ams': 'recordAmsAnswer', finish: 'close' }
function commandOf({ path }: Route): string {
  const last = path.slice(path.lastIndexOf('/') + 1)
  return commandNames[last] ?? last.replace(/-(.)/g, (_, first: string) => first.toUpperCase())
}

type Cell = 'ya' | 'ditolak' | '-'
const signs: Readonly<Record<Cell, string>> = { ya: '✓', ditolak: '·', '-': '–' }
const requestRoutes = routes.filter(({ path, tag }) => path.includes('{id}') && tag !== 'complaints')
const complaintRoutes = routes.filter(({ path, tag }) => path.includes('{id}') && tag === 'complaints')
const otherRoutes = routes.filter(({ path, access }) => access === 'bearer' && !path.includes('{id}'))

function cellOf(status: number, where: string): Cell {
  if (status < 300) return 'ya'
  if (status === 404) return '-'
  if (status === 403 || status === 409) return 'ditolak'
  throw new Error(`${where}: ${status}`)
}

async function contentOf(row: Route, portal: Request['portal']): Promise<Pick<CallOptions, 'form' | 'json'>> {
  if (row.method === 'get') return {}
  if (row.body?.media !== 'form') return { json: bodies[row.operationId] ?? {} }
  return { form: row.operationId === 'examineEvidence' ? await crl(portal) : letter(row.operationId === 'answerRequest' ? 'answerLetter' : 'other') }
}

async function call({ portal, id, sha256 }: Request, row: Route, as: TestPerson): Promise<Response> {
  return portal.call(row.method.toUpperCase(), row.path.replace('{id}', id).replace('{sha256}', sha256), { as, ifMatch: '*', ...await contentOf(row, portal) })
}

/** The verifier is the one it was disposed to, the holder the one whose certificate it is. */
function personOf(role: RoleName, opd: string): TestPerson {
  return { sub: role === 'verifier' ? tegar.sub : role === 'holder' && opd === 'dinkes' ? 'orang.holder.lain' : `orang.${role}`, opd, roles: [role] }
}

/** Before the stroke a complaint is walked by its reporter and its handler, behind it by others in their roles. */
function complaintPersonOf(role: RoleName, opd: string): TestPerson {
  const own = opd === 'dindik' ? [surya, tegar].find(({ roles }) => roles.includes(role)) : undefined
  return own === undefined ? { sub: `orang.${role}`, opd, roles: [role] } : { ...own, opd }
}

describe('every route x every role x own and foreign OPD', () => {
  it('is walked under another standard only for what the published ones do not offer', () => {
    expect(situations.portals.map(({ desk }) => desk.standard.suspensionOffered)).toEqual([false, false, true])
  })

  it('is answered, refused or hidden as the committed table says', async () => {
    const { portals: [http], vouching } = situations
    const rows: string[] = []
    let cells = 0
    /** A row is worth its calls only where somebody is let in; what changes something that exists must keep somebody out as well. */
    const add = (row: Route, path: string, situation: string, line: readonly string[]): void => {
      const all = line.join('/').split('/')
      expect(all, `${row.operationId} in ${situation}: nobody is let in`).toContain(signs.ya)
      if (row.method === 'post' && row.path.includes('{id}')) expect(all.some((sign) => sign !== signs.ya), `${row.operationId} in ${situation}: nobody is kept out`).toBe(true)
      rows.push(`| ${row.method.toUpperCase()} ${path} |${situation === '' ? '' : ` ${situation}`} | ${line.join(' | ')} |`)
    }

    for (const row of requestRoutes) {
      const situation = openIn[row.operationId] ?? 'submitted'
      const make = situations.requests[situation]
      let made = await make()
      const { allowed } = await (await made.portal.call('GET', `/v1/requests/${made.id}`, { as: tegar })).json() as { allowed: { command: string; roles: string[] }[] }
      const line: string[] = []
      for (const role of everyRole) {
        const pair: string[] = []
        for (const opd of ['dindik', 'dinkes']) {
          const answer = await call(made, row, personOf(role, opd))
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
            expect(allowed.filter(({ roles }) => roles.includes(role)).map(({ command }) => command), `${where}: done, though not offered`).toContain(commandOf(row))
            made = await make()
          }
        }
        line.push(pair.join('/'))
      }
      const { id, region } = made.portal.desk.standard
      add(row, row.path.replace('/v1/requests', ''), id === http.desk.standard.id ? situation : `${situation}, ${region.name}`, line)
    }

    for (const row of complaintRoutes) {
      const situation = complaintOpenIn[row.operationId] ?? 'filed'
      const make = situations.complaints[situation]
      let made = await make()
      const line: string[] = []
      for (const role of everyRole) {
        const pair: string[] = []
        for (const opd of ['dindik', 'dinkes']) {
          const as = complaintPersonOf(role, opd)
          const where = `${row.operationId} of a complaint that is ${situation}, ${role} of ${opd}`
          const answer = await http.call(row.method.toUpperCase(), row.path.replace('{id}', made.id), { as, ...await contentOf(row, http) })
          const cell = cellOf(answer.status, where)
          await answer.body?.cancel()
          cells++
          pair.push(signs[cell])
          if (as.sub === surya.sub) expect(cell, `${where}: their own complaint`).not.toBe('-')
          else if (sightOf(role) !== 'all') expect(cell, `${where}: not their complaint`).toBe('-')
          if (cell === 'ya' && row.method === 'post') made = await make()
        }
        line.push(pair.join('/'))
      }
      add(row, row.path, situation, line)
    }

    expect(cells).toBe((requestRoutes.length + complaintRoutes.length) * everyRole.length * 2)

    for (const row of otherRoutes) {
      const minting = row.operationId === 'mintEmbedToken'
      const line: string[] = []
      for (const role of everyRole) {
        const as: TestPerson = { sub: `orang.${role}.${row.operationId}`.toLowerCase(), opd: 'dindik', roles: [role] }
        const leaf = row.operationId === 'fileRequest' ? await http.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' }) : undefined
        const content = leaf === undefined ? await contentOf(row, http) : { form: await http.filing(leaf, { holder: { id: as.sub } }) }
        const ask = (who: CallOptions): Promise<Response> => http.call(row.method.toUpperCase(), row.path, { ...who, ...content })
        // What an identity provider gave to a person, that person hands on to nobody, whatever their role.
        if (minting) expect((await ask({ as })).status, `${row.operationId}, ${role}`).toBe(403)
        const vouched = async (): Promise<CallOptions> => ({ headers: { authorization: `Bearer ${await vouching.sign({ sub: as.sub, opd: as.opd, realm_access: { roles: as.roles } })}` } })
        const answer = await ask(minting ? await vouched() : { as })
        line.push(signs[cellOf(answer.status === 422 ? 409 : answer.status, `${row.operationId}, ${role}`)])
        await answer.body?.cancel()
      }
      add(row, row.path, minting ? 'by the backend of a portal' : '', line)
    }
    const page = `${accessPage()}${matrixHeading(everyRole)}${rows.join('\n')}\n`
    if (process.env['CABUT_WRITE'] === '1') writeFileSync(accessFile, page)
    expect(page).toBe(readFileSync(accessFile, 'utf8'))
  }, 600_000)
})
