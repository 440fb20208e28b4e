import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { CabutError } from '@cabut/sdk'

/** The office's key-encryption key: given by configuration, kept by the office, never stored in a database. */
export interface KeyEncryptionKey {
  /** Names the key without telling it: 16 hexadecimal digits. */
  readonly id: string
  wrap(key: Uint8Array, about: string): Uint8Array
  /** @throws when it was wrapped by another key, for another purpose, or changed */
  unwrap(wrapped: Uint8Array, about: string): Uint8Array
}

/** Size of every key here, octets: AES-256. */
export const keyBytes = 32

/**
 * Reads a key-encryption key: 32 octets as 64 hexadecimal digits or as base64, such as `openssl rand -hex 32` prints.
 *
 * @throws CabutError `privacyKeyInvalid`: another form or length, or all octets the same
 * @example
 * ```ts
 * readKeyEncryptionKey('0123456789abcdef'.repeat(4)).id // '7db03a883c4865c3'
 * readKeyEncryptionKey('rahasia') // throws privacyKeyInvalid
 * ```
 */
export function readKeyEncryptionKey(text: string): KeyEncryptionKey {
  const trimmed = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : Buffer.alloc(0)
  if (bytes.length !== keyBytes || bytes.every(byte => byte === bytes[0])) throw new CabutError('privacyKeyInvalid', { detail: 'expected 32 octets in hex or base64' })
  // Purposes apart: what names the key is not made with the bytes that encrypt.
  const part = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', bytes, 'cabut', purpose, keyBytes))
  const wrapping = part('wrap')
  const id = createHmac('sha256', part('id')).update('id').digest('hex').slice(0, 16)
  return {
    id,
    wrap: (key, about) => encrypt(wrapping, key, about),
    unwrap: (wrapped, about) => decrypt(wrapping, wrapped, about),
  }
}

/** AES-256-GCM (NIST SP 800-38D), a random nonce of 96 bits before, the tag behind. `about` is authenticated along: a value moved elsewhere does not open. */
export function encrypt(key: Uint8Array, data: Uint8Array | string, about: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(about))
  const body = typeof data === 'string' ? cipher.update(data, 'utf8') : cipher.update(data)
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()])
}

/** @throws when the key is another, or anything was changed */
export function decrypt(key: Uint8Array, sealed: Uint8Array, about: string): Buffer {
  const end = sealed.length - 16
  if (end < 12) throw new TypeError('too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(about))
  decipher.setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(12, end)), decipher.final()])
}
