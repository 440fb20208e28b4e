import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeElement, encodeOid, formatName, readCertificate, Tag, type NameForm } from '../src/index.js'
import { issue, newKeys } from './support/issue.js'

/** Differential test of names against the openssl binary; the seed is printed when something differs. */
const count = Number(process.env['CABUT_NAMES'] ?? 1000)
const seed = process.env['CABUT_SEED'] === 'anew' ? Date.now() % 2 ** 31 : Number(process.env['CABUT_SEED'] ?? 20_261_123)
const openssl = ((): string | undefined => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
})()
if (openssl === undefined) console.warn('skipped: names against OpenSSL (no openssl on PATH)')

/** Mulberry32. */
function generator(state: number): (limit: number) => number {
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

const types = ['2.5.4.3', '2.5.4.4', '2.5.4.5', '2.5.4.6', '2.5.4.7', '2.5.4.8', '2.5.4.9', '2.5.4.10', '2.5.4.11', '2.5.4.12', '2.5.4.13', '2.5.4.15', '2.5.4.16', '2.5.4.17',
  '2.5.4.18', '2.5.4.19', '2.5.4.20', '2.5.4.41', '2.5.4.42', '2.5.4.43', '2.5.4.44', '2.5.4.45', '2.5.4.46', '2.5.4.51', '2.5.4.65', '2.5.4.72', '2.5.4.97', '0.9.2342.19200300.100.1.1', '0.9.2342.19200300.100.1.3',
  '0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1', '1.2.840.113549.1.9.2', '1.2.840.113549.1.9.8', '1.3.6.1.4.1.311.60.2.1.1', '1.3.6.1.4.1.311.60.2.1.2', '1.3.6.1.4.1.311.60.2.1.3', '1.2.3.4.5', '2.999.7']
const pieces = ['Ratna', ' ', '  ', ',', '+', '"', '\\', '<', '>', ';', '=', '#', '/', '\0', '\n', '\x7f', '\x1f', 'é', 'Σ', '中', '💡', '\u202e', '\u00a0', "'", '(', '&', '~', '0', '_']

function oddName(random: (limit: number) => number): Uint8Array {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!
  const value = (): Uint8Array => {
    const text = Array.from({ length: random(6) }, () => pick(pieces)).join('')
    switch (random(8)) {
      case 0: return encodeElement(Tag.printableString, new TextEncoder().encode(text.replace(/[^\x20-\x7e]/g, '')))
      case 1: return encodeElement(Tag.teletexString, Uint8Array.from(text.replace(/[^\0-\xff]/gu, ''), (c) => c.charCodeAt(0)))
      case 2: return encodeElement(Tag.bmpString, Uint8Array.from(text.replace('💡', ''), (c) => c.charCodeAt(0)).length === 0 ? new Uint8Array(0) : Uint8Array.from(Array.from(text.replace(/💡/gu, '')).flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255])))
      case 3: return encodeElement(Tag.universalString, Uint8Array.from(Array.from(text).flatMap((c) => [0, c.codePointAt(0)! >> 16, (c.codePointAt(0)! >> 8) & 255, c.codePointAt(0)! & 255])))
      case 4: return encodeElement(Tag.ia5String, new TextEncoder().encode(text.replace(/[^\0-\x7f]/gu, '')))
      case 5: return random(4) === 0 ? encodeElement(Tag.sequence, encodeElement(Tag.octetString, new TextEncoder().encode(text))) : encodeElement(Tag.utf8String, new TextEncoder().encode(text))
      default: return encodeElement(Tag.utf8String, new TextEncoder().encode(text))
    }
  }
  const rdn = (): Uint8Array => encodeElement(Tag.set, ...Array.from({ length: random(5) === 0 ? 2 : 1 }, () => encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid(pick(types))!), value())))
  return encodeElement(Tag.sequence, ...Array.from({ length: random(6) }, rdn))
}

describe.skipIf(openssl === undefined)('names as OpenSSL writes them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-names-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const random = generator(seed)
  const keys = newKeys()
  const ca = issue({ subject: 'CN=No one knows this issuer' })
  const files = Array.from({ length: count }, (_, i) => {
    const { der } = issue({ subject: '', subjectDer: oddName(random), issuer: ca, keys })
    const path = join(folder, `${i}.der`)
    writeFileSync(path, `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`)
    return { path, der }
  })

  it.each<[NameForm, string]>([['rfc2253', 'RFC2253'], ['rfc4514', 'RFC2253,-esc_msb'], ['openssl-oneline', 'oneline']])(`%s equals -nameopt %s on ${count} odd names`, (form, option) => {
    const wrong: string[] = []
    for (let from = 0; from < files.length; from += 500) {
      const batch = files.slice(from, from + 500)
      // `verify` names the subject of every certificate it refuses, many in one process: all of these lack their issuer.
      const { stderr } = spawnSync('openssl', ['verify', '-nameopt', option, '-no-CAfile', '-no-CApath', '-no-CAstore', ...batch.map((file) => file.path)], { encoding: 'utf8', maxBuffer: 1 << 28 })
      const said = stderr.split(/\nerror 20 at 0 depth lookup: [^\n]*\nerror [^\n]*: verification failed\n/)
      batch.forEach((file, i) => {
        const { subject } = readCertificate(file.der)
        // OpenSSL forgets to escape a value that is `#` alone (it takes it for a last character only); RFC 4514 2.4 demands it.
        if (subject.rdns.flat().some((attribute) => attribute.value === '#')) return
        const ours = formatName(subject, { form })
        if (ours !== said[i]) wrong.push(`${ours} | ${said[i] ?? ''}`)
      })
      expect(said.length).toBe(batch.length + 1)
    }
    expect(wrong, `seed ${seed}`).toEqual([])
  })
})
