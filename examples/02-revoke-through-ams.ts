import { createDesk } from '@cabut/sdk'
import { verifyReceipt } from '@cabut/sdk/receipt'
import { openOffice } from './office.js' // a sandbox on loopback and invented officers

const { ams, anchors, intermediates, fetch, certificate, letter, applicant, head, verifier, close } = await openOffice()
const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const

const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch, pace: { ams: 200, proof: 200 } })
const request = await desk.file({ certificate, reason: 'mutasi', letters: [letter], applicant })
await desk.dispose(request.id, { as: head, to: verifier })
await desk.approve(request.id, { as: verifier, findings })
const proof = await desk.proven(request.id) // resolves when the CA's own CRL or OCSP proves it

const receipt = await desk.receipt(request.id)
const { valid } = await verifyReceipt(receipt, { anchors })
console.log(`revoked on ${proof.revocationDate}, proven by ${proof.source}; receipt of ${receipt.size} files, valid: ${valid}`)

await desk.close()
await close()
