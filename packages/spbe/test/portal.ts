import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { allowPlainHttp, bearer, createDesk, createHttpAms, type Desk, type DeskOptions } from '@cabut/sdk'
import { roleNames } from '@cabut/sdk/standard'
import { createSandbox, type Leaf, type Sandbox, type SandboxOptions } from '@cabut/sandbox'
import { createSpbeHandler, type AuditEntry, type ClaimMapping, type SpbeHandler, type SpbeOptions } from '../src/index.js'
import { testIssuer, type TestIssuer } from './issuer.js'

/** Tuesday 2026-11-24 09.00 WIB: a service day. */
export const tuesday = Date.UTC(2026, 10, 24, 2)

export const mapping: ClaimMapping = {
  opd: ['opd'],
  roles: [['realm_access', 'roles']],
  // Some by names of an identity provider, every one by its own.
  roleNames: { ...Object.fromEntries(roleNames.filter((role) => role !== 'system' && role !== 'bsre').map((role) => [role, role])), kepala: 'head', koordinator: 'coordinator', verifikator: 'verifier', atasan: 'supervisor', opd: 'opdOfficer', 'kepala-opd': 'opdHead', pemilik: 'holder', bkpsdm: 'personnelOffice' },
}

/** A person as the identity provider knows them. Ids are usernames of the sandbox. */
export interface TestPerson { readonly sub: string; readonly opd?: string; readonly roles: readonly string[] }

export const people = {
  opd: { sub: 'surya.wibisana', opd: 'dindik', roles: ['opd'] },
  neighbour: { sub: 'rekan.satu.opd', opd: 'dindik', roles: ['opd'] },
  stranger: { sub: 'orang.opd.lain', opd: 'dinkes', roles: ['opd'] },
  head: { sub: 'kepala.dinkominfo', opd: 'dinkominfo', roles: ['kepala'] },
  verifier: { sub: 'tegar.maulana', opd: 'dinkominfo', roles: ['verifikator'] },
  second: { sub: 'ningrum.sekar', opd: 'dinkominfo', roles: ['verifikator'] },
  holder: { sub: 'ratna.pertiwi', opd: 'disdik', roles: ['pemilik'] },
  otherHolder: { sub: 'bima.anggara', opd: 'disdik', roles: ['pemilik'] },
} as const satisfies Record<string, TestPerson>

export const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const

export interface CallOptions {
  readonly as?: TestPerson
  readonly json?: unknown
  readonly form?: FormData
  readonly ifMatch?: string | undefined
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface Portal {
  readonly handler: SpbeHandler
  readonly desk: Desk
  readonly sandbox: Sandbox
  readonly issuer: TestIssuer
  readonly clock: { now: number }
  readonly trail: AuditEntry[]
  call(method: string, path: string, options?: CallOptions): Promise<Response>
  token(person: TestPerson): Promise<string>
  issue(username: string): Promise<Leaf>
  /** A form that files a request for a certificate. */
  filing(leaf: Leaf, change?: Record<string, unknown>): Promise<FormData>
  /** Files as the OPD and gives the answer. */
  filed(): Promise<Filed>
  pass(milliseconds: number, step?: number): Promise<void>
  close(): Promise<void>
}

export interface Filed { readonly id: string; readonly etag: string; readonly json: Record<string, unknown>; readonly leaf: Leaf }

/** Making RSA keys takes most of a portal's start: one authority with some certificates is made per process, and every portal starts from a copy of it. */
let template: Promise<{ readonly folder: string; readonly leaves: ReadonlyMap<string, readonly Leaf[]> }> | undefined

async function makeTemplate(): Promise<{ readonly folder: string; readonly leaves: ReadonlyMap<string, readonly Leaf[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cabut-spbe-'))
  const sandbox = await createSandbox({ seed: 'portal', faults: 'none', now: () => tuesday, dataDir: join(folder, 'pola') })
  const leaves = new Map<string, readonly Leaf[]>()
  for (const username of ['surya.wibisana', 'ratna.pertiwi']) leaves.set(username, [await sandbox.manage.issue({ username, key: 'shared' }), await sandbox.manage.issue({ username, key: 'shared' })])
  await sandbox.close()
  return { folder, leaves }
}

let copies = 0
let keys = 0
/** A fresh Idempotency-Key. */
export const freshKey = (): string => `kunci-uji-${++keys}-${Math.random().toString(36).slice(2)}`

/** A portal over a desk over the sandbox, faults on. */
export async function openPortal(
  more: { readonly standard?: DeskOptions['standard']; readonly sandbox?: SandboxOptions; readonly desk?: Partial<DeskOptions>; readonly portal?: Partial<SpbeOptions>; readonly issuers?: SpbeOptions['issuers']; readonly letter?: Uint8Array } = {},
): Promise<Portal> {
  const clock = { now: tuesday }
  const { folder, leaves } = await (template ??= makeTemplate())
  const dataDir = join(folder, `salinan-${++copies}`)
  await cp(join(folder, 'pola'), dataDir, { recursive: true })
  const issued = new Map<string, number>()
  const sandbox = await createSandbox({ seed: 'portal', faults: 'default', now: () => clock.now, hang: 60, publication: { delay: 3_600_000 }, dataDir, ...more.sandbox })
  const issuer = await testIssuer('https://sso.contoh.go.id/realms/daerah', 'ES256', () => clock.now)
  const ams = createHttpAms({
    baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], honoursIdempotencyKey: true, timeoutMs: 400, retries: 1,
    credential: bearer((actor) => sandbox.manage.token(actor.id)),
  })
  const letter = more.letter ?? await pdf('Surat permohonan pencabutan')
  const desk = createDesk({
    standard: more.standard ?? 'kabupaten-purbalingga', ams, anchors: sandbox.anchors, fetch: sandbox.fetch, clock: () => new Date(clock.now), worker: false, sandbox: true,
    notify: async () => ({ channel: 'portal' }),
    answer: async () => ({ kind: 'answerLetter', bytes: await pdf('Surat jawaban'), number: '000.8.3.3/16/DINKOMINFO', date: '2026-11-24' }),
    // Who brings a way of their own to CRL and OCSP need not fetch the issuing certificate by it as well.
    ...(more.desk?.fetch === undefined ? {} : { intermediates: [sandbox.ca.issuingPem] }),
    ...more.desk,
  })
  const trail: AuditEntry[] = []
  const handler = createSpbeHandler({
    desk, clock: () => new Date(clock.now), fetch: issuer.fetch, rateLimit: false, audit: (entry) => { trail.push(entry) },
    issuers: [{ issuer: issuer.issuer, audience: 'cabut', keys: { url: issuer.jwksUrl }, claims: mapping }, ...more.issuers ?? []],
    ...more.portal,
  })
  const portal: Portal = {
    handler, desk, sandbox, issuer, clock, trail,
    token: ({ sub, opd, roles }) => issuer.sign({ sub, opd, realm_access: { roles } }),
    async call(method, path, { as, json, form, ifMatch, key, headers, signal } = {}) {
      const all = new Headers(headers)
      if (as !== undefined) all.set('authorization', `Bearer ${await portal.token(as)}`)
      if (json !== undefined) all.set('content-type', 'application/json')
      if (ifMatch !== undefined) all.set('if-match', ifMatch)
      if (method === 'POST' && !all.has('idempotency-key')) all.set('idempotency-key', key ?? freshKey())
      const body = form ?? (json === undefined ? undefined : JSON.stringify(json))
      return handler.fetch(new Request(`https://portal.contoh.go.id${path}`, { method, headers: all, ...(body === undefined ? {} : { body }), ...(signal === undefined ? {} : { signal }) }))
    },
    async issue(username) {
      const count = issued.get(username) ?? 0
      issued.set(username, count + 1)
      return leaves.get(username)?.[count] ?? sandbox.manage.issue({ username, key: 'shared' })
    },
    async filing(leaf, change = {}) {
      const form = new FormData()
      form.append('request', JSON.stringify({
        certificate: { part: 'sertifikat', username: 'surya.wibisana' }, reason: 'mutasi', applicant: { name: 'Surya Wibisana' },
        letters: [{ part: 'surat', kind: 'requestLetter', number: '000.8.3.3/15/OR', date: '2026-11-23' }], ...change,
      }))
      form.append('surat', new Blob([letter as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }), 'surat.pdf')
      form.append('sertifikat', new Blob([leaf.certificatePem], { type: 'application/x-pem-file' }), 'sertifikat.pem')
      return form
    },
    async filed() {
      const leaf = await portal.issue('surya.wibisana')
      const answer = await portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf) })
      const json = await answer.json() as Record<string, unknown>
      if (answer.status !== 201) throw new Error(`filing answered ${answer.status} ${JSON.stringify(json)}`)
      return { id: json['id'] as string, etag: answer.headers.get('etag') as string, json, leaf }
    },
    async pass(milliseconds, step = 60_000) {
      await desk.runEffects()
      for (let gone = 0; gone < milliseconds; gone += step) {
        clock.now += Math.min(step, milliseconds - gone)
        await desk.runEffects()
      }
    },
    async close() {
      await desk.close()
      await sandbox.close()
    },
  }
  return portal
}

/** A small letter. */
export async function pdf(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.addPage([200, 200]).drawText(text.slice(0, 40), { size: 10, x: 10, y: 100 })
  document.setCreationDate(new Date(tuesday))
  document.setModificationDate(new Date(tuesday))
  return document.save()
}
