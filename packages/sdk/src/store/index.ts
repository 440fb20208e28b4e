export { storeContract, type ContractCase } from './contract.js'
export { createMemoryStore } from './memory.js'
export type {
  Append, AppendOutcome, CaseFilter, ClaimedEffect, EffectLease, EffectView, Evidence, EvidenceStream, Store, StoredCase, StoredEvent, TenantScope,
} from './port.js'
