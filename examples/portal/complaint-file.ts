import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Complaint, ComplaintStore } from '@cabut/sdk/complaint'

interface Kept { readonly complaints: Readonly<Record<string, Complaint>>; readonly books: Readonly<Record<string, number>> }

/** Complaints of one portal process in a file of their own, written whole and put in place at once: few, and alive after a restart. */
export function createComplaintFile(file: string): ComplaintStore {
  let kept: Kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Kept : { complaints: {}, books: {} }
  const keep = (next: Kept): void => {
    writeFileSync(`${file}.baru`, JSON.stringify(next), { mode: 0o600 })
    renameSync(`${file}.baru`, file)
    kept = next
  }
  const of = (id: string): Complaint | undefined => Object.hasOwn(kept.complaints, id) ? kept.complaints[id] : undefined
  return {
    load: async (id) => structuredClone(of(id)),
    async save(complaint, expectedVersion) {
      if ((of(complaint.id)?.version ?? 0) !== expectedVersion) return false
      keep({ ...kept, complaints: { ...kept.complaints, [complaint.id]: structuredClone(complaint) } })
      return true
    },
    list: async () => structuredClone(Object.values(kept.complaints).sort((a, b) => (a.filedAt < b.filedAt ? -1 : a.filedAt > b.filedAt ? 1 : a.id < b.id ? -1 : 1))),
    async nextNumber(book) {
      const number = (Object.hasOwn(kept.books, book) ? kept.books[book] ?? 0 : 0) + 1
      keep({ ...kept, books: { ...kept.books, [book]: number } })
      return number
    },
  }
}
