// What the examples of @cabut/srikandi stand on: letters, people and offices of an invented regency.
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument, StandardFonts } from 'pdf-lib'
import { readCertificate, type Certificate } from '@cabut/pki'
import { createSandbox, type Leaf, type Sandbox } from '@cabut/sandbox'
import { signLetter } from '@cabut/sandbox/letter'
import { allowPlainHttp, bearer, collectEvidence, createDesk, createHttpAms, judgeProof, sealEvent, writeReceipt, type Desk } from '@cabut/sdk'
import { composeAnswer, createFolderTransport, type AnswerContent, type FolderTransport, type Letterhead, type OfficeDirectory, type Pejabat } from '@cabut/srikandi'

/** Two offices that write letters. */
export const offices: OfficeDirectory = [
  { code: 'DINDIK', name: 'Dinas Pendidikan', numberCodes: ['DINDIK'], signatories: [{ nama: 'Surya Wibisana' }] },
  { code: 'DINKES', name: 'Dinas Kesehatan', aliases: ['Dinkes'], numberCodes: ['DINKES'] },
]

/** A letter's row as a user exported it from Srikandi, with what it asks for beside it. */
export const row = {
  nomor: '000.8.3.3/15/DINDIK', tanggal: '23 November 2026', hal: 'Permohonan Pencabutan Sertifikat Elektronik', jabatan_pengirim: 'Kepala Dinas Pendidikan', status_baca: 'Sudah dibaca',
  permohonan: { alasan: 'Mutasi', pemegang: [{ nama: 'Laras Kinanti', nomor_seri: '1f2e3d', penerbit: 'CN=BSRE CA DS G1,O=BSSN,C=ID' }] },
}

/** Who signs answers. */
export const signatory: Pejabat = { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas Komunikasi dan Informatika' }
/** The letterhead of answers. */
export const letterhead: Letterhead = { lines: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS KOMUNIKASI DAN INFORMATIKA'], address: 'Jalan Contoh Nomor 1', place: 'Contoh' }
/** Who is who in dispositions. */
export const people = {
  'Kepala Dinas Kominfo': { id: 'kepala.dinkominfo', role: 'head', opd: 'DINKOMINFO' },
  'Tegar Maulana': { id: 'tegar.maulana', role: 'verifier', opd: 'DINKOMINFO' },
} as const
/** In whose name answers are recorded. */
export const officer = people['Kepala Dinas Kominfo']
/** In whose name the arrival of a letter is recorded. */
export const registrar = { id: 'petugas.surat', role: 'registrar', opd: 'DINKOMINFO' } as const

/** The answer to {@link row}: one certificate, revoked and proven. */
export const answer: AnswerContent = composeAnswer({
  options: { offices, letterhead, signatory }, kind: 'answer', sandbox: false, receiptsSha256: 'cd'.repeat(32),
  answered: { identity: { office: 'DINDIK', number: '000.8.3.3/15/DINDIK', year: 2026 }, nomor: '000.8.3.3/15/DINDIK', tanggal: '2026-11-23' },
  rows: [{ holder: 'Laras Kinanti', serial: '1f2e3d', outcome: 'Dicabut, terbukti', detail: 'Dicabut 24 November 2026 pukul 09.00 WIB', receipt: { name: 'bukti-1f2e3d.zip', sha256: 'ab'.repeat(32), size: 4096 } }],
})

/** The PDF of the same letter, with a table of one holder; signed by nobody. */
export const pdf: Uint8Array = await drawLetter()

async function drawLetter(): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.setCreationDate(new Date(0))
  document.setModificationDate(new Date(0))
  const font = await document.embedFont(StandardFonts.TimesRoman)
  const page = document.addPage([595, 842])
  const put = (y: number, ...pieces: readonly (readonly [text: string, x: number])[]): void => { for (const [text, x] of pieces) page.drawText(text, { x, y, size: 11, font }) }
  put(800, ['PEMERINTAH KABUPATEN CONTOH', 200])
  put(786, ['DINAS PENDIDIKAN', 240])
  put(752, ['Nomor', 72], [':', 130], ['000.8.3.3/15/DINDIK', 138], ['Contoh, 23 November 2026', 380])
  put(738, ['Hal', 72], [':', 130], ['Permohonan Pencabutan Sertifikat Elektronik', 138])
  put(700, ['Yth. Kepala Dinas Komunikasi dan Informatika', 72])
  put(676, ['Bersama ini kami mohon pencabutan sertifikat elektronik pegawai berikut.', 72])
  put(650, ['No', 72], ['Nama', 110], ['Nomor Seri', 240])
  put(636, ['1.', 72], ['Laras Kinanti', 110], ['1f2e3d', 240])
  put(590, ['Plt. Kepala Dinas Pendidikan,', 330])
  put(562, ['Ditandatangani secara elektronik', 330])
  put(534, ['Surya Wibisana', 330])
  put(520, ['NIP 999901011980011001', 330])
  return document.save()
}

const now = new Date('2026-11-24T02:00:00Z')

/** A certificate authority of its own, and the same letter signed with a certificate of it. */
export async function openAuthority(): Promise<{ readonly sandbox: Sandbox; readonly anchors: readonly [string, ...string[]]; readonly intermediates: readonly string[]; readonly signer: Leaf; readonly signed: Uint8Array }> {
  const sandbox = await createSandbox({ seed: 'srikandi', faults: 'none', reuseKeys: true, now: () => now })
  const signer = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
  return { sandbox, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], signer, signed: await signLetter(pdf, signer, new Date('2026-11-23T02:00:00Z')) }
}

/** The receipt (Bukti pencabutan) of a certificate that an authority of its own has revoked, and the anchor it leads to. */
export async function openReceipt(): Promise<{ readonly receipt: ReadonlyMap<string, Uint8Array>; readonly anchors: readonly [string, ...string[]]; readonly serial: string }> {
  const { sandbox, anchors } = await openAuthority()
  const leaf = await sandbox.manage.issue({ username: 'laras.kinanti', key: 'shared' })
  sandbox.manage.revokeAtAuthority(leaf.serial, 'affiliationChanged')
  sandbox.manage.publish()
  const [certificate, issuing, root] = [leaf.der, sandbox.ca.issuingPem, sandbox.ca.rootPem].map((each) => readCertificate(each)) as [Certificate, Certificate, Certificate]
  const crl = sandbox.ca.crl()
  const verdict = await judgeProof({ evidence: [await collectEvidence(certificate, { anchors: [root], intermediates: [issuing], at: now, fetch: false, crls: [crl] })], now })
  if (verdict.verdict !== 'proven') throw new Error(verdict.verdict)
  let salt = 0
  const salts = (): string => (salt += 1).toString(16).padStart(32, '0')
  const [time, caseId, standard] = [now.toISOString(), 'P-2026-0007', { id: 'kabupaten-purbalingga', version: '1' }]
  const proven = await sealEvent({ caseId, type: 'proven', actor: { id: 'tegar.maulana', role: 'verifier', opd: 'DINKOMINFO' }, time, standard, data: { serial: leaf.serial } }, null, salts)
  const receipt = await writeReceipt({
    caseId, standard, certificate, chain: [issuing, root], proof: verdict.proof, evidence: crl, letters: [], history: [proven], times: {}, sandbox: true, writtenAt: time, salts,
  })
  return { receipt, anchors, serial: leaf.serial }
}

/** A desk before a sandbox, a folder of letters with {@link row} and {@link pdf} in its inbox, and what joins them. */
export async function openOffice(): Promise<{ readonly desk: Desk; readonly folder: string; readonly transport: FolderTransport; readonly sandbox: Sandbox }> {
  const { sandbox } = await openAuthority()
  const ams = createHttpAms({ baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer(({ id }) => sandbox.manage.token(id)), honoursIdempotencyKey: true })
  const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, clock: () => now, worker: false, sandbox: true })
  const folder = await openFolder()
  return { desk, folder, sandbox, transport: await createFolderTransport({ folder, patience: 0 }) }
}

/** A folder of a transport in a temporary place, with {@link row} and {@link pdf} in its inbox as `surat.json` and `surat.pdf`. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'srikandi-'))
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })
  await createFolderTransport({ folder })
  await writeFile(join(folder, 'inbox', 'surat.pdf'), pdf)
  await writeFile(join(folder, 'inbox', 'surat.json'), JSON.stringify(row))
  return folder
}
