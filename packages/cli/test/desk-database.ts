import { PDFDocument } from 'pdf-lib'
import { createSqlStore, type Database } from '@cabut/postgres'
import { openPglite } from '@cabut/postgres/pglite'
import { createSandbox } from '@cabut/sandbox'
import { allowPlainHttp, bearer, createDesk, createHttpAms } from '@cabut/sdk'

/** A database with one invented request in it, not yet in the register. */
export async function openDeskDatabase(directory?: string): Promise<Database> {
  const database = await openPglite(directory === undefined ? {} : { directory })
  const sandbox = await createSandbox({ seed: 'checkpoint', faults: 'none', reuseKeys: true })
  const store = await createSqlStore(database, { closeDatabase: false })
  const document = await PDFDocument.create()
  document.addPage([200, 200])
  const bytes = await document.save()
  const desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, worker: false, sandbox: true,
    ams: createHttpAms({ baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer((actor) => sandbox.manage.token(actor.id)) }),
  })
  const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
  await desk.file({
    id: 'P-checkpoint-1', certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', as: { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' },
    applicant: { id: 'surya.wibisana', opd: 'dindik', name: 'Surya Wibisana' }, holder: { id: 'pemilik-1', name: 'Pemilik Contoh' },
    letters: [{ kind: 'requestLetter', bytes, number: '800/15/DINDIK', date: '2026-11-21' }, { kind: 'reasonStatement', bytes, number: '800/16/DINDIK', date: '2026-11-21' }],
  })
  await desk.close()
  await sandbox.close()
  return database
}
