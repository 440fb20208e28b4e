import { readCertificate } from '@cabut/pki/certificate'
import type { Certificate } from '@cabut/pki/certificate'
import { namesTheSame } from '../ams/from-wire.js'
import { createWorkingCalendar, deadlineFor, zoneOffset } from '../calendar/index.js'
import { CabutError, mapPkiError } from '../errors.js'
import { issue } from '../issues.js'
import { defaultProofPolicy, type Proof } from '../proof/index.js'
import { writeReceipt } from '../receipt/index.js'
import { checkDate, findReason, InvalidInputError, reasonCatalogue, type Issue } from '../request/index.js'
import { loadStandard } from '../standard/index.js'
import { createMemoryStore, type CaseFilter, type TenantScope } from '../store/index.js'
import { among, compileRules, delegations, noticeSubject, roles, statuses, type Actor, type CaseState, type Command, type CommandName, type RoleName } from '../workflow/index.js'
import type { By, Desk, Reader, RequestView } from './desk.js'
import { Circuit, guardAms, guardEvidence } from './circuit.js'
import { prepareFiling, readLetter } from './filing.js'
import { createJournal } from './journal.js'
import { examine } from './look-for-proof.js'
import { lookAtSignatures } from './letter-signature.js'
import type { Office } from './office.js'
import { defaultPace, type CertificateSource, type DeskOptions } from './options.js'
import { certificateOf } from './testimony.js'
import { shown, viewOf } from './view.js'
import { createWorker } from './worker.js'

/**
 * Makes a desk: the whole service of one standard over a store, an AMS and pinned anchors.
 *
 * @throws {@link CabutError} `standardUnknown`, `standardInvalid`, `certificateUnreadable` (an anchor); `TypeError` for an empty list of anchors
 * @example
 * ```ts
 * const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: [rootPem], intermediates: [issuing], fetch: sandbox.fetch, clock: () => tuesday, worker: false })
 * const request = await desk.file({ certificate: certificate.der, reason: 'mutasi', letters: [requestLetter], applicant })
 * request.status // 'submitted'
 * await desk.dispose(request.id, { as: staff.head, to: staff.verifier }).then(({ label }) => label.en) // 'Disposed, unread'
 * await desk.close()
 * createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: ['no certificate'] }) // throws certificateUnreadable
 * ```
 */
export function createDesk(options: DeskOptions): Desk {
  const standard = loadStandard(options.standard)
  const anchors = readAll(options.anchors, 'anchors')
  if (anchors.length === 0) throw new TypeError('anchors must not be empty: without a pinned root nothing can be proven')
  const calendar = options.calendar ?? createWorkingCalendar({ zone: standard.zone, hours: standard.serviceHours })
  const store = options.store ?? createMemoryStore()
  const clock = options.clock ?? (() => new Date())
  const now = (): string => clock().toISOString()
  const salts = options.salts ?? randomHex
  const rules = compileRules(standard, {
    deadline: (limit, from) => deadlineFor(limit, new Date(from), calendar).due,
    ...(options.roster === undefined ? {} : { roster: options.roster }),
  })
  const journal = createJournal({ store, rules, salts, now })
  const pace = { ...defaultPace, ...options.pace }
  const circuit = new Circuit(() => clock().getTime(), pace)
  const office: Office = {
    standard, rules, store, journal, ams: guardAms(options.ams, circuit), calendar, reasons: options.reasons ?? reasonCatalogue,
    anchors: anchors as [Certificate, ...Certificate[]], intermediates: readAll(options.intermediates ?? [], 'intermediates'), learned: [], fetch: guardEvidence(options.fetch, circuit),
    policy: { ...defaultProofPolicy, ...options.policy, ...(options.publicationGrace === undefined ? {} : { publicationGrace: options.publicationGrace }) },
    pace, options, salts, now,
  }
  const worker = createWorker(office, options.concurrency ?? 4, options.worker ?? true)
  journal.onAppend(() => worker.wake())
  // What an earlier process left in a durable store is due now, not at the first append of this one.
  worker.wake()
  let closed = false
  /** Calls waiting for a proof, ended when the desk closes. */
  const waiting = new Set<() => void>()

  function open(): void {
    if (closed) throw new CabutError('deskClosed')
  }

  async function perform(id: string, command: Command, by: By, evidence: readonly { sha256: string; mediaType: string; bytes: Uint8Array }[] = []): Promise<RequestView> {
    open()
    checkActor(by.as)
    // Only where the store's scope is wider than what the role may see is the case looked at before.
    const { scope } = by.as.role === 'personnelOffice' ? await read(id, { as: by.as }) : { scope: scopeOf(by.as) }
    const state = await journal.give({
      caseId: id, actor: by.as, commands: [command], scope, evidence, ...(by.ifVersion === undefined ? {} : { ifVersion: by.ifVersion }),
    })
    return viewOf(office, state)
  }

  const plain = (type: 'receive' | 'cancelDisposition' | 'expedite' | 'execute' | 'submit') =>
    (id: string, by: By): Promise<RequestView> => perform(id, { type }, by)

  async function read(id: string, reader: Reader = {}): Promise<{ readonly state: CaseState; readonly scope: TenantScope }> {
    open()
    const { as } = reader
    if (as !== undefined) checkActor(as)
    const scope = scopeOf(as)
    const { state } = await journal.load(scope, id)
    if (as !== undefined && !isTheirs(state, as)) throw new CabutError('requestNotFound')
    return { state, scope }
  }

  async function evidenceOf<T>(id: string, sha256: string, reader: Reader | undefined, find: (scope: TenantScope) => Promise<T | undefined>): Promise<T> {
    const { state, scope } = await read(id, reader)
    const named = [state.certificate.sha256, ...state.letters.map(letter => letter.sha256), ...state.evidence, ...state.proofChain ?? []]
    const found = named.includes(sha256) ? await find(scope) : undefined
    if (found === undefined) throw new CabutError('requestNotFound', { at: 'sha256' })
    return found
  }

  return {
    standard,
    async file(input) {
      open()
      const id = chosenId(input) ?? (options.ids ?? randomId)()
      const prepared = await prepareFiling(office, input, id, '')
      // Decided first, numbered then: a refused filing leaves no gap in the register.
      await journal.rehearse({ caseId: id, actor: prepared.actor, commands: [prepared.command] })
      const year = new Date(clock().getTime() + zoneOffset[standard.zone]).getUTCFullYear()
      const register = `${String(await store.nextNumber(`${standard.id}/${year}`)).padStart(4, '0')}/${year}`
      const state = await journal.give({ caseId: id, actor: prepared.actor, commands: [{ ...prepared.command, register }], evidence: prepared.evidence })
      return viewOf(office, state, prepared.warnings)
    },
    async amend(id, { as, ifVersion, note, reason, effectiveDate, invalidityDate }) {
      const { state } = await read(id, { as })
      checkAmendment(office, state.kind, { reason, effectiveDate, invalidityDate })
      return perform(id, {
        type: 'amend', ...(reason === undefined ? {} : { reason }), ...(invalidityDate === undefined ? {} : { invalidityDate }),
        ...(effectiveDate === undefined ? {} : { effectiveDate: effectiveDate === null ? null : startOfDay(effectiveDate, office) }),
        ...(note === undefined ? {} : { personal: { note } }),
      }, by(as, ifVersion))
    },
    async attach(id, { as, ifVersion, letter: input }) {
      const { letter, evidence, warnings } = await readLetter(input)
      const { state } = await read(id, { as })
      const der = await certificateOf(office, state)
      const { signature, warnings: doubts } = await lookAtSignatures(office, evidence.bytes, { ...state.certificate, ...(der === undefined ? {} : { der }) }, 'letter')
      const given = await perform(id, { type: 'attach', letter: { ...letter, signature } }, by(as, ifVersion), [evidence])
      return { ...given, warnings: [...warnings, ...doubts] }
    },
    submit: plain('submit'),
    receive: plain('receive'),
    dispose: (id, { as, ifVersion, to, note }) => perform(id, { type: 'dispose', to: personOf(to), ...(note === undefined ? {} : { note }) }, by(as, ifVersion)),
    redispose: (id, { as, ifVersion, to, note }) => perform(id, { type: 'redispose', to: personOf(to), ...(note === undefined ? {} : { note }) }, by(as, ifVersion)),
    cancelDisposition: plain('cancelDisposition'),
    verify: (id, { as, ifVersion, findings }) => perform(id, { type: 'verify', findings }, by(as, ifVersion)),
    return: (id, { as, ifVersion, reasons }) => perform(id, { type: 'return', reasons }, by(as, ifVersion)),
    approve: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'approve', ...rest }, by(as, ifVersion)),
    reject: (id, { as, ifVersion, reasons }) => perform(id, { type: 'reject', reasons }, by(as, ifVersion)),
    withdraw: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'withdraw', ...rest }, by(as, ifVersion)),
    expedite: plain('expedite'),
    execute: plain('execute'),
    ratify: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'ratify', ...rest }, by(as, ifVersion)),
    async recordAms(id, { as, ifVersion, record }) {
      const { state } = await read(id, { as })
      return perform(id, { type: 'recordAmsAnswer', operation: state.ams.write?.operation ?? 'read', outcome: 'accepted', record }, by(as, ifVersion))
    },
    park: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'park', ...rest }, by(as, ifVersion)),
    resume: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'resume', ...rest }, by(as, ifVersion)),
    resolve: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'resolve', ...rest }, by(as, ifVersion)),
    resumeCertificate: (id, { as, ifVersion, ...rest }) => perform(id, { type: 'resumeCertificate', ...rest }, by(as, ifVersion)),
    async notify(id, { as, ifVersion, subject, ...rest }) {
      const { state } = await read(id, { as })
      return perform(id, { type: 'notify', subject: subject ?? noticeSubject(state) ?? 'submitted', ...rest }, by(as, ifVersion))
    },
    async answer(id, { as, ifVersion, letter: input }) {
      const { letter, evidence, warnings } = await readLetter(input)
      return { ...await perform(id, { type: 'answer', letter }, by(as, ifVersion), [evidence]), warnings }
    },
    finish: (id, { as, ifVersion }) => perform(id, { type: 'close' }, by(as, ifVersion)),
    reopen: (id, { as, ifVersion, complaint }) => perform(id, { type: 'reopen', complaint }, by(as, ifVersion)),
    async examine(id, { as, ifVersion, crls, ocsp }) {
      const { state, scope } = await read(id, { as })
      await examine(office, state, by(as, ifVersion), { ...(crls === undefined ? {} : { crls }), ...(ocsp === undefined ? {} : { ocsp }) })
      return viewOf(office, (await journal.load(scope, id)).state)
    },
    async perform(id, command, who) {
      if (!byHand.has(command.type)) throw new CabutError('requestInvalid', { at: 'command.type', detail: 'no command that may be given as data' })
      return perform(id, command, who)
    },

    async get(id, reader) {
      return viewOf(office, (await read(id, reader)).state)
    },
    async list(filter, reader) {
      open()
      const as = reader?.as
      if (as !== undefined) checkActor(as)
      const found = await list(filter ?? {}, scopeOf(as), state => as === undefined || isTheirs(state, as))
      return found.map(state => viewOf(office, state))
    },
    async history(id, reader) {
      const { scope } = await read(id, reader)
      return (await store.events(scope, id)).map(shown)
    },
    evidence: (id, sha256, reader) => evidenceOf(id, sha256, reader, scope => store.evidence(scope, sha256)),
    openEvidence: (id, sha256, reader) => evidenceOf(id, sha256, reader, scope => store.openEvidence(scope, sha256)),
    async lookAgain({ issuerDn, serial: given }) {
      open()
      const serial = given.toLowerCase().replace(/^0+(?=.)/, '')
      const found = await store.list('all', { serial, limit: 100 })
      const said = found.filter(({ certificate }) => namesTheSame({ issuerDn, serial }, { issuerDn: certificate.issuerDn ?? '', serial: certificate.serial ?? '' }))
      const looking = await Promise.all(said.map(({ id }) => store.hasten(id, ['ams', 'proof'], now())))
      if (looking.includes(true)) worker.wake()
      return looking.filter(Boolean).length
    },
    effects: id => store.effects('all', id),
    proven: async (id, { signal } = {}) => proven(id, signal),
    receipt: async (id, { form, ...reader } = {}) => {
      const { state } = await read(id, reader)
      return receiptOf(office, state, form)
    },
    onChange: listener => journal.onAppend(listener),
    runEffects: async () => {
      open()
      return worker.runDue()
    },
    async close() {
      if (closed) return
      closed = true
      for (const stop of [...waiting]) stop()
      await worker.stop()
      if (options.store === undefined) await store.close()
    },
  }

  /** A page of cases the reader may see. What a role may see is narrower than the store's scope for one role only, so pages are filled up. */
  async function list(filter: CaseFilter, scope: TenantScope, mine: (state: CaseState) => boolean): Promise<readonly CaseState[]> {
    const limit = Math.min(filter.limit ?? 100, 1000)
    const found: CaseState[] = []
    for (let after = filter.after; ;) {
      const page = await store.list(scope, { ...filter, limit, ...(after === undefined ? {} : { after }) })
      found.push(...page.filter(mine))
      after = page.at(-1)?.id
      if (page.length < limit || found.length >= limit) return found.slice(0, limit)
    }
  }

  // --- waiting for a proof ---------------------------------------------------------------------------------------------

  function proven(id: string, signal: AbortSignal | undefined): Promise<Proof> {
    open()
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearInterval(poll)
        stopListening()
        signal?.removeEventListener('abort', abort)
        waiting.delete(stop)
        act()
      }
      const look = (state: CaseState): void => {
        if (state.id !== id) return
        if (state.proof !== undefined && (state.status === 'revoked' || (state.status === 'closed' && state.cameFrom === 'revoked'))) {
          const { proof } = state
          finish(() => resolve(proof))
        } else if (over.has(state.status)) {
          const reason = state.statusReason === undefined ? '' : ` (${state.statusReason})`
          finish(() => reject(new CabutError('requestNotProven', { detail: `${statuses[state.status].en}${reason}` })))
        }
      }
      const abort = (): void => finish(() => reject(new CabutError('requestNotProven', { detail: 'waiting was aborted', cause: signal?.reason })))
      const stop = (): void => finish(() => reject(new CabutError('deskClosed')))
      const stopListening = journal.onAppend(look)
      const reload = (): void => { journal.load('all', id).then(({ state }) => look(state), (error: unknown) => finish(() => reject(error))) }
      // Another process may work on it: the store is asked now and then as well.
      const poll = setInterval(reload, 1_000)
      waiting.add(stop)
      signal?.addEventListener('abort', abort, { once: true })
      if (signal?.aborted === true) abort()
      else reload()
    })
  }
}

/** Ended, or stopped until a person acts: a proof is not on its way. */
const over: ReadonlySet<CaseState['status']> = new Set(['rejected', 'withdrawn', 'failed', 'contradicted', 'closed', 'suspended', 'resumed'])

function by(as: Actor, ifVersion: number | undefined): By {
  return ifVersion === undefined ? { as } : { as, ifVersion }
}

function checkActor(as: unknown): asserts as is Actor {
  const wrong = (at: string): CabutError => new CabutError('requestInvalid', { at, detail: 'who acts is not told as id and role' })
  if (typeof as !== 'object' || as === null) throw wrong('as')
  const { id, role, opd, delegation } = as as { readonly [Key in keyof Actor]?: unknown }
  if (typeof id !== 'string' || id.trim() === '' || id.length > 200) throw wrong('as.id')
  if (typeof role !== 'string' || !Object.hasOwn(roles, role)) throw wrong('as.role')
  if (opd !== undefined && (typeof opd !== 'string' || opd === '')) throw wrong('as.opd')
  if (delegation === undefined) return
  const { kind, of } = (delegation ?? {}) as { readonly kind?: unknown; readonly of?: unknown }
  if (typeof kind !== 'string' || !Object.hasOwn(delegations, kind) || typeof of !== 'string' || of.trim() === '') throw wrong('as.delegation')
}

/** The id a caller chose, in the form ids have. */
function chosenId(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) throw new InvalidInputError('requestInvalid', [issue('', 'wrongType', 'object')])
  const { id, as } = input as { readonly id?: unknown; readonly as?: unknown }
  if (as !== undefined) checkActor(as)
  if (id === undefined) return undefined
  if (typeof id !== 'string' || !/^[A-Za-z0-9._-]{8,60}$/.test(id)) throw new InvalidInputError('requestInvalid', [issue('id', 'wrongForm')])
  return id
}

function personOf(to: Actor | string): string {
  return typeof to === 'string' ? to : to.id
}

const ownOnly: ReadonlySet<RoleName> = new Set(['holder', 'applicant', 'opdHead', 'opdOfficer'])

/** The personnel office files for officials of every OPD: it sees what it filed, and what belongs to itself. */
function isTheirs(state: CaseState, as: Actor): boolean {
  if (as.role !== 'personnelOffice') return true
  return among(state.filers, as.id) || (as.opd !== undefined && (as.opd === state.parties.opdOrigin || as.opd === state.parties.applicant.opd))
}

/** The applicant's side sees its own OPD; the service sees all. */
function scopeOf(as: Actor | undefined): TenantScope {
  return as !== undefined && ownOnly.has(as.role) ? { opds: as.opd === undefined ? [] : [as.opd] } : 'all'
}

/**
 * Commands that may be given as they are. The others take bytes or input that must be read first (`file`, `amend`, `attach`, `answer`: by
 * their own methods), or are the desk's own conclusions from bytes it has judged: a proof is never a claim.
 */
const byHand: ReadonlySet<unknown> = new Set<CommandName>([
  'submit', 'receive', 'dispose', 'redispose', 'cancelDisposition', 'verify', 'return', 'approve', 'reject', 'withdraw', 'expedite', 'execute', 'ratify',
  'recordAmsAnswer', 'park', 'resume', 'resolve', 'resumeCertificate', 'notify', 'close', 'reopen',
])

function checkAmendment(office: Office, kind: CaseState['kind'], change: { readonly [Field in 'reason' | 'effectiveDate' | 'invalidityDate']: string | null | undefined }): void {
  const issues: Issue[] = []
  if (change.reason !== undefined) {
    const reason = findReason(change.reason ?? '', office.reasons)
    if (reason === undefined) issues.push(issue('reason', 'reasonUnknown'))
    else if (reason.kind === 'advice') issues.push(issue('reason', 'reasonAdvice', reason.advice?.id ?? '', reason.advice?.en ?? ''))
    // What was filed as a revocation is not turned into a suspension by another reason, nor the other way round.
    else if (reason.kind !== kind) issues.push(issue('reason', 'reasonNotOffered'))
  }
  for (const field of ['effectiveDate', 'invalidityDate'] as const) {
    const value = change[field]
    if (value !== undefined && value !== null) issues.push(...checkDate(value, field).issues)
  }
  if (issues.length > 0) throw new InvalidInputError('requestInvalid', issues)
}

function startOfDay(day: string, office: Office): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new CabutError('requestInvalid', { at: 'effectiveDate' })
  const at = Date.parse(`${day}T00:00:00.000Z`)
  if (Number.isNaN(at)) throw new CabutError('requestInvalid', { at: 'effectiveDate' })
  return new Date(at - zoneOffset[office.standard.zone]).toISOString()
}

async function receiptOf(office: Office, state: CaseState, form: 'full' | 'public' | undefined): Promise<ReadonlyMap<string, Uint8Array>> {
  const { proof, proofChain } = state
  const certificate = await certificateOf(office, state)
  if (proof === undefined || proofChain === undefined || (certificate === undefined && proof.certificate.sha256 !== undefined)) throw new CabutError('requestNotProven', { detail: 'a receipt needs a proof' })
  const bytes = async (sha256: string): Promise<Uint8Array> => {
    const found = await office.store.evidence('all', sha256)
    if (found === undefined) throw new CabutError('receiptInput', { at: 'evidence', detail: 'the store has lost bytes an event names' })
    return found.bytes
  }
  const [issuer, ...above] = await Promise.all(proofChain.map(async sha256 => readCertificate(await bytes(sha256))))
  if (issuer === undefined) throw new CabutError('receiptInput', { at: 'chain' })
  const letters = await Promise.all(state.letters.map(async letter => ({ ...letter, bytes: await bytes(letter.sha256) })))
  const notified = state.notices.find(notice => notice.subject === 'revoked')
  const { options, salts } = office
  return writeReceipt({
    caseId: state.id, standard: state.standard, ...(certificate === undefined ? {} : { certificate }), chain: [issuer, ...above], proof, evidence: await bytes(proof.sha256), letters,
    history: await office.store.events('all', state.id), personal: { ...state.personal, reason: state.reason }, sandbox: options.sandbox ?? false, writtenAt: office.now(), salts,
    times: {
      filedAt: state.filedAt, ...(state.ams.revokedAt === undefined ? {} : { amsRevokedAt: state.ams.revokedAt }), ...(notified === undefined ? {} : { notifiedAt: notified.at }),
    },
    ...(options.publishedFingerprint === undefined ? {} : { publishedFingerprint: options.publishedFingerprint }),
  }, form === undefined ? {} : { form })
}

function readAll(sources: readonly CertificateSource[], at: string): readonly Certificate[] {
  return sources.map((source, index) => {
    try {
      return typeof source === 'string' || source instanceof Uint8Array ? readCertificate(source) : source
    } catch (error) {
      throw mapPkiError(error, `${at}[${index}]`)
    }
  })
}

function randomHex(): string {
  return [...globalThis.crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** 60 random bits in the alphabet of Crockford: no vowels' words, no look-alikes. */
function randomId(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return `P-${[...globalThis.crypto.getRandomValues(new Uint8Array(12))].map(byte => alphabet[byte % 32]).join('')}`
}
