import { join } from 'node:path'
import { CabutError } from '@cabut/sdk'
import { sha256Hex } from '../letter/identity.js'
import { isObject } from '../row/field.js'
import type { Disk } from './disk.js'
import { checkName, stemOf } from './name.js'

/** PDFs above this are not hashed in search of a renamed one. */
const hashLimit = 20 * 1024 * 1024

/**
 * Finds the PDF of a row in the inbox: by the name the row gives (`berkas`), by the row's own name, or - when somebody renamed it - by the
 * SHA-256 the row gives (`hash_value`).
 *
 * @throws {@link CabutError} `letterNameUnsafe` when the row's `berkas` is not a bare file name, or the file found is a link, pipe or folder
 */
export async function findPdf(disk: Disk, inbox: string, rowName: string, row: unknown): Promise<string | undefined> {
  const given = isObject(row) ? row['berkas'] ?? row['nama_berkas'] ?? row['file'] : undefined
  const named = typeof given === 'string' && given.trim() !== '' ? checkName(given.trim(), 'berkas') : undefined
  const names = await disk.names(inbox)
  const candidates = [named, ...['.pdf', '.PDF', '.Pdf'].map((extension) => `${stemOf(rowName)}${extension}`)].filter((name) => name !== undefined)
  for (const name of candidates) {
    const found = names.find((candidate) => candidate === name || candidate.normalize('NFC') === name.normalize('NFC'))
    if (found !== undefined && found !== rowName) return plain(disk, inbox, found)
  }
  const hash = isObject(row) ? row['hash_value'] : undefined
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/i.test(hash.trim())) return undefined
  for (const name of names) {
    if (!/\.pdf$/i.test(name)) continue
    const found = await disk.kind(join(inbox, name))
    if (found?.kind !== 'file' || found.size > hashLimit) continue
    try {
      if ((await sha256Hex(await disk.read(join(inbox, name), hashLimit, 'pdf'))) === hash.trim().toLowerCase()) return name
    } catch {
      // Another process took it meanwhile.
    }
  }
  return undefined
}

async function plain(disk: Disk, inbox: string, name: string): Promise<string> {
  if ((await disk.kind(join(inbox, name)))?.kind === 'other') throw new CabutError('letterNameUnsafe', { at: 'berkas', detail: 'not a plain file' })
  return name
}
