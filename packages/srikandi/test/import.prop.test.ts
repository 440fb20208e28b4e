import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '@cabut/sandbox'
import { createFolderTransport, createLetterDesk, type LetterDesk } from '@cabut/srikandi'
import { batchStandard, head, letterPdf, letterRow, offices, openLetterOffice, people, tuesday, type LetterOffice } from './letter-office.js'

let sandbox: Sandbox
let issuer = ''
let pdfs: readonly Uint8Array[] = []
beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'import', faults: 'none', now: () => tuesday })
  issuer = (await sandbox.manage.issue({ username: 'surya.wibisana' })).issuerDn
  pdfs = await Promise.all(Array.from({ length: 5 }, (_, index) => letterPdf(`Permohonan ${index}`)))
})
afterAll(async () => { await sandbox.close() })

/** Letters of all kinds: single, batch with an odd number, one number of two offices, a date that does not exist, another office's number. */
const kinds = [
  () => ({ row: letterRow({ alasan: 'mutasi', penerbit: issuer, nomor_seri: 'a1' }, { nomor: '400/1/DINDIK' }), pdf: 0 }),
  () => ({ row: letterRow({ alasan: 'pensiun', pemegang: Array.from({ length: 4 }, (_, index) => ({ nama: `Pegawai ${index}`, penerbit: issuer, nomor_seri: `b${index}f` })) }, { nomor: 'Nomor : 400 – 2 / Dindik' }), pdf: 1 }),
  () => ({ row: letterRow({ alasan: 'mutasi', penerbit: issuer, nomor_seri: 'c1' }, { nomor: '400/1', jabatan_pengirim: 'Kepala Dinas Kesehatan' }), pdf: 2 }),
  () => ({ row: letterRow({ alasan: 'mutasi', penerbit: issuer, nomor_seri: 'd1' }, { nomor: '400/4/DINDIK', tanggal: '30 Februari 2026' }), pdf: 3 }),
  () => ({ row: letterRow({ alasan: 'mutasi', penerbit: issuer, nomor_seri: 'e1' }, { nomor: '400/5/DINKES' }), pdf: 4 }),
] as const

/** Everything that must be the same however the letters came: requests with their events, without times and digests. */
async function stateOf({ desk }: LetterOffice): Promise<string> {
  const requests = await desk.list({ limit: 1000 })
  const lines = await Promise.all(requests.map(async ({ id, status, state }) => `${id} ${status} ${state.reason} ${state.letters.length} ${(await desk.history(id)).map(({ type }) => type).join(',')}`))
  return lines.sort().join('\n')
}

/** A transport over the same folder that fails before its n-th change on disk, as after a power cut; the desk lives on. */
async function failing(here: LetterOffice, at: number): Promise<LetterDesk> {
  let step = 0
  const transport = await createFolderTransport({
    folder: here.root, patience: 0,
    onStep: () => {
      step += 1
      if (step >= at) throw new Error('power cut')
    },
  })
  return createLetterDesk({
    desk: here.desk, transport, offices, people, registrar: { id: 'petugas.surat', role: 'registrar', opd: 'DINKOMINFO' }, officer: head,
    letterhead: { lines: ['KABUPATEN CONTOH'], place: 'Contoh' }, signatory: { nama: 'Wulan Prameswari' },
  })
}

describe('importing letters', () => {
  it('ends in the same state in any order, twice, renamed, and with the disk failing between any two changes', async () => {
    let expected: string | undefined
    await fc.assert(fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 0, 1, 2, 3, 4].map((kind, index) => ({ kind, name: `n${index}` })), { minLength: 10, maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
      async (arrivals, cuts) => {
        const here = await openLetterOffice({ running: sandbox, desk: { standard: batchStandard, clock: () => new Date(tuesday) } })
        try {
          const letters = arrivals.map(({ kind, name }) => ({ name, ...(kinds[kind] as (typeof kinds)[number])() }))
          for (const { name, row, pdf } of letters) await here.put(name, row, pdfs[pdf])
          for (const cut of cuts) await (await failing(here, cut)).receive().catch((error: unknown) => { expect((error as Error).message).toContain('power cut') })
          for (let round = 0; round < 6 && (await here.letters.receive()).length > 0; round += 1) { /* until nothing is new */ }
          const state = await stateOf(here)
          expect((await here.desk.list({ limit: 1000 }))).toHaveLength(6)
          expected ??= state
          expect(state).toBe(expected)
          expect(await readdir(`${here.root}/claimed`)).toEqual([])
          expect((await readdir(`${here.root}/done`)).length + (await readdir(`${here.root}/rejected`)).length).toBe(10)
        } finally {
          await here.close()
        }
      },
    ), { numRuns: 10 })
  }, 120_000)
})
