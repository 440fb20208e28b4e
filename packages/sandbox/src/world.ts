import { randomBytes } from 'node:crypto'
import { unpem } from './authority/keys.js'
import { createAuthority, type Authority, type AuthorityFile, type Leaf, type LeafPlan } from './authority/authority.js'
import { nameKey } from './authority/name.js'
import { createPublication, type Publication } from './authority/publication.js'
import { createFaultEngine, type FaultEngine } from './fault/engine.js'
import { createWebhooks, type AmsWebhooks } from './ams/webhooks.js'
import type { SandboxOptions } from './options.js'
import { DEFAULT_REASONS, DEFAULT_USERS } from './people.js'
import type { CertificateRecord, LetterRecord, LogEntry, LogType, ReasonRow, RevocationRecord, SandboxState, SandboxUser } from './state.js'

/** Leaf settings plus whose certificate it is in AMS. */
export interface CertificatePlan extends Partial<LeafPlan> {
  /** A user of the sandbox; gives CN and O where they are not named. Without it AMS does not list the certificate. */
  readonly username?: string
}

/** What every peer of the sandbox shares: one authority, one state, one clock, one source of faults. */
export interface World {
  readonly options: SandboxOptions
  readonly baseUrl: string
  readonly state: SandboxState
  readonly authority: Authority
  readonly publication: Publication
  readonly faults: FaultEngine
  readonly users: readonly SandboxUser[]
  readonly reasons: { readonly version: string; readonly items: readonly ReasonRow[] }
  /** PDF bytes by letterId. */
  readonly letterBytes: Map<string, Uint8Array>
  readonly certificates: Index<CertificateRecord>
  readonly letters: Index<LetterRecord>
  readonly revocations: Index<RevocationRecord>
  now(): number
  /** AMS's own clock: `now` unless the clockSkew fault is on. */
  amsNow(): number
  log(type: LogType, fields?: Omit<LogEntry, 'seq' | 'at' | 'type'>): void
  readonly webhooks: AmsWebhooks
  nextId(prefix: string): string
  findUser(username: string): SandboxUser | undefined
  bySerial(serial: string): CertificateRecord | undefined
  issue(plan: CertificatePlan): Promise<Leaf>
  /** Counts changes, so that persistence knows when to write. */
  touched: number
}

/** Records in insertion order, found by id or by a key they share. */
export interface Index<T> {
  add(record: T): void
  get(id: string): T | undefined
  having(key: string): readonly T[]
  readonly all: readonly T[]
}

export interface Restored {
  readonly state: SandboxState
  readonly authority?: AuthorityFile
  readonly letterBytes?: Map<string, Uint8Array>
}

export async function createWorld(options: SandboxOptions, restored: Restored): Promise<World> {
  const { state } = restored
  const baseUrl = options.baseUrl ?? 'http://sandbox.cabut.invalid'
  const now = (): number => {
    const at = options.now?.() ?? Date.now()
    return typeof at === 'number' ? at : at.getTime()
  }
  const authority = await createAuthority({
    now,
    baseUrl,
    keyBits: options.keyBits ?? 2048,
    reuseKeys: options.reuseKeys ?? false,
    ...(restored.authority === undefined ? {} : { file: restored.authority }),
  })
  const log: World['log'] = (type, fields = {}) => {
    world.touched += 1
    state.log.push(Object.freeze({ seq: state.log.length + 1, at: new Date(now()).toISOString(), type, ...fields }))
  }
  const faults = createFaultEngine(options.seed ?? randomBytes(4).toString('hex'), options.faults, (endpoint, rule) => {
    if (rule.kind !== 'clockSkew' && rule.kind !== 'latency') log('FAULT', { data: { endpoint, kind: rule.kind } })
  })
  const publication = createPublication(
    {
      name: authority.issuingName,
      key: authority.issuingKey,
      distributionPoint: authority.urls.crl,
      now,
      delay: () => options.publication?.delay ?? 1000,
      validity: () => (options.publication?.crlValidity === undefined ? 86_400_000 : options.publication.crlValidity),
      onPublished: (crl, size) => log('CRL_PUBLISHED', { data: { number: crl.number, size } }),
    },
    state.publication,
  )
  const users = options.users ?? DEFAULT_USERS
  const usersByName = new Map(users.map((user) => [user.username, user]))
  const certificates = createIndex(
    state.certificates,
    (record) => record.id,
    (record) => [record.username],
  )
  const serials = new Map(state.certificates.map((record) => [record.serial, record]))

  const world: World = {
    options,
    baseUrl,
    state,
    authority,
    publication,
    faults,
    users,
    now,
    log,
    certificates,
    reasons: options.reasonList ?? DEFAULT_REASONS,
    letterBytes: restored.letterBytes ?? new Map<string, Uint8Array>(),
    letters: createIndex(
      state.letters,
      (record) => record.letterId,
      (record) => [`${record.owner} ${record.sha256}`],
    ),
    revocations: createIndex(
      state.revocations,
      (record) => record.id,
      (record) => [`certificate ${record.certificateId}`, ...(record.idempotencyKey === undefined ? [] : [`key ${record.idempotencyKey}`])],
    ),
    touched: 0,
    get webhooks() {
      return webhooks
    },
    amsNow: () => now() + (faults.one('ams.clock', 'clockSkew')?.ms ?? 0),
    nextId(prefix) {
      const next = (state.counters[prefix] ?? 0) + 1
      state.counters[prefix] = next
      return `${prefix}-${String(next).padStart(6, '0')}`
    },
    findUser: (username) => usersByName.get(username),
    bySerial: (serial) => serials.get(serial),
    async issue(plan) {
      const user = plan.username === undefined ? undefined : usersByName.get(plan.username)
      if (plan.username !== undefined && user === undefined) throw new TypeError('username: no such user in this sandbox')
      const leaf = await authority.issueLeaf({
        ...plan,
        commonName: plan.commonName ?? user?.name ?? 'Pejabat Rekaan',
        organization: plan.organization ?? user?.agency ?? 'Instansi Rekaan',
      })
      const record: CertificateRecord = {
        id: world.nextId('cert'),
        username: user?.username ?? '',
        agency: user?.agency ?? '',
        serial: leaf.serial,
        subjectDn: leaf.subjectDn,
        subjectKey: nameKey(leaf.subjectDn) ?? '',
        notBefore: leaf.notBefore.getTime(),
        notAfter: leaf.notAfter.getTime(),
        pem: leaf.certificatePem,
        privateKeyPem: leaf.privateKeyPem,
        status: 'active',
      }
      certificates.add(record)
      serials.set(record.serial, record)
      log('CERTIFICATE_ISSUED', { serial: record.serial, ...(user === undefined ? {} : { by: user.username }) })
      return leaf
    },
  }
  const webhooks = createWebhooks(world, options.webhook)
  return world
}

function createIndex<T>(all: T[], idOf: (record: T) => string, keysOf: (record: T) => readonly string[]): Index<T> {
  const byId = new Map<string, T>()
  const byKey = new Map<string, T[]>()
  const place = (record: T): void => {
    byId.set(idOf(record), record)
    for (const key of keysOf(record)) {
      const group = byKey.get(key)
      if (group === undefined) byKey.set(key, [record])
      else group.push(record)
    }
  }
  all.forEach(place)
  return {
    all,
    add(record) {
      all.push(record)
      place(record)
    },
    get: (id) => byId.get(id),
    having: (key) => byKey.get(key) ?? [],
  }
}

/** DER of a kept certificate. */
export const derOf = (record: CertificateRecord): Uint8Array => new Uint8Array(unpem(record.pem))
