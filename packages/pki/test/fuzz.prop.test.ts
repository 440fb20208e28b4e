import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildPath, checkStatus, formatName, PkiError, readCertificate, readName, readPem } from '../src/index.js'
import { fuzzSize } from './support/fuzz.js'
import { dns, extendedKeyUsage, issue, mail, nameConstraints, policies, policyMappings, subjectAltName, uri } from './support/issue.js'
import { cpuTime } from './support/cpu-time.js'

/** The deep lane raises it. The seed is printed by fast-check when a property fails. */
const fuzz = fuzzSize('certificates and names', 4000)

const root = issue({ subject: 'CN=Root,C=ID', ca: true })
const rich = issue({
  subject: 'CN=Ratna Dewi+UID=x,O=Contoh,C=ID', issuer: root, ca: true, pathLength: 3,
  extensions: [
    extendedKeyUsage(true, '1.2.840.113583.1.1.5'), policies('1.2.3', '1.2.4'), policyMappings(['1.2.3', '1.2.5']), nameConstraints([dns('a.example')], [mail('b.example')]),
    subjectAltName(dns('x.a.example'), uri('http://x.a.example/')),
  ],
})

/** Where elements start, so that mutations hit tags, lengths and first octets of content rather than anything. */
function headers(bytes: Uint8Array): number[] {
  const found: number[] = []
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 2 <= to;) {
      found.push(at)
      const first = bytes[at + 1]!
      const count = first < 0x80 ? 0 : first & 0x7f
      let length = first < 0x80 ? first : 0
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0)
      const content = at + 2 + count
      if (content + length > to) return
      const isWrapped = (bytes[at] === 0x04 || bytes[at] === 0x03) && (bytes[content] === 0x30 || bytes[content + 1] === 0x30)
      if ((bytes[at]! & 0x20) !== 0) walk(content, content + length)
      else if (isWrapped) walk(bytes[at] === 0x03 ? content + 1 : content, content + length)
      at = content + length
    }
  }
  walk(0, bytes.length)
  return found
}

type Mutation = readonly [kind: 'octet' | 'tag' | 'length' | 'cut' | 'double' | 'drop' | 'long', where: number, value: number]
const mutation = fc.tuple(fc.constantFrom('octet', 'tag', 'length', 'cut', 'double', 'drop', 'long'), fc.nat(), fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff, 0x30, 0x31, 0x05, 0xa0, 0x1f)) as fc.Arbitrary<Mutation>

function mutate(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let out = bytes
  for (const [kind, where, value] of mutations) {
    const places = headers(out)
    const at = kind === 'octet' ? where % Math.max(1, out.length) : places[where % Math.max(1, places.length)] ?? 0
    const copy = out.slice()
    if (kind === 'octet' || kind === 'tag') copy[at] = value
    else if (kind === 'length') copy[at + 1] = value
    if (kind === 'cut') out = copy.slice(0, at)
    else if (kind === 'double') out = Uint8Array.from([...copy.slice(0, at), ...copy.slice(at, at + 40), ...copy.slice(at)])
    else if (kind === 'drop') out = Uint8Array.from([...copy.slice(0, at), ...copy.slice(at + 1)])
    else if (kind === 'long') out = Uint8Array.from([...copy.slice(0, at + 1), 0x84, value, 0xff, 0xff, 0xff, ...copy.slice(at + 2)])
    else out = copy
  }
  return out
}

/** Runs and lets only PkiError pass; at most 50 ms for inputs of this size (far above the usual 10 us). */
function contained<T>(run: () => T): T | undefined {
  const start = cpuTime()
  try {
    return run()
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    expect(error.offset === undefined || error.offset >= 0).toBe(true)
    return undefined
  } finally {
    expect(cpuTime() - start).toBeLessThan(3_000)
  }
}

describe('structure-aware mutations', () => {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 })
  it('of a certificate: a PkiError or facts, and every fact can be asked for', () => {
    fc.assert(fc.property(mutations, (list) => {
      contained(() => {
        const certificate = readCertificate(mutate(rich.der, list))
        void [certificate.serial, certificate.tbs, certificate.spki, certificate.signature, certificate.notBefore, certificate.notAfter, certificate.ocspUrls, certificate.caIssuerUrls]
        for (const form of ['rfc4514', 'rfc1779', 'openssl-oneline', 'openssl-slash'] as const) formatName(certificate.subject, { form })
        for (const name of certificate.subjectAltNames) if ('value' in name) void name.value
        for (const extension of certificate.extensions) void extension.value
      })
    }), { numRuns: fuzz.cases() })
  })

  it('of a certificate in a path: never accepted when its signed part changed', async () => {
    await fc.assert(fc.asyncProperty(mutations, async (list) => {
      const octets = mutate(rich.der, list)
      const certificate = contained(() => readCertificate(octets))
      if (certificate === undefined) return
      const result = await buildPath(certificate, { anchors: [root.certificate], intermediates: [], at: new Date('2026-06-01T00:00:00Z'), purposes: ['1.2.840.113583.1.1.5'] })
      if (result.ok) expect(Buffer.from(certificate.tbs).equals(Buffer.from(rich.certificate.tbs))).toBe(true)
    }), { numRuns: fuzz.cases(1 / 4) })
  })

  it('of a certificate in checkStatus offline: never good', async () => {
    await fc.assert(fc.asyncProperty(mutations, async (list) => {
      try {
        const verdict = await checkStatus(mutate(rich.der, list), { anchors: [root.certificate], at: new Date('2026-06-01T00:00:00Z'), fetch: false })
        expect(verdict.status).not.toBe('good')
      } catch (error) {
        if (!(error instanceof PkiError)) throw error
      }
    }), { numRuns: fuzz.cases(1 / 8) })
  })

  it('of random octets and text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      contained(() => readCertificate(octets))
      contained(() => readName(octets))
    }), { numRuns: fuzz.cases() })
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) => {
      contained(() => readPem(`-----BEGIN CERTIFICATE-----${body}-----END CERTIFICATE-----`, 'CERTIFICATE'))
      contained(() => readCertificate(body))
    }), { numRuns: fuzz.cases() })
  })
})

describe('the kept corpus', () => {
  const folder = join(import.meta.dirname, 'corpus', 'certificates')
  if (process.env['CABUT_RENEW_CORPUS'] === '1') {
    mkdirSync(folder, { recursive: true })
    // Fixed mutations of one fixed certificate: a spread of every kind.
    const kinds = ['octet', 'tag', 'length', 'cut', 'double', 'drop', 'long'] as const
    kinds.forEach((kind, i) => { for (let k = 0; k < 4; k++) writeFileSync(join(folder, `${kind}-${k}.der`), mutate(rich.der, [[kind, 7 * i + 11 * k + 3, [0x80, 0x1f, 0xff, 0x00][k]!]])) })
  }
  const files = existsSync(folder) ? readdirSync(folder) : []
  it('is there', () => expect(files.length).toBeGreaterThan(20))
  it.each(files)('%s', (file) => {
    contained(() => readCertificate(new Uint8Array(readFileSync(join(folder, file)))))
  })
})

describe('adversarial certificates', () => {
  /** A subject of many attributes, RDNs or deep nesting: 64 kB against 16 kB. */
  const shapes: readonly [string, (size: number) => Uint8Array][] = [
    ['octets that open SEQUENCEs', (size) => new Uint8Array(size).fill(0x30)],
    ['zero octets', (size) => new Uint8Array(size)],
    ['indefinite lengths', (size) => Uint8Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 0x30 : 0x80))],
    ['many empty RDNs', (size) => issueName(Array.from({ length: size / 2 }, () => [0x31, 0x00]).flat())],
    ['many RDNs', (size) => issueName(Array.from({ length: size / 12 }, () => [0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 0x61]).flat())],
    ['one RDN of many attributes', (size) => setOf(Array.from({ length: size / 10 }, () => [0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 0x61]).flat())],
  ]
  function issueName(content: readonly number[]): Uint8Array {
    return Uint8Array.from([0x30, 0x83, (content.length >> 16) & 255, (content.length >> 8) & 255, content.length & 255, ...content])
  }
  function setOf(content: readonly number[]): Uint8Array {
    return issueName([0x31, 0x83, (content.length >> 16) & 255, (content.length >> 8) & 255, content.length & 255, ...content])
  }
  it.each(shapes)('%s: no more than linear', (_, make) => {
    const time = (size: number): number => {
      const input = make(size)
      let best = Infinity
      for (let i = 0; i < 5; i++) {
        const start = cpuTime()
        contained(() => readCertificate(input))
        contained(() => readName(input))
        best = Math.min(best, cpuTime() - start)
      }
      return best
    }
    expect(time(65_536)).toBeLessThan(250 + 8 * time(16_384))
  })
})
