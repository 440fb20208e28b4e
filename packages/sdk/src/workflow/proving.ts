import { event, remark, type Handlers } from './scene.js'

/** Evidence, proof and contradiction. `revoked` is reached here and nowhere else. */
export const provers: Handlers<'recordEvidence' | 'prove' | 'contradict' | 'resolve' | 'expire' | 'resumeCertificate'> = {
  recordEvidence(scene, command) {
    // The same bytes again: nothing new, nothing lost.
    if (scene.state.evidence.includes(command.evidence.sha256)) return []
    return [event(scene, 'evidenceRecorded', { evidence: command.evidence })]
  },

  prove(scene, command) {
    const { state } = scene
    const { proof: claim } = command
    const sha256 = claim.of === 'revoked' ? claim.proof.sha256 : claim.sha256
    const serial = claim.of === 'revoked' ? claim.proof.certificate.serial : claim.serial
    if (state.approval === undefined) return 'notApproved'
    if (state.certificate.serial !== undefined && state.certificate.serial !== serial) return 'wrongCertificate'
    if (claim.of === 'revoked' && state.certificate.sha256 !== undefined && state.certificate.sha256 !== claim.proof.certificate.sha256) return 'wrongCertificate'
    if (!state.evidence.includes(sha256)) return 'notProven'
    if (state.status === 'resuming') {
      return claim.of === 'active' ? [event(scene, 'proven', { of: 'active', to: 'resumed', sha256 })] : 'notProven'
    }
    if (state.kind === 'revocation') {
      return claim.of === 'revoked' ? [event(scene, 'proven', { of: 'revoked', to: 'revoked', proof: claim.proof, sha256, ...(claim.chain === undefined ? {} : { chain: claim.chain }) })] : 'notProven'
    }
    return claim.of === 'held' ? [event(scene, 'proven', { of: 'held', to: 'suspended', sha256 })] : 'notProven'
  },

  contradict: (scene, command) => [event(scene, 'contradicted', { reason: command.reason, findings: command.findings })],

  resolve(scene, command) {
    if (command.outcome === 'fail') return [event(scene, 'resolved', { outcome: 'fail', to: 'failed', approves: false }, remark(command.note))]
    // Going on with a revocation nobody approved yet is itself the approval, by somebody who did not file.
    return [event(scene, 'resolved', { outcome: 'continue', to: 'awaitingProof', approves: scene.state.approval === undefined }, remark(command.note))]
  },

  expire(scene) {
    const { notAfter } = scene.state.certificate
    return notAfter === undefined || scene.now <= notAfter ? 'certificateNotExpired' : [event(scene, 'expired', { notAfter })]
  },

  resumeCertificate: (scene, command) => [event(scene, 'resumptionStarted', {}, remark(command.note))],
}
