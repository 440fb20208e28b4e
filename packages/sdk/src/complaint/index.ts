export {
  createComplaintDesk,
  ComplaintRefusedError,
  type ComplaintDesk,
  type ComplaintDeskOptions,
  type ComplaintResult,
} from './complaint-desk.js'
export { createMemoryComplaintStore, type ComplaintStore } from './complaint-store.js'
export { complaintStoreContract } from './contract.js'
export {
  complaintStatuses,
  type Complaint,
  type ComplaintEvent,
  type ComplaintInput,
  type ComplaintStatus,
  type Reporter,
} from './complaint.js'
export {
  decideComplaint,
  escalationChain,
  escalationDue,
  fileComplaint,
  isOverdue,
  type ComplaintCommand,
  type ComplaintDecision,
  type ComplaintOffice,
  type ComplaintRefusal,
} from './decide-complaint.js'
export { guardText, type GuardedText, type RemovedData, type RemovedKind } from './guard-text.js'
export {
  createAssistedLapor,
  toLapor,
  type LaporComplaint,
  type LaporFollowup,
  type LaporOutcome,
  type LaporPort,
  type LaporReading,
} from './lapor.js'
export { laporDeadlines, type LaporClass, type LaporLimit } from './lapor-clock.js'
export { createHttpLapor, laporCredentials, type HttpLaporOptions } from './lapor-http.js'
export { draftAnswer, viewComplaint, type ComplaintView } from './view-complaint.js'
