import { readCertificate, type Certificate } from '@cabut/pki/certificate'

const LIMIT = 64 * 1024

/** One element of the chain answer: PEM, or base64 of DER with or without line breaks. Anything else is refused, not guessed at. */
export function readChainElement(element: unknown): Certificate | undefined {
  if (typeof element !== 'string' || element.length === 0 || element.length > LIMIT) return undefined
  try {
    if (element.includes('-----BEGIN CERTIFICATE-----')) return readCertificate(element)
    const text = element.replace(/[\r\n\t ]+/g, '')
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
    return readCertificate(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}
