// A desk without AMS and without certificates to check: only its own transitions cost time.
import { createDesk } from '@cabut/sdk'
import { createSandbox } from '@cabut/sandbox'

export const head = { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }
export const verifier = { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' }
const clerk = { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' }
export const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' }
/** The smallest letter. */
export const letterBytes = new TextEncoder().encode('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
const letter = (kind) => ({ kind, bytes: letterBytes, number: '800/15/DINDIK', date: '2026-11-19' })

export async function openBenchDesk(store) {
  const sandbox = await createSandbox({ faults: 'none', reuseKeys: true })
  const unused = async () => ({ outcome: 'unavailable', cause: { code: 'amsUnavailable', detail: 'bench' } })
  const desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors: sandbox.anchors, fetch: false, worker: false,
    ams: { readsBack: false, honoursIdempotencyKey: true, findCertificate: unused, fileRevocation: unused, readRevocation: unused, findRevocations: unused },
  })
  return {
    desk,
    file: (id) => desk.file({
      id, certificate: { issuerDn: 'CN=BSrE Contoh,C=ID', serial: '0a1b2c', username: clerk.id }, reason: 'mutasi', as: clerk,
      applicant: { id: clerk.id, opd: 'dindik', name: 'Surya Wibisana' }, holder: { id: 'laras.kinanti', name: 'Laras Kinanti' }, letters: [letter('requestLetter'), letter('reasonStatement')],
    }),
    /** Five durable transitions: disposed, cancelled, disposed again, received, approved. */
    async approvalPath(id) {
      await desk.dispose(id, { as: head, to: verifier })
      await desk.cancelDisposition(id, { as: head })
      await desk.dispose(id, { as: head, to: verifier })
      await desk.receive(id, { as: verifier })
      await desk.approve(id, { as: verifier, findings })
    },
    close: async () => { await desk.close(); await sandbox.close() },
  }
}
