import type { PrivacyOptions } from '@cabut/postgres'
import { InputError, readInput } from './input.js'

/** Options of every command that opens personal values kept sealed. */
export const privacyOptions = [
  { flags: '--key-file <file>', text: { id: 'berkas kunci enkripsi data pribadi (atau CABUT_PRIVACY_KEY_FILE)', en: 'file of the key for personal data (or CABUT_PRIVACY_KEY_FILE)' } },
  { flags: '--keys <folder>', text: { id: 'direktori kunci perorangan (atau CABUT_PRIVACY_KEYS; bawaan: basis data)', en: 'directory of the keys of subjects (or CABUT_PRIVACY_KEYS; default: the database)' } },
] as const

/**
 * The office's key over personal values, where it seals them: from the command line, or from a file named by `CABUT_PRIVACY_KEY_FILE` (64 hexadecimal
 * digits or base64; former keys may follow, one a line), never from the desk's directory or database. The keys of subjects lie in the database, or in
 * the directory `CABUT_PRIVACY_KEYS`. `undefined`: personal values are not kept sealed.
 */
export async function privacyFrom(options: Readonly<Record<string, unknown>> = {}): Promise<PrivacyOptions | undefined> {
  const file = options['keyFile'] ?? process.env['CABUT_PRIVACY_KEY_FILE']
  if (typeof file !== 'string' || file === '') return undefined
  const [present, ...former] = new TextDecoder().decode(await readInput(file)).split(/\s+/).filter((line) => line !== '')
  if (present === undefined) throw new InputError({ id: `${file}: tidak ada kunci di dalamnya`, en: `${file}: holds no key` })
  const { keysInDirectory, readKeyEncryptionKey } = await import('@cabut/postgres')
  const folder = options['keys'] ?? process.env['CABUT_PRIVACY_KEYS']
  return {
    key: [readKeyEncryptionKey(present), ...former.map(readKeyEncryptionKey)],
    ...(typeof folder === 'string' && folder !== '' ? { keys: keysInDirectory(folder) } : {}),
  }
}
