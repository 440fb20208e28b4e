import { PkiError } from '../errors.js'

const sextets = /* @__PURE__ */ base64Table()

function base64Table(): Int8Array {
  const table = new Int8Array(128).fill(-1)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  for (let i = 0; i < 64; i++) table[alphabet.charCodeAt(i)] = i
  for (const space of [0x20, 0x09, 0x0a, 0x0d]) table[space] = -2
  return table
}

/**
 * Reads every PEM block with this label (RFC 7468), in order. Text around the blocks, such as comments, is ignored; blocks of other labels too; none at all gives an empty list.
 * Throws {@link PkiError}: `pemMalformed` with the text's offset for a block that does not end or holds no canonical base64.
 *
 * @example
 * ```ts
 * readPem(`Laras Kinanti\n${pem}${rootPem}`, 'CERTIFICATE').length // 2
 * readPem(pem, 'X509 CRL') // []
 * readPem(pem.slice(0, 200), 'CERTIFICATE') // throws pemMalformed
 * ```
 */
export function readPem(text: string, label: string): Uint8Array[] {
  const begin = `-----BEGIN ${label}-----`
  const finish = `-----END ${label}-----`
  const blocks: Uint8Array[] = []
  for (let at = text.indexOf(begin); at !== -1; at = text.indexOf(begin, at)) {
    const from = at + begin.length
    const to = text.indexOf(finish, from)
    if (to === -1) throw new PkiError('pemMalformed', at)
    blocks.push(decodeBase64(text, from, to))
    at = to + finish.length
  }
  return blocks
}

/**
 * One object that comes as DER bytes, as PEM text (RFC 7468), or as the bytes of a PEM file. Of several PEM blocks the first is taken; blocks of `alternativeLabel` count when `label` has none.
 * Bytes that start with a SEQUENCE tag are DER; they, and bytes without a PEM block, are returned as they are.
 * Throws {@link PkiError}: `pemMalformed` for text without a block of these labels, and as {@link readPem}.
 *
 * @example
 * ```ts
 * equalBytes(readPemOrDer(pem, 'CERTIFICATE'), certificate.der) // true
 * readPemOrDer(certificate.der, 'CERTIFICATE') === certificate.der // true
 * readPemOrDer(pem, 'X509 CRL') // throws pemMalformed
 * ```
 */
export function readPemOrDer(input: Uint8Array | string, label: string, alternativeLabel?: string): Uint8Array {
  if (typeof input !== 'string') {
    if (input.length === 0 || input[0] === 0x30) return input
    const text = asciiText(input)
    if (!text.includes('-----BEGIN ')) return input
    return readPemOrDer(text, label, alternativeLabel)
  }
  const [block] = readPem(input, label)
  if (block !== undefined) return block
  const [other] = alternativeLabel === undefined ? [] : readPem(input, alternativeLabel)
  if (other !== undefined) return other
  throw new PkiError('pemMalformed', 0)
}

/** Bytes as text, when they may be a PEM file: comments in it may be in any encoding. */
function asciiText(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return parts.join('')
}

/** Base64 with white space between, padded and canonical (RFC 4648 section 3.5). */
function decodeBase64(text: string, from: number, to: number): Uint8Array {
  const out = new Uint8Array(Math.floor(((to - from) * 3) / 4) + 3)
  let size = 0
  let bits = 0
  let held = 0
  let at = from
  for (; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3d) break
    const sextet = code < 128 ? sextets[code]! : -1
    if (sextet === -2) continue
    if (sextet < 0) throw new PkiError('pemMalformed', at)
    bits = ((bits << 6) | sextet) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      out[size++] = (bits >> held) & 0xff
    }
  }
  let padding = 0
  for (; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3d) padding++
    else if (code >= 128 || sextets[code] !== -2) throw new PkiError('pemMalformed', at)
  }
  const expected = held === 0 ? 0 : held === 4 ? 2 : held === 2 ? 1 : -1
  if (padding !== expected || (bits & ((1 << held) - 1)) !== 0) throw new PkiError('pemMalformed', at)
  return out.slice(0, size)
}
