import { unzipSync, zipSync, type Zippable } from 'fflate'
import { CabutError } from '../errors.js'
import { isPlainPath, receiptLimits } from './files.js'

/**
 * A receipt as one zip file. The same files give the same bytes.
 *
 * @param files - files by path
 * @example
 * ```ts
 * const files = new Map([['VERIFY.md', new TextEncoder().encode('# Bukti pencabutan')]])
 * new TextDecoder().decode(unzipReceipt(zipReceipt(files)).get('VERIFY.md')) // '# Bukti pencabutan'
 * ```
 */
export function zipReceipt(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {}
  // fflate writes local time: a time made of local parts is the same text everywhere.
  const mtime = new Date(1980, 0, 1)
  for (const path of [...files.keys()].sort()) entries[path] = [files.get(path)!, { mtime }]
  return zipSync(entries, { level: 6 })
}

/**
 * Reads a zipped receipt. Bounded: number and names of entries, and sizes as announced, which the decompressor cannot exceed.
 *
 * @returns files by path; at most 200 of them, 256 MiB together
 * @throws {@link CabutError} `receiptInvalid`: no zip file, a path that is not plain, a name twice, too many or too large entries
 * @example
 * ```ts
 * const zip = zipReceipt(new Map([['../VERIFY.md', new Uint8Array(1)]]))
 * unzipReceipt(zip) // throws receiptInvalid
 * const files = unzipReceipt(zipReceipt(await writeReceipt(receiptInput)))
 * const { valid } = await verifyReceipt(files, { anchors: [rootPem] })
 * valid // true
 * ```
 */
export function unzipReceipt(zip: Uint8Array): Map<string, Uint8Array> {
  const bad = (detail: string): CabutError => new CabutError('receiptInvalid', { detail })
  if (zip.byteLength > receiptLimits.bytes) throw bad('the zip file is too large')
  const announced = new Map<string, number>()
  let total = 0
  let read: Record<string, Uint8Array>
  try {
    read = unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        // A folder's own entry holds nothing.
        if (name.endsWith('/') && originalSize === 0) return false
        if (!isPlainPath(name)) throw bad('an entry has a path that is not plain')
        if (announced.has(name)) throw bad('an entry is there twice')
        announced.set(name, originalSize)
        total += originalSize
        if (announced.size > receiptLimits.files || total > receiptLimits.bytes) throw bad('too many entries, or too large')
        return true
      },
    })
  } catch (error) {
    throw error instanceof CabutError ? error : new CabutError('receiptInvalid', { detail: 'not a zip file that can be read', cause: error })
  }
  const files = new Map<string, Uint8Array>()
  for (const [name, size] of announced) {
    const content = Object.hasOwn(read, name) ? read[name] : undefined
    if (content === undefined || content.byteLength !== size) throw bad('an entry is not as long as announced')
    files.set(name, content)
  }
  return files
}
