import { createEvidenceFetcher, allowLoopback } from '@cabut/pki/status'
import { bearer, CabutError, createDesk, createHttpAms, type Desk, type DeskOptions, type RequestView } from '@cabut/sdk'
import { startSandbox, type FaultRule, type RunningSandbox } from '@cabut/sandbox'
import { createSqlStore } from '@cabut/postgres'
import { openPglite } from '@cabut/postgres/pglite'
import { join } from 'node:path'
import { createDemoClock, type DemoClock } from './clock.js'
import type { Progress } from './progress.js'

/** A desk over a sandbox on loopback, and the hands that move its time. */
export interface DemoOffice {
  readonly sandbox: RunningSandbox
  readonly desk: Desk
  readonly clock: DemoClock
  /** Notices that went out. */
  readonly notices: () => number
  /** Runs what is due, moving time to each next effect, until `done` or until `minutes` have passed. Answers whether `done` came true. */
  until(done: () => Promise<boolean>, minutes: number): Promise<boolean>
  close(): Promise<void>
}

/** The certificate of the story: issued once, however often the demo is started. */
export async function demoLeaf({ sandbox }: DemoOffice, progress: Progress, username: string): Promise<{ readonly serial: string; readonly der: Uint8Array }> {
  if (progress.leaf === undefined) {
    const leaf = await sandbox.manage.issue({ username })
    progress.leaf = { serial: leaf.serial, der: Buffer.from(leaf.der).toString('base64') }
    progress.save()
  }
  return { serial: progress.leaf.serial, der: new Uint8Array(Buffer.from(progress.leaf.der, 'base64')) }
}

/** The request of the story, if it was filed before. */
export async function filedBefore({ desk }: DemoOffice, id: string): Promise<RequestView | undefined> {
  return desk.get(id).catch((error: unknown) => {
    if (error instanceof CabutError && error.code === 'requestNotFound') return undefined
    throw error
  })
}

/** Minutes between the certificate authority's decision and the CRL that shows it. */
export const publicationMinutes = 45

/**
 * Opens an invented office: sandbox AMS and certificate authority on a free loopback port with the default mixture of faults, and one certain fault:
 * the first filing in AMS is carried out but never answered. The desk lives in a PGlite directory, the sandbox in another: a process that is
 * killed finds both again as they were.
 */
export async function openDemoOffice(standard: string, seed: string, progress: Progress, more: { readonly faults?: readonly FaultRule[]; readonly answer?: DeskOptions['answer'] } = {}): Promise<DemoOffice> {
  const clock = createDemoClock(new Date(progress.clock ?? '2026-11-19T09:00:00+07:00'), (time) => {
    progress.clock = time.toISOString()
    progress.save()
  })
  const store = await createSqlStore(await openPglite({ directory: join(progress.folder, 'desk') }))
  const sandbox = await startSandbox({
    seed, now: clock.now, hang: 2_500, dataDir: join(progress.folder, 'sandbox'), bsre: { delay: 20 * 60_000 }, publication: { delay: publicationMinutes * 60_000 },
  }).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  sandbox.manage.faults.add({ kind: 'timeoutAfterCommit', on: 'ams.fileRevocation', times: 1 }, ...(more.faults ?? []))
  const desk = createDesk({
    standard, store,
    ams: createHttpAms({ baseUrl: sandbox.urls.ams, credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true, timeoutMs: 2_000 }),
    anchors: sandbox.anchors,
    intermediates: [sandbox.ca.issuingPem],
    fetch: createEvidenceFetcher({ allow: [allowLoopback], clock: () => clock.now().getTime() }),
    clock: clock.now,
    pace: { ams: 5 * 60_000, proof: 15 * 60_000 },
    worker: false,
    sandbox: true,
    notify: async () => {
      progress.notices += 1
      progress.save()
      return { channel: 'portal', reference: `pesan-${progress.notices}` }
    },
    ...(more.answer === undefined ? {} : { answer: more.answer }),
  })
  return {
    sandbox, desk, clock, notices: () => progress.notices,
    async until(done, minutes) {
      const limit = clock.now().getTime() + minutes * 60_000
      for (;;) {
        while (await desk.runEffects() > 0) { /* effects call for further effects */ }
        if (await done()) return true
        // Also the end of a lease: what a killed process had in hand comes back then.
        const next = await store.nextEffectAt()
        if (next === undefined || Date.parse(next) > limit) return false
        clock.advanceTo(new Date(Math.max(Date.parse(next), clock.now().getTime() + 1)))
      }
    },
    async close() {
      await desk.close()
      await store.close()
      await sandbox.close()
    },
  }
}
