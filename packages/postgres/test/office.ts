import { PDFDocument } from 'pdf-lib'
import { allowPlainHttp, bearer, createDesk, createHttpAms, type Desk, type DeskOptions } from '@cabut/sdk'
import type { Store } from '@cabut/sdk/store'
import { findings, people } from './people.js'
import { createSandbox, type Sandbox, type SandboxOptions } from '@cabut/sandbox'

/** Tuesday 2026-11-24 09.00 WIB. */
export const tuesday = Date.UTC(2026, 10, 24, 2)

export interface Office {
  readonly sandbox: Sandbox
  readonly desk: Desk
  readonly clock: { now: number }
  /** Files one request for a fresh certificate. */
  file(id: string, more?: object): Promise<{ readonly serial: string }>
  /** Disposition and approval. */
  approve(id: string): Promise<void>
  /** Moves time in steps and runs what is due. */
  pass(milliseconds: number, step?: number): Promise<void>
  /** A new desk over another store (a restart): same sandbox, same clock. */
  reopen(store: Store): Office
  close(): Promise<void>
}

let letter: Promise<Uint8Array> | undefined

/** One small PDF; letters of many requests may be the same file. */
export function smallPdf(): Promise<Uint8Array> {
  letter ??= (async () => {
    const document = await PDFDocument.create()
    document.addPage([200, 200])
    document.setCreationDate(new Date(tuesday))
    document.setModificationDate(new Date(tuesday))
    return document.save()
  })()
  return letter
}

export async function openOffice(store: Store, more: { readonly sandbox?: SandboxOptions; readonly desk?: Partial<DeskOptions> } = {}): Promise<Office> {
  const clock = { now: tuesday }
  const sandbox = await createSandbox({ seed: 'postgres', faults: 'none', now: () => clock.now, hang: 40, reuseKeys: true, publication: { delay: 600_000 }, ...more.sandbox })
  return over(store, sandbox, clock, more.desk ?? {})
}

function over(store: Store, sandbox: Sandbox, clock: { now: number }, options: Partial<DeskOptions>): Office {
  const desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, clock: () => new Date(clock.now), worker: false, sandbox: true,
    ams: createHttpAms({
      baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer(actor => sandbox.manage.token(actor.id)),
      honoursIdempotencyKey: true, timeoutMs: 100, retries: 0,
    }),
    notify: async notice => ({ channel: 'portal', reference: notice.key }),
    answer: async () => ({ kind: 'answerLetter', bytes: await smallPdf(), number: '000.8.3.3/16/DINKOMINFO', date: '2026-11-24' }),
    ...options,
  })
  return {
    sandbox, desk, clock,
    async file(id, rest = {}) {
      const leaf = await sandbox.manage.issue({ username: people.opd.id, key: 'shared' })
      const bytes = await smallPdf()
      await desk.file({
        id, certificate: { certificate: leaf.certificatePem, username: people.opd.id }, reason: 'mutasi', as: people.opd,
        applicant: { id: people.opd.id, opd: people.opd.opd, name: 'Surya Wibisana' }, holder: { id: 'laras.kinanti', name: 'Laras Kinanti' },
        letters: [{ kind: 'requestLetter', bytes, number: '800/15/DINDIK', date: '2026-11-24' }, { kind: 'reasonStatement', bytes, number: '800/16/DINDIK', date: '2026-11-24' }],
        ...rest,
      })
      return { serial: leaf.serial }
    },
    async approve(id) {
      await desk.dispose(id, { as: people.head, to: people.verifier })
      await desk.approve(id, { as: people.verifier, findings })
    },
    async pass(milliseconds, step = 60_000) {
      await desk.runEffects()
      for (let gone = 0; gone < milliseconds; gone += step) {
        clock.now += Math.min(step, milliseconds - gone)
        await desk.runEffects()
      }
    },
    reopen: other => over(other, sandbox, clock, options),
    async close() {
      await desk.close()
      await sandbox.close()
    },
  }
}
