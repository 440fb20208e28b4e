import { CabutError } from '@cabut/sdk'
import type { Database } from '../database.js'

/** Deadlock, serialization failure, lock not available: rolled back whole, may simply be repeated. */
const repeatable: ReadonlySet<string> = new Set(['40001', '40P01', '55P03'])

/**
 * Calls again what the database rolled back, or what a lost connection cut off. `onLost` hears that an attempt may have been carried out
 * all the same: whoever cannot stand a repetition must look.
 *
 * @throws CabutError `storeUnavailable` when the database stays away
 */
export async function steadily<T>(database: Database, attempts: number, call: () => Promise<T>, onLost?: () => void): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const code = (error as { code?: unknown }).code
      const lost = database.lost(error)
      if (lost) onLost?.()
      // SQLSTATE class 53: no room on the disk, no memory, too many connections. Rolled back whole; a repetition in the same second would not help.
      if (typeof code === 'string' && code.startsWith('53')) throw new CabutError('storeUnavailable', { detail: `the database has no resources left (${code})`, cause: error })
      if (!lost && !(typeof code === 'string' && repeatable.has(code))) throw error
      if (attempt >= attempts) throw new CabutError('storeUnavailable', { detail: lost ? 'the connection was lost' : 'the database kept refusing', cause: error })
      await new Promise(resolve => setTimeout(resolve, lost ? 50 * 2 ** attempt : 5 * attempt))
    }
  }
}
