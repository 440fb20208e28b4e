import type { Text } from '../language.js'

const words: Readonly<Record<string, Text>> = {
  ENOENT: { id: `tidak ada; periksa namanya (folder kerja: ${process.cwd()})`, en: `there is no such file or folder; check the name (working folder: ${process.cwd()})` },
  EISDIR: { id: 'ini folder; sebutkan berkas di dalamnya', en: 'this is a folder; name a file in it' },
  ENOTDIR: { id: 'sebagian jalurnya berkas, bukan folder', en: 'a part of the path is a file, not a folder' },
  EEXIST: { id: 'sudah ada, dan bukan folder', en: 'exists already, and is no folder' },
  EACCES: { id: 'tidak ada izin', en: 'there is no permission' },
  EPERM: { id: 'tidak diizinkan sistem', en: 'the system does not permit it' },
  EROFS: { id: 'disk ini hanya dapat dibaca', en: 'this disk can only be read' },
  ENOSPC: { id: 'disk penuh', en: 'the disk is full' },
  EADDRINUSE: { id: 'porta sudah dipakai program lain; pilih yang lain dengan --port', en: 'another program uses this port; choose another with --port' },
}

/** What the system says of a file, folder or port, in words; `undefined` for another kind of error. */
export function systemErrorWords(error: unknown): Text | undefined {
  const { code, path, port } = (error ?? {}) as { readonly code?: unknown; readonly path?: unknown; readonly port?: unknown }
  const found = typeof code === 'string' && Object.hasOwn(words, code) ? words[code] : undefined
  if (found === undefined) return undefined
  const what = typeof path === 'string' ? `${path}: ` : typeof port === 'number' ? `${port}: ` : ''
  return { id: `${what}${found.id} [${String(code)}]`, en: `${what}${found.en} [${String(code)}]` }
}
