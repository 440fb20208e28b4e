import type { PdfDocument } from './document.js'
import { isKind, type PdfValue } from './value.js'

const maxPages = 100_000

/** Object numbers of the pages, in order; kids that are no references cannot be changed by themselves. */
export function pageNumbers(document: PdfDocument, revision = 0): number[] {
  const pages: number[] = []
  const seen = new Set<number>()
  const visit = (value: PdfValue | undefined, depth: number): void => {
    if (!isKind(value, 'reference') || seen.has(value.number) || depth > 64 || pages.length >= maxPages) return
    seen.add(value.number)
    const node = document.dictionary(value, revision)
    if (node === undefined) return
    if (node.entries.has('Kids')) for (const kid of document.items(node.entries.get('Kids'), revision)) visit(kid, depth + 1)
    else pages.push(value.number)
  }
  visit(document.catalog(revision).entries.get('Pages'), 0)
  return pages
}
