export { shareEvidence, type SharedEvidenceOptions } from './shared.js'
