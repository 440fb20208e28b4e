import type { Actor } from '@cabut/sdk'
import type { Console } from '../console.js'
import { wibTime } from './clock.js'
import { makeLetterPdf, type LetterText } from './letter.js'
import { demoLeaf, filedBefore, openDemoOffice } from './office.js'
import type { Progress } from './progress.js'
import { must, proveAndHandOver, type StoryEnd } from './story.js'
import { Timeline } from './timeline.js'

/** Kabupaten Purbalingga: the OPD's letter, disposition, verification, the team enters it in AMS, BSrE decides, the answer letter. */
export async function purbalinggaStory(console: Console, seed: string, folder: string, progress: Progress): Promise<StoryEnd> {
  const opd: Actor = { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' }
  const head: Actor = { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }
  const verifier: Actor = { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' }
  const holder = 'laras.kinanti'
  const pdf = (more: Pick<LetterText, 'letterhead' | 'number' | 'subject' | 'addressee' | 'paragraphs' | 'signatory'>): Promise<Uint8Array> =>
    makeLetterPdf({ placeAndDate: 'Purbalingga, 19 November 2026', createdAt: new Date('2026-11-19T09:00:00+07:00'), ...more })
  const office = await openDemoOffice('kabupaten-purbalingga', seed, progress, { answer: async (request) => ({
    kind: 'answerLetter', number: '000.8.3.3/41/DINKOMINFO', date: '2026-11-19',
    bytes: await pdf({
      letterhead: ['DINAS KOMUNIKASI DAN INFORMATIKA', 'Kabupaten Purbalingga (contoh rekaan)'], number: '000.8.3.3/41/DINKOMINFO',
      subject: 'Jawaban Permohonan Pencabutan Sertifikat Elektronik', addressee: 'Kepala Dinas Pendidikan',
      paragraphs: [`Permohonan nomor register ${request.register ?? request.id} telah dilaksanakan. Menurut AMS sertifikat telah dicabut; bukti dari CRL atau OCSP disampaikan menyusul.`],
      signatory: { position: 'Kepala Dinas,', name: 'Kepala Dinkominfo (rekaan)' },
    }),
  }) })
  try {
    const { desk, clock } = office
    const id = 'demo-purbalingga'
    const leaf = await demoLeaf(office, progress, holder)
    console.line(`  ${wibTime(clock.now())}  ${console.say({ id: 'sertifikat terbit', en: 'certificate issued' })}: ${leaf.serial}`)
    if (await filedBefore(office, id) === undefined) await desk.file({
      id,
      certificate: leaf.der, reason: 'pensiun', as: opd,
      applicant: { id: opd.id, opd: 'dindik', name: 'Surya Wibisana' }, holder: { id: holder, name: 'Laras Kinanti', username: holder },
      letters: [
        {
          kind: 'requestLetter', number: '800/15/DINDIK', date: '2026-11-19',
          bytes: await pdf({
            letterhead: ['DINAS PENDIDIKAN', 'Kabupaten Purbalingga (contoh rekaan)'], number: '800/15/DINDIK', subject: 'Permohonan Pencabutan Sertifikat Elektronik',
            addressee: 'Kepala Dinas Komunikasi dan Informatika', paragraphs: ['Mohon dicabut sertifikat elektronik atas nama Laras Kinanti.'],
            signatory: { position: 'Kepala Dinas Pendidikan,', name: 'Kepala OPD (rekaan)' },
          }),
        },
        {
          kind: 'reasonStatement', number: '800/16/DINDIK', date: '2026-11-19',
          bytes: await pdf({
            letterhead: ['DINAS PENDIDIKAN', 'Kabupaten Purbalingga (contoh rekaan)'], number: '800/16/DINDIK', subject: 'Keterangan Alasan Pencabutan Sertifikat Elektronik',
            addressee: 'Kepala Dinas Komunikasi dan Informatika', paragraphs: ['Yang bersangkutan memasuki masa pensiun terhitung 1 November 2026.'],
            signatory: { position: 'Kepala Dinas Pendidikan,', name: 'Kepala OPD (rekaan)' },
          }),
        },
      ],
    })
    const timeline = new Timeline(console, desk, id)
    const print = (): Promise<void> => timeline.print()
    const status = async (): Promise<string> => (await desk.get(id)).status
    // Each step looks whether it is still to be done: the demo may have been killed anywhere.
    if (await status() === 'submitted') {
      await office.until(async () => office.notices() > 0, 10)
      await print()
      clock.advance(12)
      await desk.dispose(id, { as: head, to: verifier.id, note: 'Mohon diverifikasi' })
      await print()
    }
    if (await status() === 'disposed') {
      clock.advance(18)
      await desk.receive(id, { as: verifier })
    }
    if (await status() === 'verifying') {
      clock.advance(15)
      await desk.approve(id, { as: verifier, findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
    }
    must(await office.until(async () => (await desk.get(id)).state.ams.recordId !== undefined, 60), 'the verification team could not enter it in AMS')
    await print()
    return await proveAndHandOver(console, office, id, leaf.serial, print, folder)
  } finally {
    await office.close()
  }
}
