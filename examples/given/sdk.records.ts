import { createHash } from 'node:crypto'
import { PDFDocument } from 'pdf-lib'
import { buildOcspRequest, readCertificate, type Certificate } from '@cabut/pki'
import type { LetterReport } from '@cabut/pki/letter'
import { createSandbox, type Sandbox } from '@cabut/sandbox'
import {
  allowPlainHttp, bearer, collectEvidence, createDesk, createHttpAms, judgeProof, sealEvent, type Actor, type AmsFiling, type AmsPort, type Desk, type Findings, type LetterInput,
  type PartyInput, type Proof, type ReceiptInput, type ReceiptLetter, type SealedEvent,
} from '@cabut/sdk'
import { checkRows, readRows, type BulkRow, type ExecuteOptions, type RowVerdict } from '@cabut/sdk/bulk'

/** Tuesday 2026-11-24 09.00 WIB: the time of everything given here. */
export const tuesday: Date = new Date('2026-11-24T02:00:00.000Z')

/** A fake BSrE, AMS and e-Sign in this process, reached through `sandbox.fetch`; its clock stands at `tuesday`. */
export const sandbox: Sandbox = await createSandbox({ seed: 'given', faults: 'none', now: () => tuesday, publication: { delay: 0 } })

/** The root, as PEM text. */
export const rootPem: string = sandbox.ca.rootPem
/** The root, as read. */
export const root: Certificate = readCertificate(rootPem)
/** The issuing authority, below the root. */
export const issuing: Certificate = readCertificate(sandbox.ca.issuingPem)

const issued = async (username: string, commonName: string, serial?: string): Promise<Certificate> => {
  const subject = { commonName, organization: 'Pemerintah Kabupaten Purbalingga', description: '000001ABCDEFGHIJ_Tanda Tangan Elektronik' }
  const leaf = await sandbox.manage.issue({ username, ...subject, key: 'shared', ...(serial === undefined ? {} : { serial }) })
  return readCertificate(leaf.der)
}

/** A certificate of Laras Kinanti that nobody has asked about yet. */
export const issueCertificate = (): Promise<Certificate> => issued('laras.kinanti', 'Laras Kinanti')

/** Laras Kinanti's certificate, serial 4d2a: in force. */
export const certificate: Certificate = await issued('laras.kinanti', 'Laras Kinanti', '4d2a')
/** Surya Wibisana's certificate, serial 1e240: revoked because he moved to another office. */
export const revoked: Certificate = await issued('surya.wibisana', 'Surya Wibisana', '01e240')

/** The CRL before that revocation. */
export const earlierCrl: Uint8Array = sandbox.ca.writeCrl({ entries: [], number: 1, thisUpdate: new Date('2026-11-23T02:00:00.000Z'), nextUpdate: new Date('2026-11-24T02:00:00.000Z') })
/** The CRL of `tuesday`, number 2: it lists `revoked`, since 09.00 WIB. */
export const crl: Uint8Array = sandbox.ca.writeCrl({
  entries: [{ serial: revoked.serial, revokedAt: tuesday, reason: 'affiliationChanged' }], number: 2, thisUpdate: tuesday, nextUpdate: new Date('2026-11-25T02:00:00.000Z'),
})
sandbox.manage.revokeAtAuthority(revoked.serial, 'affiliationChanged')
sandbox.manage.publish()
/** The OCSP answer about `revoked`. */
export const ocsp: Uint8Array = sandbox.ca.ocsp(await buildOcspRequest({ certificate: revoked, issuer: issuing }))

/** AMS as the sandbox plays it. */
export const ams: AmsPort = createHttpAms({
  baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true,
})

/** The people of an invented office: their ids are their usernames in AMS. */
export const staff: Readonly<Record<'officer' | 'head' | 'verifier', Actor>> = {
  officer: { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' },
  head: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' },
  verifier: { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' },
}
/** Who files. */
export const applicant: PartyInput = { id: 'surya.wibisana', opd: 'dindik', name: 'Surya Wibisana' }
/** What the verifier found: everything as it should be. */
export const allMatch: Findings = { data: 'match', completeness: 'complete', subjectDn: 'match' }

const document = await PDFDocument.create()
document.setCreationDate(tuesday)
document.setModificationDate(tuesday)
document.addPage([595, 842]).drawText('Mohon dicabut sertifikat elektronik Laras Kinanti karena mutasi.', { x: 72, y: 760, size: 11 })
/** A letter of one page. */
export const pdf: Uint8Array = await document.save()
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** The letter of request, as it is handed in. */
export const requestLetter: LetterInput = { kind: 'requestLetter', bytes: pdf, number: '800/15/DINDIK', date: '2026-11-19' }
/** The same letter as a receipt holds it. */
export const keptLetter: ReceiptLetter = { ...requestLetter, sha256: sha256(pdf), mediaType: 'application/pdf' }

/** What the reader of signatures says of a letter that `signer` has signed, without any timestamp. */
export const signedBy = (signer: Certificate): Pick<LetterReport, 'signatures'> => ({
  signatures: [{
    field: 'Signature1', subFilter: 'ETSI.CAdES.detached', integrity: 'intact', coversWholeFile: true, certificate: signer, when: { claimed: tuesday },
    afterwards: { octets: 0, changes: [], contentChanged: false }, level: 'B-B', problems: [],
  }],
})

/** What is filed in AMS for `certificate`. */
export const filing: AmsFiling = {
  username: 'laras.kinanti', reason: 'mutasi', letters: [{ bytes: pdf, sha256: sha256(pdf) }],
  certificate: { issuerDn: sandbox.ca.issuerDn, serial: certificate.serial },
}

let salted = 0
/** Salts that differ; a real desk draws them at random. */
export const salts = (): string => (++salted).toString(16).padStart(32, '0')

/** Three sealed events of one case, whose personal values stand beside the chain. */
export const chain: readonly [SealedEvent, SealedEvent, SealedEvent] = await sealedChain()

async function sealedChain(): Promise<readonly [SealedEvent, SealedEvent, SealedEvent]> {
  const seal = (type: string, previous: SealedEvent | null): Promise<SealedEvent> => sealEvent({
    caseId: 'P-2026-0001', type, actor: { id: 'petugas-3', role: 'verifier', opd: 'dinkominfo' }, time: tuesday.toISOString(), standard: { id: 'kabupaten-purbalingga', version: '1' },
    data: { serial: revoked.serial }, personal: { holder: 'Surya Wibisana' },
  }, previous, salts)
  const filed = await seal('filed', null)
  const approved = await seal('approved', filed)
  return [filed, approved, await seal('proven', approved)]
}

/** The proof that `revoked` is revoked, from `crl`. */
export const proof: Proof = await provenByCrl()

async function provenByCrl(): Promise<Proof> {
  const status = await collectEvidence(revoked, { anchors: [root], intermediates: [issuing], at: tuesday, crls: [crl], fetch: false })
  const verdict = await judgeProof({ evidence: [status], now: tuesday })
  if (verdict.verdict !== 'proven') throw new Error('the revocation that is given is not proven')
  return verdict.proof
}

/** All that a receipt of `revoked` is written from. */
export const receiptInput: ReceiptInput = {
  caseId: 'P-2026-0001', standard: { id: 'kabupaten-purbalingga', version: '1' }, certificate: revoked, chain: [issuing, root], proof, evidence: crl, letters: [keptLetter], history: chain,
  times: { filedAt: tuesday.toISOString() }, personal: { holder: 'Surya Wibisana', reason: 'mutasi' }, sandbox: true, writtenAt: tuesday.toISOString(), salts,
}

/** A desk of its own, over memory and the fake AMS; its clock stands at `tuesday`, and nothing runs until `runEffects` is called. */
export const openDesk = (port: AmsPort = ams): Desk => createDesk({
  standard: 'kabupaten-purbalingga', ams: port, anchors: [rootPem], intermediates: [issuing], fetch: sandbox.fetch, clock: () => tuesday, worker: false, sandbox: true,
  // Where AMS and the authority answer at once nothing waits for the clock; by hand nothing comes of looking at once.
  ...(port.readsBack ? { pace: { ams: 0, proof: 0 } } : {}),
})

/** A desk of its own with one request, submitted, and its id. */
export const openRequest = async (): Promise<{ readonly desk: Desk; readonly id: string }> => {
  const desk = openDesk()
  const { id } = await desk.file({ certificate: (await issueCertificate()).der, reason: 'mutasi', letters: [requestLetter], applicant })
  return { desk, id }
}

/** A list, and what it is worked through with. */
export interface OpenList {
  /** Opens the rows as written. */
  readonly rows: () => AsyncIterable<BulkRow>
  /** Opens the rows as checked: two that are ready, and one that names the first again. */
  readonly plan: () => AsyncGenerator<RowVerdict>
  /** Desk, letters and all hands; while a run waits, the desk's effects are run. */
  readonly run: ExecuteOptions
}

/** A list of two officials who retire, checked at a desk of its own. */
export const openList = async (port: AmsPort = ams): Promise<OpenList> => {
  const desk = openDesk(port)
  const two = [await issueCertificate(), await issueCertificate()]
  const cells = two.map(({ der }) => Buffer.from(der).toString('base64'))
  const list = new TextEncoder().encode(['sertifikat;username;alasan', ...[...cells, cells[0]].map((cell) => `${cell};laras.kinanti;pensiun`), ''].join('\r\n'))
  const rows = (): AsyncIterable<BulkRow> => readRows(pieces(list))
  const checked = await all(checkRows(rows, { standard: desk.standard, applicant, letters: ['requestLetter', 'reasonStatement'], now: tuesday }))
  const hands = { file: staff.officer, dispose: { as: staff.head, to: staff.verifier }, decide: { as: staff.verifier, findings: allMatch } }
  const wait = async (): Promise<void> => { await desk.runEffects() }
  const letters: readonly LetterInput[] = [requestLetter, { kind: 'reasonStatement', bytes: pdf }]
  return { rows, plan: () => pieces(...checked), run: { desk, sha256: sha256(list), letters, hands, wait, now: () => performance.now(), settleWithin: 5_000 } }
}

/** What arrives piece by piece, as from a file. */
export async function* pieces<Item>(...items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

/** Everything that arrives, at once. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}
