import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { checkCase, type AuditKeys, type CaseCheck, type CaseText } from './check-case.js'
import type { ThreadAnswer, ThreadTask } from './thread.js'

/** Checks batches of cases, on threads where there are any. The answer to a batch does not depend on how many there are. */
export interface Crew {
  readonly threads: number
  check(rows: readonly CaseText[]): Promise<readonly CaseCheck[]>
  dismiss(): Promise<void>
}

/**
 * @param threads 0: in this thread
 * @param file of the thread's code, where it is not this package's own build
 */
export function hireCrew(keys: AuditKeys, threads: number = availableParallelism(), file: URL | string | undefined = threadFile()): Crew {
  const workers = file === undefined ? [] : Array.from({ length: threads }, () => new Hand(new Worker(file, { workerData: { keys } })))
  return {
    threads: workers.length,
    async check(rows) {
      const [first] = workers
      if (first === undefined) return rows.map(row => checkCase(row, keys))
      return workers.reduce((least, each) => (each.waiting < least.waiting ? each : least), first).check(rows)
    },
    dismiss: async () => { await Promise.all(workers.map(each => each.end())) },
  }
}

/** One thread; answers come in the order of the batches. */
class Hand {
  readonly #worker: Worker
  readonly #open: { readonly resolve: (checks: readonly CaseCheck[]) => void; readonly reject: (error: unknown) => void }[] = []
  #failure: Error | undefined

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', ({ checks }: ThreadAnswer) => this.#open.shift()?.resolve(checks))
    worker.on('error', error => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('a thread of the audit ended')))
  }

  get waiting(): number {
    return this.#open.length
  }

  check(rows: readonly CaseText[]): Promise<readonly CaseCheck[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#open.push({ resolve, reject })
      this.#worker.postMessage({ rows } satisfies ThreadTask)
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error('a thread of the audit failed', { cause: error })
    for (const { reject } of this.#open.splice(0)) reject(this.#failure)
  }
}

/** The thread's code in this package's build; none when running from sources. */
function threadFile(): string | undefined {
  const here = import.meta.url
  return here.endsWith('.ts') ? undefined : createRequire(here).resolve('@cabut/postgres/audit/thread')
}
