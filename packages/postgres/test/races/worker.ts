import { writeSync } from 'node:fs'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki/status'
import { bearer, CabutError, createDesk, createHttpAms, type Desk } from '@cabut/sdk'
import { createSqlStore } from '../../src/index.js'
import { openPglite } from '../../src/pglite/index.js'
import { connectPostgres } from '../../src/pg/index.js'
import { findings, people } from '../people.js'
import { amsWithPoints, databaseWithPoints, Executioner, withPoints, type KillPlan } from './points.js'

/** A whole desk in a process of its own, told by its parent what officers do, killed where its plan says. */
export interface StartMessage {
  readonly type: 'start'
  readonly database: { readonly directory: string } | { readonly host: string; readonly user: string; readonly database: string }
  readonly amsUrl: string
  readonly anchors: readonly [string, ...string[]]
  readonly intermediates: readonly string[]
  readonly tokens: Readonly<Record<string, string>>
  readonly letter: string
  readonly kill?: KillPlan
  readonly hits: string
}

/** Officers file, dispose and approve one request; everybody may be told the same at the same time. */
export interface LifeMessage { readonly type: 'life'; readonly id: string; readonly pem: string }
export type ParentMessage = StartMessage | LifeMessage | { readonly type: 'statuses' } | { readonly type: 'stop' }
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'filed'; readonly id: string }
  | { readonly type: 'approved'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly error: string }
  | { readonly type: 'statuses'; readonly counts: Readonly<Record<string, number>> }

const send = (message: WorkerMessage): void => { process.send?.(message) }
let desk: Desk | undefined
let letter = new Uint8Array()
let stopping = false

async function start(message: StartMessage): Promise<void> {
  const executioner = new Executioner(message.kill, message.hits)
  const database = 'directory' in message.database ? await openPglite(message.database) : await connectPostgres({ ...message.database, connections: 4 })
  const store = withPoints(await opened(() => createSqlStore(databaseWithPoints(database, executioner), { migrate: 'directory' in message.database, attempts: 8 })), executioner)
  const fetcher = createEvidenceFetcher({ allow: [allowLoopback], maxFresh: 0 })
  letter = new Uint8Array(Buffer.from(message.letter, 'base64'))
  desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors: message.anchors, intermediates: message.intermediates, sandbox: true, concurrency: 6,
    ams: amsWithPoints(createHttpAms({
      baseUrl: message.amsUrl, credential: bearer(actor => message.tokens[actor.id] ?? ''), honoursIdempotencyKey: true, timeoutMs: 400, retries: 0,
    }), executioner),
    fetch: {
      get: url => executioner.around('port.evidence', () => fetcher.get(url)),
      post: (url, body, type) => executioner.around('port.evidence', () => fetcher.post(url, body, type)),
    },
    // No write is given up on and put before a person, however slow the machine: what ends parked would be a fault.
    pace: { ams: 40, proof: 60, retry: 20, retryMax: 300, lease: 1_500, settleAfter: 86_400_000 },
    notify: notice => executioner.around('port.notify', async () => ({ channel: 'portal', reference: notice.key })),
    answer: () => executioner.around('port.answer', async () => ({ kind: 'answerLetter', bytes: letter, number: '000.8.3.3/16/DINKOMINFO', date: '2026-11-20' })),
  })
  send({ type: 'ready' })
}

/** As whoever starts services would: a desk that finds its database down is started again until it is up. */
async function opened<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof CabutError) || error.code !== 'storeUnavailable') throw error
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

/** Done before, by another officer or by this one before the process died: that is what the command wanted. */
async function once(run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof CabutError) || !['requestConflict', 'workflowRefused'].includes(error.code)) throw error
  }
}

async function life(of: Desk, { id, pem }: LifeMessage): Promise<void> {
  try {
    const known = await of.get(id).then(() => true, (error: unknown) => {
      if (error instanceof CabutError && error.code === 'requestNotFound') return false
      throw error
    })
    if (!known) await once(() => of.file({
      id, certificate: { certificate: pem, username: people.opd.id }, reason: 'mutasi', as: people.opd,
      applicant: { id: people.opd.id, opd: people.opd.opd, name: 'Surya Wibisana' }, holder: { id: 'laras.kinanti', name: 'Laras Kinanti' },
      letters: [{ kind: 'requestLetter', bytes: letter, number: '800/15/DINDIK', date: '2026-11-20' }, { kind: 'reasonStatement', bytes: letter, number: '800/16/DINDIK', date: '2026-11-20' }],
    }))
    send({ type: 'filed', id })
    for (let attempt = 0; attempt < 20; attempt++) {
      const { status, state } = await of.get(id)
      if (status === 'submitted') await once(() => of.dispose(id, { as: people.head, to: people.verifier }))
      else if (status === 'disposed' || status === 'verifying') await once(() => of.approve(id, { as: people.verifier, findings }))
      else if (state.approval !== undefined) return send({ type: 'approved', id })
    }
    throw new Error('never approved')
  } catch (error) {
    // Already revoked at filing: another officer's request went the whole way meanwhile.
    if (error instanceof CabutError && error.code === 'certificateAlreadyRevoked') return send({ type: 'filed', id })
    send({ type: 'failed', id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
  }
}

process.on('message', (message: ParentMessage) => {
  void (async () => {
    if (message.type === 'start') await start(message)
    else if (message.type === 'life' && desk !== undefined) await life(desk, message)
    else if (message.type === 'statuses' && desk !== undefined && !stopping) {
      const counts: Record<string, number> = {}
      for (let after: string | undefined; ;) {
        const page = await desk.list({ limit: 100, ...(after === undefined ? {} : { after }) })
        for (const { status } of page) counts[status] = (counts[status] ?? 0) + 1
        after = page.at(-1)?.id
        if (page.length < 100 || after === undefined) break
      }
      send({ type: 'statuses', counts })
    } else if (message.type === 'stop') {
      stopping = true
      await desk?.close()
      process.exit(0)
    }
  })().catch((error: unknown) => {
    // A question that came just before the end needs no answer any more.
    if (stopping && error instanceof CabutError && error.code === 'deskClosed') return
    writeSync(2, `worker: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    process.exit(3)
  })
})
process.on('disconnect', () => process.exit(0))
