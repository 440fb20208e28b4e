import { readFile, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { PkiError, readCertificate, readCrl, type Certificate } from '@cabut/pki'
import type { Text } from './language.js'
import { pkiErrorWords } from './wording/pki-errors.js'
import { systemErrorWords } from './wording/system-errors.js'

/** A mistake on the command line or in a file it names: exits with code 2. */
export class InputError extends Error {
  readonly text: Text

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options)
    this.name = 'InputError'
    this.text = text
  }
}

/** Largest file a command reads whole, in bytes (512 MiB: a CRL of ten million entries). */
export const largestFile: number = 512 * 1024 * 1024

/** Reads a file named on the command line, bounded by {@link largestFile}. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > largestFile) throw new InputError({ id: `${path}: berkas terlalu besar (${size} bita)`, en: `${path}: the file is too large (${size} bytes)` })
    return await readFile(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(unreadable(path, error), { cause: error })
  }
}

/** Reads a file by a parser of pki; what it refuses is told with the file's name. */
export async function parseInput<Parsed>(path: string, parse: (bytes: Uint8Array) => Parsed | Promise<Parsed>): Promise<Parsed> {
  const bytes = await readInput(path)
  try {
    return await parse(bytes)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    const { id, en } = startsWith(bytes, '<') ? page : pkiErrorWords(error)
    throw new InputError({ id: `${path}: ${id} [${error.code}]`, en: `${path}: ${en} [${error.code}]` }, { cause: error })
  }
}

const page: Text = { id: 'ini halaman web (HTML), bukan berkas yang diminta; mungkin server menolak mengirimnya', en: 'this is a web page (HTML), not the file that was wanted; perhaps the server refused it' }

/** Reads a CRL or OCSP answer fetched by hand. A web page or a letter in its place is told at once, by its name. */
export async function readEvidence(path: string): Promise<Uint8Array> {
  const bytes = await readInput(path)
  if (bytes.length === 0) throw new InputError({ id: `${path}: kosong`, en: `${path}: empty` })
  if (startsWith(bytes, '<')) throw new InputError({ id: `${path}: ${page.id}`, en: `${path}: ${page.en}` })
  if (bytes[0] !== 0x30 && !startsWith(bytes, '-----BEGIN ')) throw new InputError({ id: `${path}: bukan CRL maupun jawaban OCSP (DER atau PEM)`, en: `${path}: neither a CRL nor an OCSP answer (DER or PEM)` })
  return bytes
}

/** Why a file or folder cannot be read, as far as the system tells. */
function unreadable(path: string, error: unknown): Text {
  const why = systemErrorWords({ code: (error as NodeJS.ErrnoException | null)?.code })
  return { id: `${path}: tidak dapat dibaca${why === undefined ? '' : `: ${why.id}`}`, en: `${path}: cannot be read${why === undefined ? '' : `: ${why.en}`}` }
}

/** What people hand in where a certificate is wanted (RFC 7468 labels), and what to say to it. */
const otherThings = [
  [/PRIVATE KEY$/, {
    id: 'ini kunci privat, bukan sertifikat. Kunci privat tidak pernah diperlukan di sini; jangan diserahkan kepada siapa pun',
    en: 'this is a private key, not a certificate. No private key is ever needed here; hand it to nobody',
  }],
  [/CERTIFICATE REQUEST$/, { id: 'ini permohonan sertifikat (CSR), belum sertifikat', en: 'this is a certificate request (CSR), not a certificate yet' }],
  [/^X509 CRL$/, { id: 'ini CRL, bukan sertifikat; lihat `cabut crl inspect`', en: 'this is a CRL, not a certificate; see `cabut crl inspect`' }],
  [/^PUBLIC KEY$/, { id: 'ini kunci publik saja, bukan sertifikat', en: 'this is a mere public key, not a certificate' }],
  [/^(?:PKCS7|CMS)$/, { id: 'ini PKCS#7; ambil sertifikatnya dahulu: `openssl pkcs7 -print_certs`', en: 'this is PKCS#7; take the certificates out first: `openssl pkcs7 -print_certs`' }],
] as const satisfies readonly (readonly [RegExp, Text])[]

/** Certificates of a PEM bundle, or the one of a DER file. Every mistake names the file. */
export async function readCertificateFiles(path: string): Promise<readonly Certificate[]> {
  const bytes = await readInput(path)
  const wrong = (text: Text, cause?: unknown): InputError =>
    new InputError({ id: `${path}: ${text.id}`, en: `${path}: ${text.en}` }, cause === undefined ? undefined : { cause })
  if (bytes.length === 0) throw wrong({ id: 'kosong', en: 'empty' })
  const blocks = pemBlocks(bytes)
  const certificates = blocks.filter(({ label }) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)).map(({ text }) => text)
  if (certificates.length === 0) {
    for (const { label } of blocks) for (const [form, text] of otherThings) if (form.test(label)) throw wrong(text)
    if (startsWith(bytes, '%PDF-')) throw wrong({ id: 'ini surat PDF, bukan sertifikat; lihat `cabut letter inspect`', en: 'this is a PDF letter, not a certificate; see `cabut letter inspect`' })
  }
  return (certificates.length === 0 ? [bytes] : certificates).map((one) => {
    try {
      return readCertificate(one)
    } catch (error) {
      if (!(error instanceof PkiError)) throw wrong({ id: `bukan sertifikat yang dapat dibaca (${String(error)})`, en: `not a certificate that can be read (${String(error)})` }, error)
      if (isCrl(bytes)) throw wrong(otherThings[2][1], error)
      const { id, en } = pkiErrorWords(error)
      throw wrong({ id: `bukan sertifikat PEM atau DER yang dapat dibaca: ${id} [${error.code}]`, en: `not a certificate that can be read, neither PEM nor DER: ${en} [${error.code}]` }, error)
    }
  })
}

/** The blocks of PEM text (RFC 7468), in one pass; text outside of blocks is left alone. */
function pemBlocks(bytes: Uint8Array): readonly { readonly label: string; readonly text: string }[] {
  const text = new TextDecoder('latin1').decode(bytes)
  const blocks: { label: string; text: string }[] = []
  const begin = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g
  let at = -1
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    const label = found[1] ?? ''
    const end = `-----END ${label}-----`
    if (at < begin.lastIndex) at = text.indexOf('-----END ', begin.lastIndex)
    if (at < 0) break
    if (!text.startsWith(end, at)) continue
    blocks.push({ label, text: text.slice(found.index, at + end.length) })
    begin.lastIndex = at + end.length
  }
  return blocks
}

function isCrl(bytes: Uint8Array): boolean {
  try {
    readCrl(bytes)
    return true
  } catch {
    return false
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, text.length)) === text
}

/** Reads certificates from PEM bundles or DER files. */
export async function readCertificates(paths: readonly string[]): Promise<readonly Certificate[]> {
  return (await Promise.all(paths.map(readCertificateFiles))).flat()
}

/** All files below a folder, by their path relative to it with forward slashes; symbolic links are refused. Together bounded by {@link largestFile}. */
export async function readFolder(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    throw new InputError(unreadable(folder, error), { cause: error })
  })
  let total = 0
  for (const entry of entries) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    if (!entry.isFile()) throw new InputError({ id: `${name}: bukan berkas biasa`, en: `${name}: not a regular file` })
    total += (await stat(path)).size
    if (total > largestFile) throw new InputError({ id: `${folder}: isi folder terlalu besar`, en: `${folder}: the folder holds too much` })
    files.set(name, await readInput(path))
  }
  return files
}

/** An instant given on the command line: ISO 8601 with an offset or `Z`. */
export function readInstant(text: string): Date {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/
  const instant = new Date(text)
  if (!form.test(text) || Number.isNaN(instant.getTime())) {
    throw new InputError({ id: `"${text}" bukan waktu (contoh: 2026-11-20T10:30:00+07:00)`, en: `"${text}" is not a time (for example 2026-11-20T10:30:00+07:00)` })
  }
  return instant
}
