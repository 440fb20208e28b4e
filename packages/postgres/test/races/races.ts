import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox, type FaultSetting, type RunningSandbox } from '@cabut/sandbox'
import type { Database } from '../../src/database.js'
import { createSqlStore, extendRegister, verifyAudit } from '../../src/index.js'
import { people } from '../people.js'
import { smallPdf } from '../office.js'
import { faultPoints, type KillPlan } from './points.js'
import type { ParentMessage, StartMessage, WorkerMessage } from './worker.js'

/** What is raced, and how hard. */
export interface RacePlan {
  readonly seed: string
  readonly worker: string
  /** Where the desks keep their cases. */
  readonly database: StartMessage['database']
  /** Opens the same database from here, when nobody else holds it. */
  readonly open: () => Promise<Database>
  /** Desks at work at the same time. */
  readonly processes: number
  /** One kill each. Absent `point`: anywhere. */
  readonly kills: readonly KillPlan[]
  readonly faults?: FaultSetting
  /** Milliseconds a process may live after it is ready when it never comes to its point. @default 2000 */
  readonly patience?: number
  /** Called after each kill; restarts the server now and then. */
  readonly onKill?: (count: number) => void
}

export interface RaceResult {
  readonly kills: number
  /** Points where processes died, with how often. */
  readonly hits: ReadonlyMap<string, number>
  readonly cases: number
  readonly statuses: Readonly<Record<string, number>>
  readonly events: number
  /** Broken promises; empty when all is well. */
  readonly broken: readonly string[]
}

interface Running { readonly child: ChildProcess; readonly told: Set<string>; readyAt: number | undefined; statuses: Readonly<Record<string, number>> | undefined }

/** Small seeded numbers (mulberry32): a seed replays the same plan of kills. */
export function seeded(seed: string): (below: number) => number {
  let state = Array.from(seed).reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0, 2_166_136_261)
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Kills at random places: half of them at the n-th passage of any fault point, half at a point drawn by name, so that rare ones get their share. */
export function randomKills(seed: string, count: number, most = 70): readonly KillPlan[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const point = faultPoints[random(faultPoints.length)]
    return random(2) === 0 || point === undefined ? { nth: 1 + random(most) } : { point, nth: 1 + random(5) }
  })
}

/** Races desks against each other and against SIGKILL, lets the survivors finish, and compares with the sandbox's own log. */
export async function race(plan: RacePlan): Promise<RaceResult> {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-races-'))
  const hits = join(folder, 'hits')
  const sandbox = await startSandbox({ seed: plan.seed, faults: plan.faults ?? 'default', hang: 120, publication: { delay: 50 }, reuseKeys: true })
  const race = new Race(plan, sandbox, hits)
  try {
    const statuses = await race.run()
    const database = await plan.open()
    try {
      const { broken, events } = await race.judge(database)
      const counted = new Map<string, number>()
      for (const point of existsSync(hits) ? readFileSync(hits, 'utf8').trim().split('\n') : []) counted.set(point, (counted.get(point) ?? 0) + 1)
      return { kills: race.killed, hits: counted, cases: race.serials.size, statuses, events, broken }
    } finally {
      await database.close()
    }
  } finally {
    race.abandon()
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

class Race {
  readonly serials = new Map<string, string>()
  killed = 0
  readonly #pems = new Map<string, string>()
  readonly #filed = new Set<string>()
  readonly #approved = new Set<string>()
  readonly #running = new Set<Running>()
  readonly #notes: string[] = []
  readonly #plan: RacePlan
  readonly #sandbox: RunningSandbox
  readonly #hits: string
  #started = 0
  #cases = 0
  #spare: ChildProcess | undefined

  constructor(plan: RacePlan, sandbox: RunningSandbox, hits: string) {
    this.#plan = plan
    this.#sandbox = sandbox
    this.#hits = hits
  }

  async run(): Promise<Readonly<Record<string, number>>> {
    const { kills, processes } = this.#plan
    const lanes = Array.from({ length: Math.min(processes, Math.max(1, kills.length)) }, () => this.#lane())
    await Promise.all(lanes)
    // Peace: one desk that nobody kills finishes what the dead left behind.
    return this.#finish()
  }

  /** One place at the counter: a process, killed, followed by the next. Two lanes and more are at work at once. */
  async #lane(): Promise<void> {
    while (this.#started < this.#plan.kills.length) {
      const kill = this.#plan.kills[this.#started]
      this.#started += 1
      await this.#newCase()
      await this.#untilDead(await this.#spawn(kill), this.#plan.patience ?? 2_000)
      this.killed += 1
      this.#plan.onKill?.(this.killed)
    }
  }

  async #newCase(): Promise<void> {
    this.#cases += 1
    const id = `P-race-${String(this.#cases).padStart(5, '0')}`
    const leaf = await this.#sandbox.manage.issue({ username: people.opd.id, key: 'shared' })
    this.serials.set(id, leaf.serial)
    this.#pems.set(id, leaf.certificatePem)
    // Every desk at work is told, so that they run into each other.
    for (const each of this.#running) if (each.readyAt !== undefined) this.#tell(each, { type: 'life', id, pem: leaf.certificatePem })
  }

  async #spawn(kill: KillPlan | undefined): Promise<Running> {
    const child = this.#spare ?? this.#fork()
    // The next one warms up while this one works.
    this.#spare = this.#fork()
    const running: Running = { child, told: new Set(), readyAt: undefined, statuses: undefined }
    this.#running.add(running)
    child.on('message', (message: WorkerMessage) => this.#hear(running, message))
    const letter = Buffer.from(await smallPdf()).toString('base64')
    const tokens = Object.fromEntries(this.#sandbox.users.map(({ username }) => [username, this.#sandbox.manage.token(username)]))
    this.#tell(running, {
      type: 'start', database: this.#plan.database, amsUrl: this.#sandbox.urls.ams, anchors: this.#sandbox.anchors, intermediates: [this.#sandbox.ca.issuingPem], tokens, letter,
      hits: this.#hits, ...(kill === undefined ? {} : { kill }),
    })
    return running
  }

  #fork(): ChildProcess {
    // An embedded database is compiled anew in each process; without optimising it is open in a third of the time.
    const execArgv = ['--no-warnings', ...('directory' in this.#plan.database ? ['--liftoff-only'] : [])]
    return fork(this.#plan.worker, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv })
  }

  #tell(to: Running, message: ParentMessage): void {
    if (to.child.connected) to.child.send(message, () => {})
  }

  #hear(from: Running, message: WorkerMessage): void {
    if (process.env['CABUT_RACES_DEBUG'] !== undefined) console.log(from.child.pid, JSON.stringify(message))
    if (message.type === 'ready') {
      from.readyAt = performance.now()
      this.#feed(from, 6)
    } else if (message.type === 'filed') this.#filed.add(message.id)
    else if (message.type === 'approved') {
      this.#approved.add(message.id)
      this.#feed(from, 1)
    }
    else if (message.type === 'statuses') from.statuses = message.counts
    else if (message.type === 'failed') {
      this.#notes.push(`${message.id}: ${message.error}`)
      // The officer tries again.
      const pem = this.#pems.get(message.id)
      if (pem !== undefined) setTimeout(() => this.#tell(from, { type: 'life', id: message.id, pem }), 100)
    }
  }

  /** Officers take up what is not approved yet, oldest first, a few at a time. */
  #feed(to: Running, count: number): void {
    for (const [id, pem] of this.#pems) {
      if (count === 0) return
      if (this.#approved.has(id) || to.told.has(id)) continue
      to.told.add(id)
      this.#tell(to, { type: 'life', id, pem })
      count -= 1
    }
  }

  /** A plan may name a passage this process never comes to: some seconds after it is ready it is killed from outside. */
  #untilDead(running: Running, patience: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setInterval(() => {
        if (running.readyAt !== undefined && performance.now() - running.readyAt > patience) running.child.kill('SIGKILL')
      }, 100)
      running.child.once('exit', (code, signal) => {
        clearInterval(late)
        this.#running.delete(running)
        if (signal === 'SIGKILL') resolve()
        else reject(new Error(`a desk ended by itself with ${signal ?? `code ${code ?? 0}`}: ${this.#notes.slice(-3).join('; ')}`))
      })
    })
  }

  async #finish(): Promise<Readonly<Record<string, number>>> {
    const last = await this.#spawn(undefined)
    const dead = new Promise<void>(resolve => last.child.once('exit', () => resolve()))
    // As long as anything moves it is waited for, however slow the machine is.
    const patience = Number(process.env['CABUT_RACES_PATIENCE'] ?? 120_000)
    let until = Date.now() + patience
    let before = ''
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 300))
      if (last.readyAt !== undefined) this.#tell(last, { type: 'statuses' })
      const counts = last.statuses ?? {}
      const now = JSON.stringify(counts)
      if (now !== before) until = Date.now() + patience
      before = now
      if ((counts['closed'] ?? 0) === this.serials.size || Date.now() > until || last.child.exitCode !== null) {
        this.#tell(last, { type: 'stop' })
        await Promise.race([dead, new Promise(resolve => setTimeout(resolve, 5_000))])
        return counts
      }
    }
  }

  async judge(database: Database): Promise<{ readonly broken: readonly string[]; readonly events: number }> {
    const broken: string[] = []
    const store = await createSqlStore(database, { closeDatabase: false, migrate: false })
    for (const [id, serial] of this.serials) {
      const times = this.#sandbox.manage.timesRevoked(serial)
      if (times > 1) broken.push(`${id}: revoked ${times} times`)
      const stored = await store.load('all', id)
      if (stored === undefined) {
        broken.push(`${id}: lost${this.#filed.has(id) ? ' after it was acknowledged' : ''}`)
        continue
      }
      const { state } = stored
      if (this.#approved.has(id) && state.approval === undefined) broken.push(`${id}: an acknowledged approval is lost`)
      const said = state.status === 'revoked' || (state.status === 'closed' && state.cameFrom === 'revoked')
      if (said && (state.proof === undefined || await store.evidence('all', state.proof.sha256) === undefined)) broken.push(`${id}: ${state.status} without proof`)
      if (said && times !== 1) broken.push(`${id}: ${state.status}, but the authority revoked it ${times} times`)
      if (state.status !== 'closed') console.log((await store.events('all', id)).map(each => `  ${each.time} ${each.type} ${JSON.stringify(each.data)}`.slice(0, 240)).join('\n'))
      if (state.status !== 'closed') broken.push(`${id}: ended as ${state.status}, not closed (${(await store.effects('all', id)).map(each => `${each.kind} ${each.status} ${each.note ?? ''}`).join(', ')})`)
    }
    await extendRegister(database, new Date())
    const audit = await verifyAudit(database)
    for (const finding of audit.findings) broken.push(`audit: ${finding.code} ${finding.caseId ?? ''} ${finding.seq ?? ''} ${finding.detail}`)
    if (audit.cases !== this.serials.size) broken.push(`audit: ${audit.cases} cases, ${this.serials.size} certificates`)
    return { broken, events: audit.events }
  }

  abandon(): void {
    this.#spare?.kill('SIGKILL')
    for (const { child } of this.#running) child.kill('SIGKILL')
  }
}
