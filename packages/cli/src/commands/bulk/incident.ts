import { inspectLetter } from '@cabut/pki/letter'
import { csvLine, holdersToReissue, lettersSignedSince, requestIdOf } from '@cabut/sdk/bulk'
import { noteAccess } from '../desk/view.js'
import type { Sitting } from '../desk/run.js'
import { writeWhole, type Job } from './job.js'

/** What an incident leaves to do, as files beside the result. The first names people: it is noted like every look at them. */
export interface IncidentFiles {
  readonly reissue: { readonly file: string; readonly rows: number }
  readonly letters: { readonly file: string; readonly rows: number }
}

/** Writes the holders to re-issue, and the letters known to this desk that a compromised key signed since the invalidity date. */
export async function writeIncident({ office, person }: Sitting, job: Job, out: string): Promise<IncidentFiles> {
  const { desk, anchors, intermediates, folder } = office
  const { sha256 } = job.settings
  const stem = out.replace(/\.[^./\\]+$/, '')
  const own = requestIdOf(sha256, 1).replace(/\d+$/, '')
  const counts = { reissue: 0, letters: 0 }
  await noteAccess(folder, person.id, `${own}*`, ['username', 'holder', 'subjectDn'], 'bulk --incident')
  const reissue = async function* (): AsyncGenerator<string> {
    yield `\uFEFF${csvLine(['baris', 'permohonan', 'opd', 'username', 'nama', 'subject_dn', 'nomor_seri', 'terbukti'])}`
    for await (const { row, requestId, opd, username, name, subjectDn, serial, proven } of holdersToReissue(job.plan(), { desk, sha256 })) {
      counts.reissue += 1
      yield csvLine([row, requestId, opd, username, name, subjectDn, serial === undefined ? undefined : `0x${serial}`, proven ? 'ya' : 'belum'])
    }
  }
  const letters = async function* (): AsyncGenerator<string> {
    yield `\uFEFF${csvLine(['permohonan', 'nomor_surat', 'sha256', 'nomor_seri_penandatangan', 'dicabut_lewat', 'waktu', 'terbukti_pada'])}`
    const found = lettersSignedSince({
      desk, isIncident: (id) => id.startsWith(own), inspect: (pdf) => inspectLetter(pdf, { anchors, intermediates, fetch: false }).catch(() => undefined),
      ...(job.settings.invalidityDate === undefined ? {} : { since: new Date(job.settings.invalidityDate) }),
    })
    for await (const { requestId, number, sha256: digest, serial, revokedBy, when, provenAt } of found) {
      counts.letters += 1
      yield csvLine([requestId, number, digest, `0x${serial}`, revokedBy, when, provenAt])
    }
  }
  await writeWhole(`${stem}-terbit-ulang.csv`, reissue())
  await writeWhole(`${stem}-surat-diragukan.csv`, letters())
  return { reissue: { file: `${stem}-terbit-ulang.csv`, rows: counts.reissue }, letters: { file: `${stem}-surat-diragukan.csv`, rows: counts.letters } }
}

