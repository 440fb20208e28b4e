export { collectBySerial, type CertificateName, type SerialEvidenceOptions, type SerialStatus } from './collect-by-serial.js'
export { collectEvidence, type EvidenceOptions } from './collect.js'
export { defaultProofPolicy, judgeProof, type ProofQuestion } from './judge.js'
export type { AwaitingReason, Proof, ProofFinding, ProofFindingKind, ProofPolicy, ProofVerdict } from './verdict.js'
