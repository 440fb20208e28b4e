import { assumedAmsProfile } from '../ams/index.js'
import { inOrder } from './in-order.js'
import { advanceRow, findRow, lookAtRow, type AdvanceOptions } from './advance.js'
import { hasEnded, type RowResult, type RowVerdict } from './verdict.js'

/** How a checked list is executed. Durations in milliseconds. */
export interface ExecuteOptions extends Omit<AdvanceOptions, 'beforeFiling'> {
  /** Rows taken in hand before AMS has taken them all. @default the AMS profile's batch limit, 100 */
  readonly chunk?: number
  /** Rows at a time. @default 4 */
  readonly concurrency?: number
  /** Filings a minute. @default as fast as it goes */
  readonly perMinute?: number
  /** Waits, and lets the desk's effects run meanwhile. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** Milliseconds since any fixed time. */
  readonly now: () => number
  /** How long a chunk may be on its way into AMS before the run stops; a later run goes on. @default 600000 */
  readonly settleWithin?: number
  /** How often is looked; a pass that takes long is followed by a longer pause. @default 1000 */
  readonly lookEvery?: number
  readonly signal?: AbortSignal
}

/**
 * Executes a checked list, chunk by chunk: each row is brought as far as the given hands can, and the next chunk begins when AMS has taken
 * this one. A letter may name more rows than a chunk holds. Killed at any point and run again it files nothing twice.
 *
 * @returns results in the order of the list; rows behind a chunk that AMS did not take in time are `notFiled`, with `amsBusy`
 * @throws TypeError for a `chunk` below 1 or a rate that is not above 0
 * @example
 * ```ts
 * const { plan, run } = await openList()
 * const results = await all(executeList(plan(), run))
 * results.map(({ row, outcome }) => `${row} ${outcome}`) // ['1 waiting', '2 waiting', '3 skipped']
 * const again = await all(executeList(plan(), run))
 * again.map(({ row, outcome }) => `${row} ${outcome}`) // ['1 proven', '2 proven', '3 skipped']
 * ```
 */
export async function* executeList(plan: AsyncIterable<RowVerdict>, options: ExecuteOptions): AsyncGenerator<RowResult> {
  const chunk = options.chunk ?? assumedAmsProfile.batchLimit
  if (!Number.isInteger(chunk) || chunk < 1) throw new TypeError('chunk: whole number from 1 expected')
  const beforeFiling = createPacer(options)
  const advance: AdvanceOptions = { ...options, beforeFiling }
  let stopped: string | undefined
  for await (const rows of chunksOf(plan, chunk)) {
    if (options.signal?.aborted === true) stopped ??= 'interrupted'
    if (stopped !== undefined) {
      for (const verdict of rows) {
        const result = await lookAtRow(verdict, options)
        yield result.outcome === 'notFiled' ? { ...result, detail: stopped } : result
      }
      continue
    }
    const results: RowResult[] = []
    for await (const result of inOrder(asAsync(rows), options.concurrency ?? 4, (verdict) => advanceRow(verdict, advance))) results.push(result)
    if (!await settle(rows, results, options)) stopped = options.signal?.aborted === true ? 'interrupted' : 'amsBusy'
    yield* results
  }
}

/**
 * Waits until every row has ended: proven, or stopped for a reason. Passes over the plan, not over memory.
 *
 * @param plan - opens the plan
 * @param within - milliseconds
 * @returns whether all ended
 * @example
 * ```ts
 * const { plan, run } = await openList()
 * await all(executeList(plan(), run))
 * await untilEnded(plan, 5_000, run) // true
 * ```
 */
export async function untilEnded(
  plan: () => AsyncIterable<RowVerdict>, within: number,
  options: Pick<ExecuteOptions, 'desk' | 'sha256' | 'wait' | 'now' | 'lookEvery' | 'signal'> & { readonly onProgress?: (ended: number, rows: number) => void },
): Promise<boolean> {
  const end = options.now() + within
  // Rows in front of this one have ended: they are not looked at again.
  let from = 0
  for (;;) {
    const began = options.now()
    let rows = 0
    let ended = 0
    let first: number | undefined
    for await (const verdict of plan()) {
      rows += 1
      if (rows <= from || hasEnded(await lookAtRow(verdict, options))) ended += 1
      else first ??= rows
    }
    options.onProgress?.(ended, rows)
    if (first === undefined) return true
    from = first - 1
    if (options.now() >= end || options.signal?.aborted === true) return false
    // Over a long list a pass is work that the desk is kept from: a fifth of the time at most.
    await options.wait(Math.max(options.lookEvery ?? 1_000, 4 * (options.now() - began)))
  }
}

/** Waits until AMS has taken what was approved. Rows with a later effective date are not waited for. */
async function settle(rows: readonly RowVerdict[], results: readonly RowResult[], options: ExecuteOptions): Promise<boolean> {
  const end = options.now() + (options.settleWithin ?? 600_000)
  for (const [index, verdict] of rows.entries()) {
    if (results[index]?.requestId === undefined) continue
    // All must have been taken: so only the first that has not is asked again, not every one behind it.
    while (await isOnItsWay(verdict, options)) {
      if (options.now() >= end || options.signal?.aborted === true) return false
      await options.wait(options.lookEvery ?? 1_000)
    }
  }
  return true
}

async function isOnItsWay(verdict: RowVerdict, options: ExecuteOptions): Promise<boolean> {
  const view = await findRow(verdict, options)
  if (view === undefined) return false
  const { state } = view
  if (state.status === 'approved') return state.effectiveDate === undefined
  // By hand there is nothing to wait for: the worklist shows what is to be entered.
  return state.status === 'executing' && state.ams.write?.unknown !== true
}

/** Spaces filings evenly. */
function createPacer({ perMinute, now, wait }: ExecuteOptions): () => Promise<void> {
  if (perMinute === undefined) return async () => {}
  if (!(perMinute > 0)) throw new TypeError('perMinute: number above 0 expected')
  let next = now()
  return async () => {
    const turn = Math.max(next, now())
    next = turn + 60_000 / perMinute
    if (turn > now()) await wait(turn - now())
  }
}

async function* chunksOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let chunk: Item[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

async function* asAsync<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}
