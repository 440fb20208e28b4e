import type { StoredCase, TenantScope } from '../store/index.js'
import { statuses } from '../workflow/index.js'

/** Cases at work here, to decide on without reading them again. */
export interface Recent {
  recall(scope: TenantScope, caseId: string): StoredCase | undefined
  keep(stored: StoredCase): void
  /** Whether this process itself has met or made a later state of the case than the one it recalled. */
  hasMoved(recalled: StoredCase): boolean
  /** What was recalled is out of date. */
  forget(recalled: StoredCase): void
}

/**
 * Keeps the cases last read or written by this process. None of them is the truth: an append compares version and head, and whatever was
 * decided on a case that has moved on is decided again. Few are kept, and none that is over: only what is over may be erased or archived
 * behind the desk's back, and personal values stay in memory no longer than they are worked on.
 */
export function createRecent(most = 128): Recent {
  /** As text: a copy nobody else holds, exactly as a database would give it back. Of a case that is over, its head alone. */
  const cases = new Map<string, { readonly digest: string; readonly opd: string; readonly text: string | undefined }>()
  return {
    recall(scope, caseId) {
      const known = cases.get(caseId)
      return known?.text !== undefined && (scope === 'all' || scope.opds.includes(known.opd)) ? JSON.parse(known.text) as StoredCase : undefined
    },
    keep(stored) {
      const { head: { digest }, state: { id, status, parties } } = stored
      cases.delete(id)
      cases.set(id, { digest, opd: parties.opdOrigin, text: statuses[status].final ? undefined : JSON.stringify(stored) })
      for (const oldest of cases.keys()) {
        if (cases.size <= most) break
        cases.delete(oldest)
      }
    },
    hasMoved({ state: { id }, head: { digest } }) {
      const known = cases.get(id)
      return known !== undefined && known.digest !== digest
    },
    forget(recalled) {
      if (!this.hasMoved(recalled)) cases.delete(recalled.state.id)
    },
  }
}
