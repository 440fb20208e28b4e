import { readFileSync } from 'node:fs'
import { createAssistedAms, type DeskOptions } from '@cabut/sdk'
import { loadStandard } from '@cabut/sdk/standard'
import { testIssuer, type TestIssuer } from './issuer.js'
import { findings, mapping, openPortal, type Portal, type TestPerson } from './portal.js'

/** A request or complaint brought somewhere by the commands before it. */
interface Made { readonly portal: Portal; readonly id: string }
/** A request, with the digest of its letter. */
export interface Request extends Made { readonly sha256: string; readonly serial: string }

/** The officer of the OPD who files and complains, and the verifier who takes both up. */
export const surya: TestPerson = { sub: 'surya.wibisana', opd: 'dindik', roles: ['opdOfficer'] }
export const tegar: TestPerson = { sub: 'tegar.maulana', opd: 'dinkominfo', roles: ['verifier'] }
const wulan: TestPerson = { sub: 'kepala.dinkominfo', opd: 'dinkominfo', roles: ['head'] }

let letters = 0
/** A form with one letter. */
export function letter(kind: 'answerLetter' | 'other'): FormData {
  const form = new FormData()
  form.append('request', JSON.stringify({ letter: { part: 'surat', kind, number: '1/2', date: '2026-11-24' } }))
  form.append('surat', new Blob([`%PDF-1.4\n${++letters}\n%%EOF\n`], { type: 'application/pdf' }), 'x')
  return form
}

/** A form with the authority's list of now. */
export async function crl({ sandbox }: Portal): Promise<FormData> {
  const form = new FormData()
  form.append('request', '{}')
  form.append('crl', new Blob([await (await sandbox.fetch(sandbox.urls.crl)).arrayBuffer()]), 'x')
  return form
}

async function file(portal: Portal, change: Record<string, unknown> = {}, as = surya): Promise<Request> {
  const leaf = await portal.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
  const answer = await portal.call('POST', '/v1/requests', { as, form: await portal.filing(leaf, { holder: { id: 'orang.holder' }, ...change }) })
  const json = await answer.json() as { id: string; letters: { sha256: string }[] }
  if (answer.status !== 201) throw new Error(JSON.stringify(json))
  return { portal, id: json.id, sha256: json.letters[0]?.sha256 as string, serial: leaf.serial }
}

async function post({ portal, id }: Made, under: 'requests' | 'complaints', command: string, as: TestPerson, given: unknown): Promise<void> {
  const ifMatch = under === 'requests' ? '*' : undefined
  const answer = await portal.call('POST', `/v1/${under}/${id}/${command}`, { as, ifMatch, ...(given instanceof FormData ? { form: given } : { json: given }) })
  if (!answer.ok) throw new Error(`${command}: ${answer.status} ${await answer.text()}`)
}

type Making<From extends Made> = () => Promise<From>
type Step = (made: Request) => Promise<unknown>

/** What was done before, then further steps. */
function after<From extends Made>(before: Making<From>, ...steps: readonly ((made: From) => Promise<unknown>)[]): Making<From> {
  return async () => {
    const made = await before()
    for (const step of steps) await step(made)
    return made
  }
}
const act = (command: string, as: TestPerson, given: unknown = {}): Step => (made) => post(made, 'requests', command, as, given)
const work: Step = ({ portal }) => portal.pass(0)
const dispose = act('dispose', wulan, { to: tegar.sub })
const approve = act('approve', tegar, { findings })
const attach: Step = (made) => post(made, 'requests', 'letters', tegar, letter('other'))
const handInList: Step = async (made) => post(made, 'requests', 'evidence', tegar, await crl(made.portal))
const published = (how: 'revokeAtAuthority' | 'suspend'): Step => async ({ portal: { sandbox: { manage } }, serial }) => {
  manage[how](serial)
  manage.publish()
}
const revokedInAms: Step = (made) => {
  const revokedAt = new Date(made.portal.clock.now - 3_600_000).toISOString()
  return post(made, 'requests', 'record-ams', tegar, { record: { id: 'rev-1', status: 'revoked', rawStatus: 'DICABUT', revokedAt } })
}

function requestsOf(http: Portal, assisted: Portal, offering: Portal) {
  const submitted: Making<Request> = () => file(http)
  const disposed = after(submitted, dispose)
  const executing = after(() => file(assisted), dispose, approve, work)
  const revoked = after(executing, published('revokeAtAuthority'), handInList)
  // Told by the desk's own notice, which its worker sends.
  const answered = after(revoked, work, (made) => post(made, 'requests', 'answer', tegar, letter('answerLetter')))
  return {
    draft: () => file(http, { draft: true }),
    submitted, disposed, executing, revoked, answered,
    approved: after(disposed, approve),
    // Filed as a transfer; that others know the key comes out afterwards.
    compromised: after(submitted, act('amend', surya, { reason: 'kunciBocor' })),
    // The officer took part in the filing and was alone.
    emergency: after(() => file(http, { reason: 'kunciBocor' }), dispose, attach, act('approve', tegar, { findings, emergency: true })),
    parked: after(executing, act('park', tegar)),
    contradicted: after(executing, revokedInAms, handInList),
    closed: after(answered, work),
    suspended: after(() => file(offering, { reason: 'penangguhan' }, { ...surya, roles: ['opdHead'] }), approve, work, published('suspend'), handInList),
  } satisfies Record<string, Making<Request>>
}

function complaintsOf(portal: Portal) {
  const step = (command: string, given: unknown = {}) => (made: Made): Promise<void> => post(made, 'complaints', command, tegar, given)
  const filed: Making<Made> = async () => {
    const answer = await portal.call('POST', '/v1/complaints', { as: surya, json: { channel: 'srikandi', class: 'ringan', text: 'x' } })
    return { portal, id: (await answer.json() as { id: string }).id }
  }
  const handled = after(filed, step('take'))
  return { filed, handled, atBsre: after(handled, step('pass-to-bsre')), answered: after(handled, step('answer', { text: 'x' })) } satisfies Record<string, Making<Made>>
}

/** Every situation by its name: each call makes a new request, or complaint, and brings it there by real commands. */
export interface Situations {
  readonly requests: ReturnType<typeof requestsOf>
  readonly complaints: ReturnType<typeof complaintsOf>
  /** Purbalingga with an AMS that answers, Purbalingga by hand in AMS, and a region of its own data that offers suspension. */
  readonly portals: readonly [http: Portal, assisted: Portal, offering: Portal]
  /** A portal without an identity provider of its own, which the first one trusts to vouch for its people. */
  readonly vouching: TestIssuer
  close(): Promise<void>
}

/** Opens the portals the situations are made in. */
export async function openSituations(): Promise<Situations> {
  const sandbox = { faults: 'none' as const }
  const desk: Partial<DeskOptions> = { answer: () => Promise.resolve(undefined) }
  const vouching: TestIssuer = await testIssuer('https://portal.contoh.go.id', 'RS256', () => http.clock.now)
  const http: Portal = await openPortal({
    sandbox, desk, portal: { embed: { secrets: ['rahasia-token-sematan-untuk-matriks'] } },
    issuers: [{ kind: 'portal', issuer: vouching.issuer, audience: 'cabut', keys: { jwks: vouching.keys }, claims: mapping }],
  })
  // Without a grace a list that is younger than AMS's word and does not name the certificate contradicts it at once.
  const byHand = { ...desk, ams: createAssistedAms({}), publicationGrace: 0 }
  const region = loadStandard(JSON.parse(readFileSync(new URL('../../../docs/standards/kabupaten-tanjung-karsa.json', import.meta.url), 'utf8')) as object)
  const assisted = await openPortal({ sandbox, desk: byHand })
  const offering = await openPortal({ sandbox, desk: byHand, standard: region })
  return {
    requests: requestsOf(http, assisted, offering), complaints: complaintsOf(http), portals: [http, assisted, offering], vouching,
    async close() { for (const portal of [http, assisted, offering]) await portal.close() },
  }
}
