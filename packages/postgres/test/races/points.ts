import { appendFileSync } from 'node:fs'
import type { AmsPort } from '@cabut/sdk/ams'
import type { Store } from '@cabut/sdk/store'
import type { Database, Queryable } from '../../src/database.js'

/** Where a process may be killed: before and after every call that touches state, here or in AMS, and while a statement is on its way. */
export const faultPoints = [
  ...['append', 'load', 'claim', 'finish', 'wait', 'retry', 'nextNumber'].flatMap(call => [`store.${call}:before`, `store.${call}:after`]),
  'sql:sent',
  ...['fileRevocation', 'readRevocation', 'findRevocations'].flatMap(call => [`ams.${call}:before`, `ams.${call}:after`]),
  ...['notify', 'answer', 'evidence'].flatMap(call => [`port.${call}:before`, `port.${call}:after`]),
] as const

export type FaultPoint = (typeof faultPoints)[number]

/** When this process dies: at the n-th passage of one point, or of any. */
export interface KillPlan { readonly point?: FaultPoint; readonly nth: number }

/** Counts passages and dies by SIGKILL when the plan says so; nothing of this process runs after that. */
export class Executioner {
  #passed = 0
  constructor(readonly plan: KillPlan | undefined, readonly hits: string) {}

  pass(point: FaultPoint): void {
    if (this.plan === undefined || (this.plan.point !== undefined && this.plan.point !== point)) return
    this.#passed += 1
    if (this.#passed < this.plan.nth) return
    appendFileSync(this.hits, `${point}\n`)
    process.kill(process.pid, 'SIGKILL')
  }

  async around<T>(call: string, run: () => Promise<T>): Promise<T> {
    this.pass(`${call}:before`)
    const result = await run()
    this.pass(`${call}:after`)
    return result
  }
}

export function withPoints(store: Store, executioner: Executioner): Store {
  const around = executioner.around.bind(executioner)
  return {
    ...store,
    append: (...given) => around('store.append', () => store.append(...given)),
    load: (...given) => around('store.load', () => store.load(...given)),
    claim: (...given) => around('store.claim', () => store.claim(...given)),
    finish: (...given) => around('store.finish', () => store.finish(...given)),
    wait: (...given) => around('store.wait', () => store.wait(...given)),
    retry: (...given) => around('store.retry', () => store.retry(...given)),
    nextNumber: (...given) => around('store.nextNumber', () => store.nextNumber(...given)),
  }
}

export function amsWithPoints(ams: AmsPort, executioner: Executioner): AmsPort {
  const around = executioner.around.bind(executioner)
  return {
    ...ams,
    fileRevocation: (...given) => around('ams.fileRevocation', () => ams.fileRevocation(...given)),
    readRevocation: (...given) => around('ams.readRevocation', () => ams.readRevocation(...given)),
    findRevocations: (...given) => around('ams.findRevocations', () => ams.findRevocations(...given)),
  }
}

/** A statement that left this process, whose answer never comes back to it. */
export function databaseWithPoints(database: Database, executioner: Executioner): Database {
  const over = (inner: Queryable): Queryable => ({
    async query(sql, parameters) {
      const answer = inner.query(sql, parameters)
      answer.catch(() => {})
      if (executioner.plan !== undefined) {
        await new Promise(setImmediate)
        executioner.pass('sql:sent')
      }
      return answer as never
    },
  })
  return { ...database, query: over(database).query, within: (scope, run) => database.within(scope, inner => run(over(inner))) }
}
