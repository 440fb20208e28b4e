export { drawSample, writeDossier, type Dossier } from './sample.js'
export { auditFaults, type AuditFinding } from './finding.js'
export { verifyAudit, type AuditOptions, type AuditReport } from './verify.js'
export { extendRegister, registerDigest, takeCheckpoint, type Checkpoint, type RegisterEntry } from '../register/register.js'
