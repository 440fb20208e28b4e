import type { Complaint } from './complaint.js'

/**
 * Where complaints live. Asynchronous, so that a database can implement it: one {@link ComplaintStore.save} is one statement with a
 * compare-and-set on the version. What every implementation keeps is checked by `complaintStoreContract`.
 */
export interface ComplaintStore {
  /** A copy: what the caller does to it changes nothing here. */
  load(id: string): Promise<Complaint | undefined>
  /** Saves when the stored version is still `expectedVersion` (0: new); `false` otherwise, and nothing is changed. */
  save(complaint: Complaint, expectedVersion: number): Promise<boolean>
  /** Oldest first, by `filedAt`, then by id. */
  list(): Promise<readonly Complaint[]>
  /** Next number of a book, starting with 1. A crash may leave a gap, never a duplicate. */
  nextNumber(book: string): Promise<number>
}

/**
 * Complaints in memory: lost when the process ends, copied in and out.
 *
 * @example
 * ```ts
 * const store = createMemoryComplaintStore()
 * await store.save(complaint, 0) // true
 * // Somebody saved it meanwhile: nothing is changed.
 * await store.save(complaint, 0) // false
 * ```
 */
export function createMemoryComplaintStore(): ComplaintStore {
  const complaints = new Map<string, Complaint>()
  const books = new Map<string, number>()
  return {
    load: async (id) => structuredClone(complaints.get(id)),
    async save(complaint, expectedVersion) {
      if ((complaints.get(complaint.id)?.version ?? 0) !== expectedVersion) return false
      complaints.set(complaint.id, structuredClone(complaint))
      return true
    },
    list: async () => [...complaints.values()].sort((a, b) => (a.filedAt < b.filedAt ? -1 : a.filedAt > b.filedAt ? 1 : a.id < b.id ? -1 : 1)).map((one) => structuredClone(one)),
    async nextNumber(book) {
      const number = (books.get(book) ?? 0) + 1
      books.set(book, number)
      return number
    },
  }
}
