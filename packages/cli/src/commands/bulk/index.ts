import type { CommandSpec } from '../../program.js'
import { bulkCheck, bulkResume, bulkRun } from './commands.js'
import { bulkReconcile, bulkWorklist } from './worklist.js'

/** Lists of many certificates. */
export const bulkCommands: readonly CommandSpec[] = [bulkCheck, bulkRun, bulkResume, bulkWorklist, bulkReconcile]
