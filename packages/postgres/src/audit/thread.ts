/** A thread of the audit: takes batches of cases, gives their checks. Started by `verifyAudit`, not meant to be imported. */
import { parentPort, workerData } from 'node:worker_threads'
import { checkCase, type AuditKeys, type CaseCheck, type CaseText } from './check-case.js'

/** What a thread is told, in the order it is to answer. */
export interface ThreadTask { readonly rows: readonly CaseText[] }
/** What a thread of the audit answers for one batch, in the order of its rows. */
export interface ThreadAnswer { readonly checks: readonly CaseCheck[] }

/**
 * Checks one batch.
 *
 * @param keys opened keys of subjects, by id; without them sealed values are counted, not checked
 * @example
 * ```ts
 * const known = { id: 'P-1', opd: 'dindik', version: 1, head: 'ab', registered: 0, status: 'submitted', issuerDn: null, serial: null }
 * const { checks } = answerTask({ rows: [{ ...known, state: '{"letters":[],"evidence":[]}', personal: null, events: null }] }, undefined)
 * checks[0]?.finding?.detail // 'the chain ends at 0, the case says 1'
 * ```
 */
export function answerTask({ rows }: ThreadTask, keys: AuditKeys | undefined): ThreadAnswer {
  return { checks: rows.map(row => checkCase(row, keys)) }
}

const { keys } = (workerData ?? {}) as { readonly keys?: AuditKeys }

parentPort?.on('message', (task: ThreadTask) => { parentPort?.postMessage(answerTask(task, keys)) })
