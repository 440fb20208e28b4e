import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from './run.js'

const root = resolve(import.meta.dirname, '..')

describe('examples run as printed', () => {
  test.each([
    ['01-check-a-certificate', [/offline: unknown \(issuerStatusUnknown\)/, /before: good, as of /, /after: revoked \(keyCompromise\), by (crl|ocsp)/]],
    ['02-revoke-through-ams', [/revoked on .*, proven by (crl|ocsp); receipt of \d+ files, valid: true/]],
    ['03-assisted-revocation', [/Pilih cabut, bukan tangguhkan/, /proven by (crl|ocsp) without any AMS interface/]],
    ['04-explain-a-dn-mismatch', [/the same name \(RFC 5280 7\.1\)/, /differs CN: Laras Kinanti \| Laras Kinanty/, /missing O: /]],
  ])('%s', async (name, expected) => {
    const { code, output } = await run(name)
    for (const line of expected) expect(output).toMatch(line)
    expect(code, output).toBe(0)
  })
})

describe('README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')

  test('starts with eight lines of example 02 and holds all of it, verbatim', () => {
    const [first = '', whole] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1])
    const example = readFileSync(join(root, 'examples', '02-revoke-through-ams.ts'), 'utf8')
    expect(example).toContain(first)
    expect(first.trimEnd().split('\n')).toHaveLength(8)
    expect(whole).toBe(example)
  })

  test('links only to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
    expect(links.length).toBeGreaterThan(5)
    for (const link of links) expect(() => readFileSync(join(root, link)), link).not.toThrow(/ENOENT/)
  })
})
