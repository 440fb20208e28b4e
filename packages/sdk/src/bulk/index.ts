export { advanceRow, lookAtRow, type AdvanceOptions, type BulkHands } from './advance.js'
export { checkRows, type CheckOptions, type Lookup } from './check.js'
export { csvLine } from './csv.js'
export { findThroughEsign } from './esign-lookup.js'
export { executeList, untilEnded, type ExecuteOptions } from './execute.js'
export { holdersToReissue, lettersSignedSince, type DoubtfulLetter, type HolderToReissue, type LetterSearch } from './incident.js'
export { planLine, readPlan } from './plan.js'
export { createProgress, type Progress } from './progress.js'
export { createTally, remarkOf, writeResults, type FindingTally, type OutcomeTally, type Tally } from './result.js'
export { bulkColumns, readRows, type BulkField, type BulkRow, type ReadRowsOptions } from './row.js'
export {
  hasEnded, requestIdOf, rowFindings, rowOutcomes, type Candidate, type RowFinding, type RowOutcome, type RowRequest, type RowResult, type RowVerdict,
} from './verdict.js'
export { recordDone, reconcileWithCrl, worklist, type CrlDiscrepancy, type ReconcileOptions, type WorkItem, type WorklistOptions } from './worklist.js'
