import { digest, toHex } from '@cabut/pki/crypto'

/** Names of the files every receipt has. */
export const RECEIPT = 'receipt.json'
export const MANIFEST = 'MANIFEST'
export const GUIDE = 'VERIFY.md'
export const HISTORY = 'history.jsonl'
export const CERTIFICATE = 'certificate.pem'
/** All between issuer and root in one file, where there are several: OpenSSL takes one. */
export const INTERMEDIATES = 'chain/intermediates.pem'
/** Tied to the case by a salted commitment in the public form. */
export const LETTERS_FIELD = 'letters'

/** Bounds for what is read from outside. */
export const receiptLimits: { readonly files: number; readonly bytes: number } = { files: 200, bytes: 256 * 1024 * 1024 }

/** Files of a receipt by path. */
export type ReceiptFiles = ReadonlyMap<string, Uint8Array>

/** Relative, plain, no dot segments: a path that is the same file on every system. */
export function isPlainPath(path: string): boolean {
  return path.length <= 200 && /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*){0,4}$/.test(path) && !/(?:^|\/)[^/]*\.(?:\/|$)/.test(path)
}

/** Lower-case hex SHA-256. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return toHex(await digest('SHA-256', bytes))
}

/**
 * The manifest of all files but itself: `<sha256>  <path>` lines sorted by path, as `sha256sum -c MANIFEST` reads them.
 * It is a function of the files, so any change to it shows too.
 */
export async function writeManifest(files: ReceiptFiles): Promise<string> {
  const lines: string[] = []
  for (const path of [...files.keys()].filter((each) => each !== MANIFEST).sort()) lines.push(`${await sha256Hex(files.get(path)!)}  ${path}\n`)
  return lines.join('')
}

/** Digests by path; `undefined` when the text is not exactly in the form that {@link writeManifest} gives. */
export function readManifest(text: string): ReadonlyMap<string, string> | undefined {
  if (!text.endsWith('\n')) return undefined
  const digests = new Map<string, string>()
  let before = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const match = /^([0-9a-f]{64}) {2}(\S{1,200})$/.exec(line)
    const [, sha256, path] = match ?? []
    if (sha256 === undefined || path === undefined || path <= before || path === MANIFEST || !isPlainPath(path)) return undefined
    digests.set(path, sha256)
    before = path
  }
  return digests
}

/** PEM text (RFC 7468) of DER bytes. */
export function pem(label: string, der: Uint8Array): string {
  let binary = ''
  for (const octet of der) binary += String.fromCharCode(octet)
  const lines = btoa(binary).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Strict UTF-8, or `undefined`. A byte order mark stays a character. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
