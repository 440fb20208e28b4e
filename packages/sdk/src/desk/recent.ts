import type { StoredCase, TenantScope } from '../store/index.js'
import { statuses } from '../workflow/index.js'

/** Cases at work here, to decide on without reading them again. */
export interface Recent {
  recall(scope: TenantScope, caseId: string): StoredCase | undefined
  keep(stored: StoredCase): void
  forget(caseId: string): void
}

/**
 * Keeps the cases last read or written by this process. None of them is the truth: an append compares version and head, and whatever was
 * decided on a case that has moved on is decided again. Few are kept, and none that is over: only what is over may be erased or archived
 * behind the desk's back, and personal values stay in memory no longer than they are worked on.
 */
export function createRecent(most = 128): Recent {
  /** As text: a copy nobody else holds, exactly as a database would give it back. */
  const cases = new Map<string, { readonly opd: string; readonly text: string }>()
  return {
    recall(scope, caseId) {
      const known = cases.get(caseId)
      return known !== undefined && (scope === 'all' || scope.opds.includes(known.opd)) ? JSON.parse(known.text) as StoredCase : undefined
    },
    keep(stored) {
      const { id, status, parties } = stored.state
      cases.delete(id)
      if (statuses[status].final) return
      cases.set(id, { opd: parties.opdOrigin, text: JSON.stringify(stored) })
      for (const oldest of cases.keys()) {
        if (cases.size <= most) break
        cases.delete(oldest)
      }
    },
    forget(caseId) {
      cases.delete(caseId)
    },
  }
}
