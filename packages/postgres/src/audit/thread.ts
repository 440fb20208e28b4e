/** A thread of the audit: takes batches of cases, gives their checks. Started by `verifyAudit`, not meant to be imported. */
import { parentPort, workerData } from 'node:worker_threads'
import { checkCase, type AuditKeys, type CaseCheck, type CaseText } from './check-case.js'

/** What a thread is told, in the order it is to answer. */
export interface ThreadTask { readonly rows: readonly CaseText[] }
/** What a thread of the audit answers for one batch, in the order of its rows. */
export interface ThreadAnswer { readonly checks: readonly CaseCheck[] }

/** Checks one batch. */
export function answerTask({ rows }: ThreadTask, keys: AuditKeys | undefined): ThreadAnswer {
  return { checks: rows.map(row => checkCase(row, keys)) }
}

const { keys } = (workerData ?? {}) as { readonly keys?: AuditKeys }

parentPort?.on('message', (task: ThreadTask) => { parentPort?.postMessage(answerTask(task, keys)) })
