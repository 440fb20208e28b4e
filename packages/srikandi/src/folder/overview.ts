import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CabutError } from '@cabut/sdk'
import { isObject } from '../row/field.js'
import { isSafeName } from './name.js'
import { readExport } from './read-export.js'

/** What lies in the folder of a transport, for people. Numbers of letters are shown, names of persons are not. */
export interface FolderOverview {
  readonly inbox: readonly { readonly name: string; readonly letters: number; readonly nomor?: string; readonly code?: string }[]
  /** Files that are no letter by themselves. */
  readonly unattended: readonly string[]
  /** Letters somebody is at work on. */
  readonly claimed: number
  readonly done: number
  readonly rejected: readonly { readonly name: string; readonly code: string; readonly id: string; readonly en: string; readonly at?: string }[]
  /** Answers and dispositions for a person to carry into Srikandi. */
  readonly outbox: readonly string[]
  readonly sent: number
}

/**
 * Looks at a folder of letters without taking anything. A row that cannot be read is listed with its error code.
 *
 * @throws {@link CabutError} `letterNameUnsafe` when the folder, or a place below it, is not there
 * @example
 * ```ts
 * const { inbox, claimed, outbox } = await overviewFolder(await openFolder())
 * inbox // [{ name: 'surat.json', letters: 1, nomor: '000.8.3.3/15/DINDIK' }]
 * claimed // 0
 * outbox // []
 * ```
 */
export async function overviewFolder(folder: string): Promise<FolderOverview> {
  const names = async (place: string): Promise<readonly string[]> => {
    try {
      return (await readdir(join(folder, place))).filter((name) => !name.startsWith('.')).sort()
    } catch (error) {
      throw new CabutError('letterNameUnsafe', { at: place, detail: 'not a folder of letters', cause: error })
    }
  }
  const all = await names('inbox')
  const rows = all.filter((name) => /\.(?:json|csv)$/i.test(name))
  const stems = new Set(rows.map((name) => name.replace(/\.[^.]+$/, '')))
  return {
    inbox: await Promise.all(rows.map((name) => describeRow(join(folder, 'inbox'), name))),
    unattended: all.filter((name) => !rows.includes(name) && !stems.has(name.replace(/\.[^.]+$/, ''))),
    claimed: (await names('claimed')).length, done: (await names('done')).length,
    rejected: await Promise.all((await names('rejected')).map((name) => describeReason(join(folder, 'rejected', name), name))),
    outbox: await names('outbox'), sent: (await names('sent')).length,
  }
}

async function describeRow(inbox: string, name: string): Promise<FolderOverview['inbox'][number]> {
  if (!isSafeName(name)) return { name, letters: 0, code: 'letterNameUnsafe' }
  try {
    const { rows } = readExport(await bounded(join(inbox, name)), name)
    const [first] = rows
    const nomor = isObject(first) ? first['nomor'] : undefined
    return { name, letters: rows.length, ...(rows.length === 1 && typeof nomor === 'string' ? { nomor: nomor.slice(0, 100) } : {}) }
  } catch (error) {
    return { name, letters: 0, code: error instanceof CabutError ? error.code : 'letterRowUnreadable' }
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

async function describeReason(folder: string, name: string): Promise<FolderOverview['rejected'][number]> {
  try {
    const value = JSON.parse(new TextDecoder().decode(await bounded(join(folder, 'alasan.json')))) as { code?: unknown; title?: { id?: unknown; en?: unknown }; at?: unknown }
    // `at` is a place; the moment of the rejection stands there too when the error named none.
    const place = typeof value.at === 'string' && !/^\d{4}-\d{2}-\d{2}T/.test(value.at) ? { at: value.at } : {}
    return { name, code: text(value.code), id: text(value.title?.id), en: text(value.title?.en), ...place }
  } catch {
    return { name, code: '', id: '', en: '' }
  }
}

async function bounded(path: string): Promise<Uint8Array> {
  if ((await stat(path)).size > 16 * 1024 * 1024) throw new CabutError('letterRowUnreadable', { detail: 'too large' })
  return readFile(path)
}
