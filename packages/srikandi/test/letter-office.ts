import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { allowPlainHttp, bearer, createHttpAms } from '@cabut/sdk/ams'
import { createDesk, type Desk, type DeskOptions } from '@cabut/sdk/desk'
import { loadStandard, type ServiceStandard } from '@cabut/sdk/standard'
import { createSandbox, type Leaf, type Sandbox, type SandboxOptions } from '@cabut/sandbox'
import { createFolderTransport, createLetterDesk, type FolderTransport, type LetterDesk, type LetterDeskAnswers, type LetterDeskOptions, type OfficeDirectory } from '@cabut/srikandi'

export const offices: OfficeDirectory = [
  { code: 'DINDIK', name: 'Dinas Pendidikan', numberCodes: ['DINDIK'] },
  { code: 'DINKES', name: 'Dinas Kesehatan', numberCodes: ['DINKES'] },
]
export const people = {
  'Kepala Dinas Kominfo': { id: 'kepala.dinkominfo', role: 'head', opd: 'DINKOMINFO' },
  'Tegar Maulana': { id: 'tegar.maulana', role: 'verifier', opd: 'DINKOMINFO' },
  'Ningrum Sekar': { id: 'ningrum.sekar', role: 'verifier', opd: 'DINKOMINFO' },
} as const
export const head = people['Kepala Dinas Kominfo']
export const verifier = people['Tegar Maulana']
export const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const

const purbalingga = loadStandard('kabupaten-purbalingga')
/** An invented region as Purbalingga, which takes one letter for many holders. */
export const batchStandard: ServiceStandard = {
  ...purbalingga, id: 'kabupaten-contoh', region: { name: 'Contoh', kind: 'kabupaten', invented: true }, filing: { ...purbalingga.filing, batch: { offered: true, maxHolders: 100 } },
}

/** Tuesday 2026-11-24 09.00 WIB. */
export const tuesday: number = Date.UTC(2026, 10, 24, 2)

export interface LetterOffice {
  readonly root: string
  readonly sandbox: Sandbox
  readonly desk: Desk
  readonly transport: FolderTransport
  readonly letters: LetterDesk
  readonly clock: { now: number }
  pass(milliseconds: number, step?: number): Promise<void>
  put(name: string, row: object | string, pdf?: Uint8Array): Promise<void>
  issue(username?: string): Promise<Leaf>
  close(): Promise<void>
}

export async function openLetterOffice(more: { readonly sandbox?: SandboxOptions; readonly running?: Sandbox; readonly desk?: Partial<DeskOptions>; readonly letters?: Partial<LetterDeskOptions & LetterDeskAnswers> } = {}): Promise<LetterOffice> {
  const clock = { now: tuesday }
  const root = await mkdtemp(join(tmpdir(), 'srikandi-'))
  // Faults stay on: whoever writes to AMS must live with them.
  const sandbox = more.running ?? await createSandbox({ seed: 'srikandi', now: () => clock.now, hang: 40, publication: { delay: 3_600_000 }, ...more.sandbox })
  const ams = createHttpAms({
    baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true, timeoutMs: 400, retries: 0,
  })
  const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, clock: () => new Date(clock.now), worker: false, sandbox: true, ...more.desk })
  const transport = await createFolderTransport({ folder: root, patience: 0 })
  const letters = createLetterDesk({
    desk, transport, offices, people, registrar: { id: 'petugas.surat', role: 'registrar', opd: 'DINKOMINFO' }, officer: head,
    letterhead: { lines: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS KOMUNIKASI DAN INFORMATIKA'], address: 'Jalan Contoh Nomor 1', place: 'Contoh' },
    signatory: { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas Komunikasi dan Informatika' }, ...more.letters,
  })
  return {
    root, sandbox, desk, transport, letters, clock,
    async pass(milliseconds, step = 300_000) {
      while (await desk.runEffects() > 0) { /* effects call for further effects */ }
      for (let gone = 0; gone < milliseconds; gone += step) {
        clock.now += Math.min(step, milliseconds - gone)
        await desk.runEffects()
      }
    },
    async put(name, row, pdf) {
      if (pdf !== undefined) await writeFile(join(root, 'inbox', `${name}.pdf`), pdf)
      await writeFile(join(root, 'inbox', `${name}.json`), typeof row === 'string' ? row : JSON.stringify(row))
    },
    issue: (username = 'surya.wibisana') => sandbox.manage.issue({ username }),
    async close() {
      await desk.close()
      if (more.running === undefined) await sandbox.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** A row as exported, with the request a person added. */
export function letterRow(permohonan: object | undefined, more: object = {}): Record<string, unknown> {
  return {
    nomor: '000.8.3.3/15/DINDIK', tanggal: '23 November 2026', hal: 'Permohonan Pencabutan Sertifikat Elektronik', ringkasan: 'Mohon dicabut', nama_pengirim: 'Sri Wahyuni',
    jabatan_pengirim: 'Kepala Dinas Pendidikan', status_baca: 'Sudah dibaca', status_tindak: 'Disposisi', status_berkas: 'Aktif', hash_value: 'tidak diketahui',
    ...(permohonan === undefined ? {} : { permohonan }), ...more,
  }
}

export async function letterPdf(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.addPage([300, 200]).drawText(text.slice(0, 60), { size: 10, x: 10, y: 100 })
  return document.save()
}
