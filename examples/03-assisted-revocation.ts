import { createAssistedAms, createDesk } from '@cabut/sdk'
import { openOffice } from './office.js'

const { sandbox, anchors, intermediates, fetch, certificate, serial, letter, applicant, head, verifier, close } = await openOffice()

// No AMS interface at all: the software says what to enter, an officer enters it in the AMS page, and the proof is found by CRL or OCSP.
const ams = createAssistedAms({
  ask: async (task) => {
    for (const [index, step] of task.steps.entries()) console.log(`  ${index + 1}. ${step.id}`)
    // The stand-in officer acts in the sandbox as they would in the AMS page; BSrE then revokes and, later, publishes.
    sandbox.manage.revokeAtAuthority(serial, 'affiliationChanged')
    setTimeout(() => { sandbox.manage.publish() }, 800)
    return { done: true, at: new Date(), reference: 'AMS-0001' }
  },
})

const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch, pace: { ams: 200, proof: 200 } })
const request = await desk.file({ certificate, reason: 'mutasi', letters: [letter], applicant, holder: { id: 'laras.kinanti', username: 'laras.kinanti' } })
await desk.dispose(request.id, { as: head, to: verifier })
await desk.approve(request.id, { as: verifier, findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
const proof = await desk.proven(request.id)
console.log(`proven by ${proof.source} without any AMS interface; revoked on ${proof.revocationDate}`)

await desk.close()
await close()
