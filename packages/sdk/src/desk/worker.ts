import { CabutError } from '../errors.js'
import type { ClaimedEffect } from '../store/index.js'
import { backoff, type EffectEnd } from './effect-end.js'
import { runEffect } from './effects.js'
import { plus, type Office } from './office.js'

/** Runs effects: all that are due on request, and by itself until stopped. */
export interface Worker {
  runDue(): Promise<number>
  /** Something was appended: look again now. */
  wake(): void
  stop(): Promise<void>
}

/** Longest the worker sleeps without looking: another process may have asked for an effect. Milliseconds. */
const longestSleep = 15_000
/** Failures in a row that nobody foresaw, before an effect is put aside for a person. What a handler foresees (AMS away, nothing published yet) never is one. */
const poisonAfter = 12

export function createWorker(office: Office, concurrency: number, automatic: boolean): Worker {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  let running: Promise<number> | undefined
  let wanted = false
  /** Failures in a row by effect. A restarted worker tries afresh. */
  const failures = new Map<string, number>()

  async function run(effect: ClaimedEffect): Promise<void> {
    const key = `${effect.caseId} ${effect.kind}`
    let result: EffectEnd
    try {
      result = await runEffect(office, effect)
      failures.delete(key)
    } catch (error) {
      const note = error instanceof Error ? `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}` : 'unknown failure'
      // A store without room, or away, is nobody's poison: the effect waits for it as long as it takes.
      const outage = error instanceof CabutError && error.code === 'storeUnavailable'
      const count = outage ? Math.min(effect.attempt, poisonAfter - 1) : (failures.get(key) ?? 0) + 1
      if (!outage) failures.set(key, count)
      result = count >= poisonAfter ? { park: note } : { again: backoff(office, count), note }
      if (count >= poisonAfter) failures.delete(key)
    }
    if (result === 'done') await office.store.finish(effect)
    else if ('wait' in result) await office.store.wait(effect, result.wait, result.note)
    else if ('park' in result) await office.store.park(effect, result.park)
    else await office.store.retry(effect, result.again, result.note)
  }

  /**
   * As many at a time as told, and no more are claimed than can begin at once: whoever is busy leaves the rest to other workers. Places that came free
   * are filled by halves, so that one slow answer keeps nobody waiting and a claim is worth its way to the database.
   */
  async function drain(): Promise<number> {
    let count = 0
    const running = new Set<Promise<void>>()
    let failure: { readonly error: unknown } | undefined
    const begin = (effect: ClaimedEffect): void => {
      const one: Promise<void> = run(effect).catch((error: unknown) => { failure ??= { error } }).finally(() => { running.delete(one) })
      running.add(one)
    }
    try {
      while (!stopped && failure === undefined) {
        const now = office.now()
        const claimed = await office.store.claim(now, plus(now, office.pace.lease), concurrency - running.size)
        claimed.forEach(begin)
        count += claimed.length
        if (claimed.length === 0 && running.size === 0) break
        const enough = claimed.length === 0 ? running.size - 1 : concurrency >> 1
        while (running.size > enough) await Promise.race(running)
      }
    } finally {
      await Promise.all(running)
    }
    if (failure !== undefined) throw failure.error
    return count
  }

  /** One drain at a time; a call during one waits for it and drains again. */
  async function runDue(): Promise<number> {
    if (running !== undefined) await running.catch(() => 0)
    running = drain().finally(() => { running = undefined })
    return running
  }

  async function cycle(): Promise<void> {
    timer = undefined
    wanted = false
    try {
      await runDue()
    } catch {
      // The store is away; it is asked again after the longest sleep.
    }
    if (stopped || !automatic) return
    const next = await office.store.nextEffectAt().catch(() => undefined)
    const pause = next === undefined ? longestSleep : Math.max(0, Math.min(longestSleep, Date.parse(next) - Date.parse(office.now())))
    sleep(wanted ? 0 : pause, next === undefined)
  }

  function sleep(pause: number, idle: boolean): void {
    if (stopped || timer !== undefined) return
    timer = setTimeout(() => void cycle(), pause)
    // A desk with nothing to do does not keep a program alive.
    if (idle && typeof timer === 'object') timer.unref()
  }

  return {
    runDue,
    wake() {
      if (!automatic || stopped) return
      wanted = true
      if (running !== undefined) return
      if (timer !== undefined) clearTimeout(timer)
      timer = undefined
      sleep(0, false)
    },
    async stop() {
      stopped = true
      if (timer !== undefined) clearTimeout(timer)
      timer = undefined
      await running?.catch(() => 0)
    },
  }
}
