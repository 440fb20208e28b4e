import { describe, expect, it } from 'vitest'
import {
  basicConstraints, directory, dns, extendedKeyUsage, extension, ip, issue, mail, nameConstraints, newKeys, oid, policies, policyMappings, subjectAltName, uri, type Issued, type IssueOptions,
} from '../../test/support/issue.js'
import { encodeElement } from '../der/index.js'
import { buildPath, pathRefusalCodes, validatePath, type BuildPathOptions, type PathResult } from './index.js'
import { cpuTime } from '../../test/support/cpu-time.js'

const at = new Date('2026-06-01T00:00:00Z')
const root = issue({ subject: 'CN=Root,C=ID', ca: true })
const ca = issue({ subject: 'CN=Issuing,C=ID', issuer: root, ca: true })
const leaf = issue({ subject: 'CN=Ratna Dewi,C=ID', issuer: ca })
const other = issue({ subject: 'CN=Other root,C=ID', ca: true })

const build = (end: Issued, between: readonly Issued[], options: Partial<BuildPathOptions> = {}): Promise<PathResult> =>
  buildPath(end.certificate, { anchors: [root.certificate], intermediates: between.map(({ certificate }) => certificate), at, ...options })
const outcome = async (result: Promise<PathResult>): Promise<string> => {
  const found = await result
  return found.ok ? 'ok' : `${found.refusal.code}@${found.refusal.index}${found.refusal.detail === undefined ? '' : ` ${found.refusal.detail}`}`
}
/** A chain root -> issuing (with these options) -> leaf (with these), judged. */
const chain = (middle: Partial<IssueOptions>, end: Partial<IssueOptions> = {}, options: Partial<BuildPathOptions> = {}): Promise<string> => {
  const issuing = issue({ subject: 'CN=Issuing,C=ID', issuer: root, ca: true, ...middle })
  return outcome(build(issue({ subject: 'CN=Ratna Dewi,C=ID', issuer: issuing, ...end }), [issuing], options))
}

describe('building (RFC 4158)', () => {
  it('finds the way to the anchor and returns it in order', async () => {
    const result = await build(leaf, [other, ca, root])
    expect(result).toMatchObject({ ok: true, path: [leaf.certificate, ca.certificate, root.certificate] })
  })
  it('takes an anchor that is the issuer, an intermediate as anchor, and the anchor itself', async () => {
    expect(await outcome(build(ca, []))).toBe('ok')
    expect(await outcome(build(leaf, [], { anchors: [ca.certificate] }))).toBe('ok')
    expect(await outcome(build(root, []))).toBe('ok')
  })
  it('refuses another root, and a root that only shares the name', async () => {
    expect(await outcome(build(leaf, [ca], { anchors: [other.certificate] }))).toBe('issuerNotFound@1')
    expect(await outcome(build(leaf, [ca], { anchors: [issue({ subject: 'CN=Root,C=ID', ca: true }).certificate] }))).toBe('badSignature@1')
    expect(await outcome(build(leaf, []))).toBe('issuerNotFound@0')
  })
  it('tries every issuer of that name: key rollover, cross-signed, expired twins', async () => {
    const keys = newKeys()
    const expired = issue({ subject: 'CN=Twice', issuer: root, ca: true, keys, notAfter: '2025-06-01T00:00:00Z' })
    const rolled = issue({ subject: 'CN=Twice', issuer: root, ca: true })
    const crossed = issue({ subject: 'CN=Twice', issuer: other, ca: true, keys })
    const valid = issue({ subject: 'CN=Twice', issuer: root, ca: true, keys })
    const end = issue({ subject: 'CN=x', issuer: valid })
    expect(await outcome(build(end, [expired, rolled, crossed, valid]))).toBe('ok')
    expect(await outcome(build(end, [rolled, crossed, expired]))).toBe('expired@1')
  })
  it('follows self-issued certificates of a key rollover (RFC 5280 4.2.1.9: they count for no length)', async () => {
    const oldKeys = newKeys()
    const strict = issue({ subject: 'CN=Roll', issuer: root, ca: true, pathLength: 0, keys: oldKeys })
    const newWithOld = issue({ subject: 'CN=Roll', issuer: strict, ca: true })
    expect(await outcome(build(issue({ subject: 'CN=x', issuer: newWithOld }), [strict, newWithOld]))).toBe('ok')
  })
  it('compares names by RFC 5280 7.1', async () => {
    expect(await chain({}, { issuerName: 'CN=issuing,C=id' })).toBe('ok')
  })
  it('ends in a loop of certificates that issue each other', async () => {
    const [a, b] = [newKeys(), newKeys()]
    const holderOf = (subject: string, keys: ReturnType<typeof newKeys>): Issued => issue({ subject, keys, ca: true })
    const ab = issue({ subject: 'CN=A', keys: a, issuer: holderOf('CN=B', b), ca: true })
    const ba = issue({ subject: 'CN=B', keys: b, issuer: holderOf('CN=A', a), ca: true })
    expect(await outcome(build(issue({ subject: 'CN=x', issuer: ab }), [ab, ba]))).toMatch(/^issuerNotFound/)
  })
  it('ends in a maze of six layers of twelve authorities', async () => {
    const layers: Issued[][] = [[issue({ subject: 'CN=Lost', ca: true })]]
    for (let depth = 0; depth < 6; depth++) {
      const keys = newKeys()
      layers.push(Array.from({ length: 12 }, (_, i) => issue({ subject: `CN=Layer ${depth}`, keys, issuer: layers[depth]![i % layers[depth]!.length]!, ca: true, serial: depth * 100 + i + 1 })))
    }
    const end = issue({ subject: 'CN=x', issuer: layers.at(-1)![0]! })
    const start = cpuTime()
    const result = await build(end, layers.flat(), { maxSignatureChecks: 100 })
    expect(result).toMatchObject({ ok: false })
    expect(result.ok || result.refusals.some(({ code }) => code === 'budget' || code === 'issuerNotFound')).toBe(true)
    expect(cpuTime() - start).toBeLessThan(5000)
  })
  it('refuses an empty list of anchors and an invalid time as misuse', async () => {
    await expect(buildPath(leaf.certificate, { anchors: [] as never, at })).rejects.toThrow(TypeError)
    await expect(buildPath(leaf.certificate, { anchors: [root.certificate], at: new Date(NaN) })).rejects.toThrow(TypeError)
    await expect(validatePath([leaf.certificate, ca.certificate, root.certificate], { at: new Date(NaN) })).rejects.toThrow(TypeError)
  })
  it('limits the intermediates', async () => {
    expect(await outcome(build(leaf, [ca], { maxIntermediates: 0 }))).toBe('issuerNotFound@0')
  })
})

describe('RFC 5280 6.1.3 (a): signature and time', () => {
  it('a changed certificate', async () => {
    const forged = issue({ subject: 'CN=Forged', issuer: { ...ca, keys: newKeys() } })
    expect(await outcome(build(forged, [ca]))).toBe('badSignature@0')
  })
  it.each([['expired', '2026-06-01T00:00:01Z', 'ok'], ['expired', '2026-05-31T23:59:59Z', 'expired@0']])('%s at %s', async (_, notAfter, expected) => {
    expect(await chain({}, { notAfter })).toBe(expected)
  })
  it('not yet valid; an expired authority; an expired anchor has its own code', async () => {
    expect(await chain({}, { notBefore: '2026-06-01T00:00:01Z' })).toBe('notYetValid@0')
    expect(await chain({ notAfter: '2026-01-01T00:00:00Z' })).toBe('expired@1')
    expect(await outcome(build(leaf, [ca], { at: new Date('2035-01-01T00:00:01Z') }))).toBe('anchorExpired@2')
    expect(await outcome(build(leaf, [ca], { at: new Date('2024-12-31T23:59:59Z') }))).toBe('anchorNotYetValid@2')
  })
  it('names must chain where the path is given', async () => {
    const result = await validatePath([leaf.certificate, root.certificate], { at })
    expect(result).toMatchObject({ ok: false })
    expect(result.ok ? [] : result.refusals.map(({ code }) => code)).toEqual(['badSignature', 'nameChaining'])
  })
})

describe('RFC 5280 6.1.4 (k)-(n): authorities', () => {
  it.each<[string, Partial<IssueOptions>, string]>([
    ['(k) no basicConstraints', { ca: false }, 'notCa@1'],
    ['(k) cA FALSE', { ca: false, extensions: [basicConstraints(false)] }, 'notCa@1'],
    ['(k) version 1', { ca: false, version: 1 }, 'notCa@1'],
    ['(n) no keyCertSign', { ca: false, extensions: [basicConstraints(true), extension('2.5.29.15', true, Uint8Array.of(3, 2, 1, 2))] }, 'keyUsage@1 keyCertSign'],
    ['(n) no keyUsage', { ca: false, extensions: [basicConstraints(true)] }, 'ok'],
  ])('%s', async (_, middle, expected) => expect(await chain(middle)).toBe(expected))

  it('(l), (m) path length of intermediates and of the anchor', async () => {
    const zero = issue({ subject: 'CN=Zero', issuer: root, ca: true, pathLength: 0 })
    const below = issue({ subject: 'CN=Below', issuer: zero, ca: true })
    expect(await outcome(build(issue({ subject: 'CN=x', issuer: below }), [zero, below]))).toBe('pathLength@1')
    expect(await outcome(build(below, [zero]))).toBe('ok')
    const strictRoot = issue({ subject: 'CN=Strict root', ca: true, pathLength: 0 })
    const under = issue({ subject: 'CN=Under', issuer: strictRoot, ca: true })
    expect(await outcome(build(issue({ subject: 'CN=x', issuer: under }), [under], { anchors: [strictRoot.certificate] }))).toBe('pathLength@1')
  })
})

describe('RFC 5280 4.2: critical extensions and purposes', () => {
  const unknown = extension('1.2.3.4.5', true, Uint8Array.of(5, 0))
  it('an unknown critical extension, unless the caller processes it', async () => {
    expect(await chain({}, { extensions: [unknown] })).toBe('unknownCriticalExtension@0 1.2.3.4.5')
    expect(await chain({ extensions: [unknown] })).toBe('unknownCriticalExtension@1 1.2.3.4.5')
    expect(await chain({}, { extensions: [unknown] }, { acceptCritical: ['1.2.3.4.5'] })).toBe('ok')
    expect(await chain({}, { extensions: [extension('1.2.3.4.5', false, Uint8Array.of(5, 0))] })).toBe('ok')
  })
  const pdf = '1.2.840.113583.1.1.5'
  it.each<[string, Uint8Array, readonly string[] | undefined, string]>([
    ['a critical unknown purpose needs to be named', extendedKeyUsage(true, pdf), undefined, `purpose@0 ${pdf}`],
    ['named', extendedKeyUsage(true, pdf), [pdf], 'ok'],
    ['another one named', extendedKeyUsage(true, pdf), ['1.3.6.1.5.5.7.3.4'], `purpose@0 ${pdf}`],
    ['one of several', extendedKeyUsage(true, '1.3.6.1.5.5.7.3.4', pdf), [pdf], 'ok'],
    ['critical, of RFC 5280', extendedKeyUsage(true, '1.3.6.1.5.5.7.3.1'), undefined, 'ok'],
    ['not critical, unknown', extendedKeyUsage(false, pdf), undefined, 'ok'],
    ['not critical, another named', extendedKeyUsage(false, pdf), ['1.3.6.1.5.5.7.3.1'], `purpose@0 ${pdf}`],
    ['any', extendedKeyUsage(true, '2.5.29.37.0'), [pdf], 'ok'],
  ])('4.2.1.12 %s', async (_, usage, purposes, expected) => {
    expect(await chain({}, { extensions: [usage] }, purposes === undefined ? {} : { purposes })).toBe(expected)
  })
  it('an authority narrows the purposes below it', async () => {
    expect(await chain({ extensions: [extendedKeyUsage(false, '1.3.6.1.5.5.7.3.1')] }, {}, { purposes: [pdf] })).toBe('purpose@1 1.3.6.1.5.5.7.3.1')
  })
})

describe('RFC 5280 4.2.1.10: name constraints', () => {
  const san = (...names: readonly Uint8Array[]): Partial<IssueOptions> => ({ extensions: [subjectAltName(...names)] })
  const permitted = (...names: readonly Uint8Array[]): Partial<IssueOptions> => ({ extensions: [nameConstraints(names, [])] })
  const excluded = (...names: readonly Uint8Array[]): Partial<IssueOptions> => ({ extensions: [nameConstraints([], names)] })
  const registered = (dotted: string): Uint8Array => encodeElement(0x88, oid(dotted).subarray(2))
  const otherName = (type: string): Uint8Array => encodeElement(0xa0, oid(type), encodeElement(0xa0, Uint8Array.of(5, 0)))
  it.each<[string, Partial<IssueOptions>, Partial<IssueOptions>, string]>([
    ['dNSName within', permitted(dns('contoh.example')), san(dns('WWW.contoh.example')), 'ok'],
    ['dNSName equal', permitted(dns('contoh.example')), san(dns('contoh.example')), 'ok'],
    ['dNSName that only ends alike', permitted(dns('contoh.example')), san(dns('xcontoh.example')), 'nameNotPermitted@0 dnsName'],
    ['dNSName excluded', excluded(dns('contoh.example')), san(dns('a.contoh.example')), 'nameExcluded@0 dnsName'],
    ['dNSName, leading dot', permitted(dns('.contoh.example')), san(dns('contoh.example')), 'nameNotPermitted@0 dnsName'],
    ['every dNSName is looked at', permitted(dns('contoh.example')), san(dns('a.contoh.example'), dns('b.example')), 'nameNotPermitted@0 dnsName'],
    ['another form is not concerned', permitted(dns('contoh.example')), san(uri('http://b.example/')), 'ok'],
    ['rfc822Name, mailbox', permitted(mail('desk@contoh.example')), san(mail('desk@CONTOH.example')), 'ok'],
    ['rfc822Name, local part is exact', permitted(mail('desk@contoh.example')), san(mail('Desk@contoh.example')), 'nameNotPermitted@0 rfc822Name'],
    ['rfc822Name, host', permitted(mail('contoh.example')), san(mail('any@contoh.example')), 'ok'],
    ['rfc822Name, host below', permitted(mail('contoh.example')), san(mail('any@a.contoh.example')), 'nameNotPermitted@0 rfc822Name'],
    ['rfc822Name, domain', permitted(mail('.contoh.example')), san(mail('any@a.contoh.example')), 'ok'],
    ['rfc822Name, malformed and excluded', excluded(mail('contoh.example')), san(mail('nobody')), 'nameExcluded@0 rfc822Name'],
    ['emailAddress in the subject', permitted(mail('contoh.example')), { subject: 'emailAddress=a@b.example,C=ID' }, 'nameNotPermitted@0 rfc822Name'],
    ['uri, domain', permitted(uri('.contoh.example')), san(uri('https://u@a.contoh.example:8443/x?y')), 'ok'],
    ['uri, other host', permitted(uri('contoh.example')), san(uri('https://evil.example/contoh.example')), 'nameNotPermitted@0 uri'],
    ['uri, userinfo is no host', permitted(uri('contoh.example')), san(uri('https://contoh.example@evil.example/')), 'nameNotPermitted@0 uri'],
    ['uri without host', permitted(uri('contoh.example')), san(uri('urn:x:y')), 'nameNotPermitted@0 uri'],
    ['uri with an address', excluded(uri('contoh.example')), san(uri('http://192.0.2.1/')), 'nameExcluded@0 uri'],
    ['iPAddress within', permitted(ip(192, 0, 2, 0, 255, 255, 255, 0)), san(ip(192, 0, 2, 77)), 'ok'],
    ['iPAddress outside', permitted(ip(192, 0, 2, 0, 255, 255, 255, 0)), san(ip(192, 0, 3, 77)), 'nameNotPermitted@0 ipAddress'],
    ['iPAddress of the other family', permitted(ip(192, 0, 2, 0, 255, 255, 255, 0)), san(ip(...new Array<number>(16).fill(1))), 'nameNotPermitted@0 ipAddress'],
    ['directoryName within', permitted(directory('C=ID')), { subject: 'CN=a,C=id' }, 'ok'],
    ['directoryName outside', permitted(directory('O=Contoh,C=ID')), { subject: 'CN=a,C=ID' }, 'nameNotPermitted@0 directoryName'],
    ['directoryName excluded', excluded(directory('C=ID')), { subject: 'CN=a,C=ID' }, 'nameExcluded@0 directoryName'],
    ['registeredID has no comparison: excluded', excluded(registered('1.2.3')), san(registered('1.2.4')), 'nameExcluded@0 registeredId'],
    ['registeredID has no comparison: not permitted', permitted(registered('1.2.3')), san(registered('1.2.3')), 'nameNotPermitted@0 registeredId'],
    ['otherName of that type', permitted(otherName('1.2.3')), san(otherName('1.2.3')), 'nameNotPermitted@0 otherName'],
    ['otherName of another type', permitted(otherName('1.2.3')), san(otherName('1.2.4')), 'ok'],
  ])('%s', async (_, middle, end, expected) => expect(await chain(middle, end)).toBe(expected))

  it('permitted subtrees of several authorities intersect', async () => {
    const wide = issue({ subject: 'CN=Wide', issuer: root, ca: true, ...permitted(dns('example')) })
    const narrow = issue({ subject: 'CN=Narrow', issuer: wide, ca: true, ...permitted(dns('a.example')) })
    const test = (name: string): Promise<string> => outcome(build(issue({ subject: 'CN=x', issuer: narrow, ...san(dns(name)) }), [wide, narrow]))
    expect([await test('x.a.example'), await test('x.b.example')]).toEqual(['ok', 'nameNotPermitted@0 dnsName'])
  })
  it('a flood of names against a flood of subtrees is refused, not computed', async () => {
    const bases = Array.from({ length: 1500 }, (_, i) => dns(`a${i}.example`))
    const names = Array.from({ length: 1500 }, (_, i) => dns(`b${i}.example`))
    const start = cpuTime()
    expect(await chain(excluded(...bases), san(...names))).toBe('budget@0 name constraints')
    expect(cpuTime() - start).toBeLessThan(3000)
  })
})

describe('RFC 5280 6.1.3 (d)-(f), 6.1.5 (g): policies', () => {
  const explicit = { requireExplicitPolicy: true }
  it.each<[string, Partial<IssueOptions>, Partial<IssueOptions>, Partial<BuildPathOptions>, string]>([
    ['none, none demanded', {}, {}, {}, 'ok'],
    ['none, one demanded', {}, {}, explicit, 'policy@1'],
    ['the same all the way', { extensions: [policies('1.2.3')] }, { extensions: [policies('1.2.3')] }, explicit, 'ok'],
    ['another in the leaf', { extensions: [policies('1.2.3')] }, { extensions: [policies('1.2.4')] }, explicit, 'policy@0'],
    ['any in the authority', { extensions: [policies('2.5.29.32.0')] }, { extensions: [policies('1.2.4')] }, explicit, 'ok'],
    ['any inhibited', { extensions: [policies('2.5.29.32.0')] }, { extensions: [policies('1.2.4')] }, { ...explicit, inhibitAnyPolicy: true }, 'policy@1'],
    ['not the one asked for', { extensions: [policies('1.2.3')] }, { extensions: [policies('1.2.3')] }, { ...explicit, initialPolicies: ['1.2.9'] }, 'policy@0'],
    ['mapped', { extensions: [policies('1.2.3'), policyMappings(['1.2.3', '1.2.4'])] }, { extensions: [policies('1.2.4')] }, { ...explicit, initialPolicies: ['1.2.3'] }, 'ok'],
    ['mapping inhibited', { extensions: [policies('1.2.3'), policyMappings(['1.2.3', '1.2.4'])] }, { extensions: [policies('1.2.4')] }, { ...explicit, inhibitPolicyMapping: true }, 'policy@0'],
    ['mapped from any', { extensions: [policies('1.2.3'), policyMappings(['2.5.29.32.0', '1.2.4'])] }, {}, {}, 'policyMapping@1'],
  ])('%s', async (_, middle, end, options, expected) => expect(await chain(middle, end, options)).toBe(expected))

  it('tells which policies the path is good for', async () => {
    const issuing = issue({ subject: 'CN=Issuing,C=ID', issuer: root, ca: true, extensions: [policies('1.2.3', '1.2.4')] })
    const result = await build(issue({ subject: 'CN=x', issuer: issuing, extensions: [policies('1.2.4', '1.2.5')] }), [issuing], { requireExplicitPolicy: true })
    expect(result).toMatchObject({ ok: true, policies: ['1.2.4'] })
  })

  it('RFC 9618: mappings that would grow a tree exponentially cost nothing', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `1.3.${i}`)
    const mappings = policyMappings(...many.flatMap((from) => many.map((to) => [from, to] as const)))
    const path: Issued[] = [root]
    for (let depth = 0; depth < 9; depth++) path.push(issue({ subject: `CN=Depth ${depth}`, issuer: path[depth]!, ca: true, extensions: [policies(...many), mappings] }))
    const end = issue({ subject: 'CN=x', issuer: path.at(-1)!, extensions: [policies(...many)] })
    const start = cpuTime()
    expect(await outcome(build(end, path.slice(1), { requireExplicitPolicy: true }))).toBe('ok')
    expect(cpuTime() - start).toBeLessThan(2000)
  })
})

describe('the step after: accept', () => {
  it('a refused path makes the search go on; the reason outranks others', async () => {
    const keys = newKeys()
    const first = issue({ subject: 'CN=Twice', issuer: root, ca: true, keys })
    const second = issue({ subject: 'CN=Twice', issuer: root, ca: true, keys })
    const end = issue({ subject: 'CN=x', issuer: first })
    const seen: number[] = []
    const accept: NonNullable<BuildPathOptions['accept']> = async (path) => {
      seen.push(path.length)
      return path[1] === first.certificate ? { code: 'revoked', certificate: first.certificate, index: 1 } : undefined
    }
    expect(await outcome(build(end, [first, second], { accept }))).toBe('ok')
    expect(await outcome(build(end, [first, issue({ subject: 'CN=Twice', issuer: other, ca: true, keys })], { accept }))).toBe('revoked@1')
    expect(seen).toEqual([3, 3, 3])
  })
  it('ranks every code once', () => expect(new Set(pathRefusalCodes).size).toBe(pathRefusalCodes.length))
})
