import type { Actor, CaseState } from '@cabut/sdk'
import type { Console } from '../console.js'
import { wibTime } from './clock.js'
import { makeLetterPdf } from './letter.js'
import { demoLeaf, filedBefore, openDemoOffice } from './office.js'
import type { Progress } from './progress.js'
import { must, proveAndHandOver, type StoryEnd } from './story.js'
import { Timeline } from './timeline.js'

/** Kota Pekalongan: the owner files in AMS, the officer checks (and once sends it back), BSrE decides. The OCSP responder is down all day: the CRL proves it. */
export async function pekalonganStory(console: Console, seed: string, folder: string, progress: Progress): Promise<StoryEnd> {
  const owner: Actor = { id: 'ratna.pertiwi', role: 'holder', opd: 'disdik' }
  const verifier: Actor = { id: 'dewi.larasati', role: 'verifier', opd: 'dinkominfo' }
  const office = await openDemoOffice('kota-pekalongan', seed, progress, { faults: [{ kind: 'status', on: 'ca.ocsp', status: 503 }] })
  try {
    const { desk, clock } = office
    const id = 'demo-pekalongan'
    const leaf = await demoLeaf(office, progress, owner.id)
    const letter = (text: string): Promise<Uint8Array> => makeLetterPdf({
      letterhead: ['DINAS PENDIDIKAN', 'Kota Pekalongan (contoh rekaan)'], number: '800.1.3/21/DISDIK', placeAndDate: 'Pekalongan, 19 November 2026',
      subject: 'Keterangan Alasan Pencabutan Sertifikat Elektronik', addressee: 'Kepala Dinas Komunikasi dan Informatika', paragraphs: [text],
      signatory: { position: 'Pemilik sertifikat,', name: 'Ratna Pertiwi' }, createdAt: clock.now(),
    })
    console.line(`  ${wibTime(clock.now())}  ${console.say({ id: 'sertifikat terbit', en: 'certificate issued' })}: ${leaf.serial}`)
    const before = await filedBefore(office, id)
    if (before === undefined) await desk.file({
      id,
      certificate: leaf.der, reason: 'mutasi', applicant: { id: owner.id, opd: 'disdik', name: 'Ratna Pertiwi', username: owner.id },
      letters: [{ kind: 'reasonStatement', bytes: await letter('Dengan ini diterangkan bahwa sertifikat elektronik yang bersangkutan perlu dicabut.'), number: '800.1.3/21/DISDIK', date: '2026-11-19' }],
    })
    const timeline = new Timeline(console, desk, id)
    const print = (): Promise<void> => timeline.print()
    const state = async (): Promise<CaseState> => (await desk.get(id)).state
    // Each step looks whether it is still to be done: the demo may have been killed anywhere.
    if ((await state()).returns === 0) {
      must(await office.until(async () => (await state()).ams.recordId !== undefined, 60), 'the filing never reached AMS')
      await print()
      clock.advance(35)
      await desk.return(id, { as: verifier, reasons: ['Surat keterangan belum menyebut alasan mutasi dan tanggalnya'] })
    }
    if ((await state()).status === 'returned') {
      must(await office.until(async () => (await state()).ams.recordStatus === 'returned', 60), 'AMS never took the return')
      await print()
      clock.advance(50)
      if ((await state()).letters.length === 1) await desk.attach(id, { as: owner, letter: { kind: 'reasonStatement', bytes: await letter('Dengan ini diterangkan bahwa Ratna Pertiwi dimutasi terhitung 16 November 2026, sehingga sertifikat elektroniknya perlu dicabut.'), number: '800.1.3/22/DISDIK', date: '2026-11-19' } })
      await desk.submit(id, { as: owner })
    }
    if ((await state()).status === 'submitted') {
      must(await office.until(async () => (await state()).ams.recordStatus === 'waitingVerification', 60), 'the second filing never reached AMS')
      await print()
      clock.advance(20)
      await desk.approve(id, { as: verifier, findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
    }
    return await proveAndHandOver(console, office, id, leaf.serial, print, folder)
  } finally {
    await office.close()
  }
}
