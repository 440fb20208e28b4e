import { PDFDocument } from 'pdf-lib'
import { afterEach } from 'vitest'
import { createSandbox, type Leaf, type Sandbox, type SandboxOptions } from '@cabut/sandbox'
import { allowPlainHttp, bearer, createHttpAms, type HttpAmsOptions } from '../src/ams/index.js'
import { createDesk, type Delivery, type Desk, type DeskOptions, type Notice } from '../src/desk/index.js'
import type { LetterKind } from '../src/standard/index.js'
import type { Actor } from '../src/workflow/index.js'

/** The people of both invented offices; their ids are their usernames in the sandbox. */
export const people = {
  pekalongan: {
    owner: { id: 'ratna.pertiwi', role: 'holder', opd: 'disdik' },
    verifier: { id: 'dewi.larasati', role: 'verifier', opd: 'dinkominfo' },
    supervisor: { id: 'hadi.prakoso', role: 'supervisor', opd: 'dinkominfo' },
    head: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' },
  },
  purbalingga: {
    opd: { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' },
    head: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' },
    verifier: { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' },
    second: { id: 'ningrum.sekar', role: 'verifier', opd: 'dinkominfo' },
  },
} as const satisfies Record<string, Record<string, Actor>>

export const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const

/** A clock both the sandbox and the desk read, moved by the test. */
export interface TestClock { now: number }

export interface Office {
  readonly sandbox: Sandbox
  readonly desk: Desk
  readonly clock: TestClock
  readonly notices: Notice[]
  /** Moves time and runs what is due, in steps. */
  pass(milliseconds: number, step?: number): Promise<void>
  issue(username: string): Promise<Leaf>
  letter(kind: LetterKind, text?: string): Promise<{ kind: LetterKind; bytes: Uint8Array; number: string; date: string }>
  close(): Promise<void>
}

/** Tuesday 2026-11-24 09.00 WIB: a service day in both offices. */
export const tuesday = Date.UTC(2026, 10, 24, 2)

export async function openOffice(
  standard: DeskOptions['standard'], more: { readonly sandbox?: SandboxOptions; readonly desk?: Partial<DeskOptions> | ((sandbox: Sandbox) => Partial<DeskOptions>); readonly ams?: Partial<HttpAmsOptions> } = {},
): Promise<Office> {
  const clock: TestClock = { now: tuesday }
  const sandbox = await createSandbox({ seed: 'desk', faults: 'none', now: () => clock.now, hang: 60, publication: { delay: 3_600_000 }, ...more.sandbox })
  const notices: Notice[] = []
  const ams = createHttpAms({
    baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp],
    credential: bearer(actor => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true, timeoutMs: 400, retries: 0, ...more.ams,
  })
  const desk = createDesk({
    standard, ams, anchors: sandbox.anchors, fetch: sandbox.fetch, clock: () => new Date(clock.now), worker: false, sandbox: true,
    notify: async (notice): Promise<Delivery> => {
      notices.push(notice)
      return { channel: 'portal', reference: `n-${notices.length}` }
    },
    answer: async () => ({ kind: 'answerLetter', bytes: await pdf('Surat jawaban'), number: '000.8.3.3/16/DINKOMINFO', date: '2026-11-24' }),
    ...(typeof more.desk === 'function' ? more.desk(sandbox) : more.desk),
  })
  return {
    sandbox, desk, clock, notices,
    async pass(milliseconds, step = 60_000) {
      await desk.runEffects()
      for (let gone = 0; gone < milliseconds; gone += step) {
        clock.now += Math.min(step, milliseconds - gone)
        await desk.runEffects()
      }
    },
    issue: username => sandbox.manage.issue({ username }),
    letter: async (kind, text = kind) => ({ kind, bytes: await pdf(text), number: '000.8.3.3/15/OR', date: '2026-11-20' }),
    async close() {
      await desk.close()
      await sandbox.close()
    },
  }
}

/** Opens offices for the tests of a file and closes them after each. */
export function offices(): typeof openOffice {
  const opened: Office[] = []
  afterEach(async () => { for (const office of opened.splice(0)) await office.close() })
  return async (...options) => {
    const office = await openOffice(...options)
    opened.push(office)
    return office
  }
}

export async function pdf(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.addPage([200, 200]).drawText(text.slice(0, 40), { size: 10, x: 10, y: 100 })
  document.setCreationDate(new Date(tuesday))
  document.setModificationDate(new Date(tuesday))
  return document.save()
}
