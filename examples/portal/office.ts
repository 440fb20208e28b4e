import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki'
import { inspectLetter, type LetterReport } from '@cabut/pki/letter'
import { createSqlStore } from '@cabut/postgres'
import { connectPostgres } from '@cabut/postgres/pg'
import { openPglite } from '@cabut/postgres/pglite'
import { createSqlIdempotencyStore, createSqlSessionStore } from '@cabut/postgres/portal'
import { bearer, createAssistedAms, createDesk, createHttpAms, type AmsPort, type Desk, type RoleName } from '@cabut/sdk'
import type { Store } from '@cabut/sdk/store'
import { createComplaintDesk, type ComplaintDesk } from '@cabut/sdk/complaint'
import { startSandbox, type RunningSandbox } from '@cabut/sandbox'
import { createSpbeHandler, type SpbeHandler } from '@cabut/spbe'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createComplaintFile } from './complaint-file.js'
import { inventedPeople, type Person } from './people.js'
import { createSurvey, type Survey } from './survey.js'
import type { Settings } from './settings.js'

/** Everything behind the pages. */
export interface Office {
  readonly settings: Settings
  readonly desk: Desk
  readonly ams: AmsPort
  readonly complaints: ComplaintDesk
  readonly survey: Survey
  readonly people: readonly Person[]
  readonly handler: SpbeHandler
  readonly anchors: readonly [string, ...string[]]
  /** Absent where real anchors are pinned. */
  readonly sandbox?: RunningSandbox
  /** Signs a short token that asserts who acts, as a portal with its own sessions does. */
  asserts(person: Person, role: RoleName): Promise<string>
  /** Signatures of a letter, judged by the pinned anchors. */
  inspect(pdf: Uint8Array): Promise<LetterReport>
  /** The certificate of an invented person, issued on first use. */
  sampleCertificate(username: string): Promise<Uint8Array>
  audit(entry: object): void
  close(): Promise<void>
}

const ISSUER = 'portal:contoh'
const AUDIENCE = 'cabut'
/** Where other systems reach the HTTP interface. */
export const interfacePath = '/layanan/cabut'

/** Opens the office: sandbox (unless real anchors are pinned), store, desk, complaints and the HTTP interface the pages stand on. */
export async function openOffice(settings: Settings, given: { readonly store?: Store } = {}): Promise<Office> {
  const { standard, data } = settings
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const sandbox = settings.anchors === undefined ? await openSandbox(settings) : undefined
  const anchors = settings.anchors ?? sandbox?.anchors
  if (anchors === undefined) throw new TypeError('no anchors')
  const intermediates = sandbox === undefined ? [] : [sandbox.ca.issuingPem]
  const evidence = createEvidenceFetcher(sandbox === undefined ? {} : { allow: [allowLoopback], maxFresh: 0 })
  const people = inventedPeople(standard)
  const database = given.store !== undefined ? undefined : settings.database === undefined ? await openPglite({ directory: join(data, 'meja') }) : await connectPostgres({ url: settings.database })
  const store = given.store ?? await createSqlStore(database as NonNullable<typeof database>)
  const ams = settings.ams === 'assisted' || sandbox === undefined
    ? createAssistedAms()
    : createHttpAms({ baseUrl: sandbox.urls.ams, credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true, timeoutMs: 5_000 })
  const desk = createDesk({
    standard, ams, anchors, intermediates, store, fetch: evidence, sandbox: sandbox !== undefined,
    roster: people.flatMap(({ id, opd, roles }) => roles.map((role) => ({ id, role, opd }))),
    notify: async () => ({ channel: 'portal' }),
    ...(sandbox === undefined ? {} : { pace: { ams: 1_000, proof: 1_000, watch: 60_000 } }),
  })
  const complaints = createComplaintDesk({
    standard, store: createComplaintFile(join(data, 'pengaduan.json')), now: () => new Date().toISOString(), ids: () => `K-${crypto.randomUUID().slice(0, 13)}`,
    reopenRequest: (requestId, complaint, as) => desk.reopen(requestId, { as, complaint }),
    async describeRequest(requestId) {
      const view = await desk.get(requestId).catch(() => undefined)
      if (view === undefined) return undefined
      const { applicant, holder } = view.state.parties
      return { label: view.label, parties: [applicant.id, ...(holder.id === undefined ? [] : [holder.id])] }
    },
  })
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const key = { ...(await exportJWK(publicKey)), kid: 'portal-1', alg: 'ES256', use: 'sig' }
  const trail = join(data, 'audit.jsonl')
  const audit = (entry: object): void => appendFileSync(trail, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
  const roleNames = Object.fromEntries([...new Set(['applicant', ...standard.roles.map(({ role }) => role), ...people.flatMap(({ roles }) => roles)])].filter((role) => role !== 'system' && role !== 'bsre').map((role) => [role, role])) as Record<string, RoleName>
  const handler = createSpbeHandler({
    desk, complaints, audit, rateLimit: false, basePath: interfacePath, embed: { secrets: [randomBytes(32).toString('hex')] }, anonymousSecret: secretOf(data),
    ...(database === undefined ? {} : { idempotency: createSqlIdempotencyStore(database) }),
    ...(settings.login === undefined || settings.origin === undefined ? {} : { session: { origin: settings.origin, provider: { ...settings.login, redirectUri: `${settings.origin}${interfacePath}/session/callback` }, cookie: { secure: settings.origin.startsWith('https:') }, ...(database === undefined ? {} : { store: createSqlSessionStore(database) }) } }),
    issuers: [{ kind: 'portal', issuer: ISSUER, audience: AUDIENCE, algorithms: ['ES256'], keys: { jwks: { keys: [key] } }, claims: { opd: ['opd'], roles: [['roles']], roleNames } }],
  })
  return {
    settings, desk, ams, complaints, survey: createSurvey(data), people, handler, anchors, audit,
    ...(sandbox === undefined ? {} : { sandbox }),
    asserts: (person, role) => new SignJWT({ opd: person.opd, roles: [role] }).setProtectedHeader({ alg: 'ES256', kid: 'portal-1' })
      .setIssuer(ISSUER).setAudience(AUDIENCE).setSubject(person.id).setIssuedAt().setExpirationTime('60s').sign(privateKey),
    inspect: (pdf) => inspectLetter(pdf, { anchors, intermediates, fetch: evidence, claimPhrases: ['ditandatangani secara elektronik'] }),
    async sampleCertificate(username) {
      if (sandbox === undefined) throw new TypeError('no sandbox')
      const file = join(data, `${username}.cer`)
      if (!existsSync(file)) writeFileSync(file, (await sandbox.manage.issue({ username })).der)
      return new Uint8Array(readFileSync(file))
    },
    async close() {
      await desk.close()
      await store.close()
      await sandbox?.close()
    },
  }
}

/** Behind the keys of anonymous complaints: made once, so that they open after a restart. */
function secretOf(data: string): string {
  const file = join(data, 'rahasia-pengaduan')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8')
}

/** The stand-in AMS and authority on loopback, kept between starts: certificates in it point to its port. */
async function openSandbox({ data, sandboxDelay, standard }: Settings): Promise<RunningSandbox> {
  return startSandbox({
    dataDir: join(data, 'sandbox'), seed: standard.id, faults: 'none', bsre: { delay: sandboxDelay }, publication: { delay: sandboxDelay },
    users: [
      ...inventedPeople(standard).map(({ id, name, roles }) => ({
        username: id, name, role: roles.includes('verifier') ? 'Verifikator' as const : 'Pengguna' as const, agency: `${standard.region.name} (rekaan)`,
      })),
      { username: 'petugas.bsre', name: 'Petugas BSrE (rekaan)', role: 'BSrE', agency: 'BSrE (sandbox)' },
    ],
  })
}
