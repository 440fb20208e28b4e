import { PDFDocument } from 'pdf-lib'
import { allowLoopback, createEvidenceFetcher, type EvidenceFetcher } from '@cabut/pki'
import { bearer, createHttpAms, type Actor, type AmsPort, type LetterInput } from '@cabut/sdk'
import { startSandbox, type RunningSandbox } from '@cabut/sandbox'

/** What the examples need around them: a sandbox on loopback with faults on, invented officers, a certificate and a letter about it. */
export interface ExampleOffice {
  readonly sandbox: RunningSandbox
  readonly ams: AmsPort
  readonly anchors: readonly [string, ...string[]]
  readonly intermediates: readonly string[]
  /** Fetches CRL and OCSP; may reach loopback, because the sandbox is there. */
  readonly fetch: EvidenceFetcher
  readonly certificate: Uint8Array
  readonly serial: string
  readonly letter: LetterInput
  readonly applicant: { readonly id: string; readonly opd: string; readonly name: string }
  readonly head: Actor
  readonly verifier: Actor
  close(): Promise<void>
}

/** Opens an invented office of Kabupaten Purbalingga. */
export async function openOffice(): Promise<ExampleOffice> {
  const sandbox = await startSandbox({ seed: 'examples', hang: 1_500, publication: { delay: 1_000 } })
  const leaf = await sandbox.manage.issue({ username: 'laras.kinanti' })
  return {
    sandbox,
    ams: createHttpAms({ baseUrl: sandbox.urls.ams, credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true, timeoutMs: 1_000 }),
    anchors: sandbox.anchors,
    intermediates: [sandbox.ca.issuingPem],
    fetch: createEvidenceFetcher({ allow: [allowLoopback], maxFresh: 0 }),
    certificate: leaf.der,
    serial: leaf.serial,
    letter: { kind: 'requestLetter', bytes: await makePdf('Mohon dicabut sertifikat elektronik Laras Kinanti karena mutasi.'), number: '800/15/DINDIK', date: '2026-11-19' },
    applicant: { id: 'surya.wibisana', opd: 'dindik', name: 'Surya Wibisana' },
    head: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' },
    verifier: { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' },
    close: () => sandbox.close(),
  }
}

/** A real, if plain, one-page PDF. */
export async function makePdf(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.addPage([595, 842]).drawText(text, { x: 72, y: 760, size: 11 })
  return document.save()
}
