import { describe, expect, it } from 'vitest'
import { extension, issue, newKeys, sequence, type Issued, type IssueOptions } from '../../test/support/issue.js'
import { readCertificate } from '../certificate/index.js'
import { buildPath, type BuildPathOptions, type PathResult } from './index.js'

const at = new Date('2026-06-01T00:00:00Z')
const root = issue({ subject: 'CN=Root', ca: true })
const refused = { code: 'revoked', index: 0 } as const

const build = (end: Issued, between: readonly Issued[], options: Partial<BuildPathOptions> = {}): Promise<PathResult> =>
  buildPath(end.certificate, { anchors: [root.certificate], intermediates: between.map(({ certificate }) => certificate), at, ...options })
const codes = async (result: Promise<PathResult>): Promise<string[]> => {
  const found = await result
  return found.ok ? ['ok'] : found.refusals.map(({ code, index }) => `${code}@${index}`)
}
/** Authorities of one name, each with a key of its own. */
const twins = (count: number, options: Partial<IssueOptions> = {}): Issued[] => Array.from({ length: count }, () => issue({ subject: 'CN=Twice', issuer: root, ca: true, ...options }))
const orphan = issue({ subject: 'CN=x', issuer: twins(1)[0]! })

describe('the budget of a search (RFC 4158 2.4.2)', () => {
  it.each([[3, 3, false], [4, 3, true], [200, undefined, false], [201, undefined, true]])('%i false issuers, %s signature checks allowed', async (count, maxSignatureChecks, ends) => {
    const result = await build(orphan, twins(count), maxSignatureChecks === undefined ? {} : { maxSignatureChecks })
    const all = result.ok ? [] : result.refusals
    expect(all.filter(({ code }) => code === 'badSignature')).toHaveLength(Math.min(count, maxSignatureChecks ?? 200, 50))
    expect(all.filter(({ code }) => code === 'budget')).toEqual(ends ? [{ code: 'budget', certificate: orphan.certificate, index: 0, path: [orphan.certificate] }] : [])
  })

  it('none allowed: nothing is found, and said so', async () => {
    expect(await codes(build(issue({ subject: 'CN=y', issuer: root }), [], { maxSignatureChecks: 0 }))).toEqual(['budget@0'])
  })

  it('keeps fifty reasons', async () => {
    expect(await codes(build(orphan, twins(60)))).toHaveLength(50)
  })

  it('each path to an anchor counts, though all its signatures are known', async () => {
    // Three layers of four: 4 + 16 + 16 + 4 signatures, 64 paths.
    const [a, b, c] = [newKeys(), newKeys(), newKeys()]
    const layer = (subject: string, keys: ReturnType<typeof newKeys>, issuer: Issued): Issued[] => Array.from({ length: 4 }, () => issue({ subject, keys, issuer, ca: true }))
    const top = layer('CN=C', c, root)
    const middle = layer('CN=B', b, top[0]!)
    const low = layer('CN=A', a, middle[0]!)
    const end = issue({ subject: 'CN=x', issuer: low[0]! })
    let asked = 0
    const accept: BuildPathOptions['accept'] = async () => { asked++; return { ...refused, certificate: end.certificate } }
    const search = async (maxSignatureChecks: number): Promise<boolean> => (await codes(build(end, [...top, ...middle, ...low], { accept, maxSignatureChecks }))).includes('budget@0')
    expect([await search(45), asked]).toEqual([true, 45])
    asked = 0
    expect([await search(65), asked]).toEqual([false, 64])
  })

  it.each([[4, 20, false], [6, 50, true]])('%i authorities that each may have issued every other, by an algorithm unknown here: ways count, though no edge is new', async (count, maxSignatureChecks, ends) => {
    const algorithm = '1.2.840.113549.1.1.4'
    const strangers = Array.from({ length: count }, () => issue({ subject: 'CN=Stranger', ca: true, algorithm }))
    expect((await codes(build(issue({ subject: 'CN=x', issuer: strangers[0]!, algorithm }), strangers, { maxSignatureChecks }))).includes('budget@0')).toBe(ends)
  })

  it('a signature is checked once, for however many paths', async () => {
    const keys = newKeys()
    const roots = [1, 2].map(() => issue({ subject: 'CN=Two roots', ca: true, keys }))
    const ca = issue({ subject: 'CN=Issuing', issuer: roots[0]!, ca: true })
    let asked = 0
    const accept: BuildPathOptions['accept'] = async () => (++asked === 1 ? { ...refused, certificate: ca.certificate } : undefined)
    const anchors = [roots[0]!.certificate, roots[1]!.certificate] as const
    expect(await codes(build(issue({ subject: 'CN=x', issuer: ca }), [ca], { anchors: [...anchors], accept, maxSignatureChecks: 3 }))).toEqual(['ok'])
    expect(asked).toBe(2)
  })
})

describe('what is searched (RFC 4158 section 3)', () => {
  it('a certificate that is given twice is tried once', async () => {
    const again = ({ der }: Issued): Issued => ({ ...root, certificate: readCertificate(new Uint8Array(der)) })
    const keys = newKeys()
    const [first, second] = twins(2, { keys })
    const end = issue({ subject: 'CN=x', issuer: first! })
    let asked = 0
    const accept: BuildPathOptions['accept'] = async () => { asked++; return { ...refused, certificate: end.certificate } }
    expect(await codes(build(end, [first!, second!, again(first!), again(second!), again(first!)], { accept }))).toEqual(['revoked@0', 'revoked@0'])
    expect(asked).toBe(2)
  })

  it('an anchor in question is its own path, whoever issued it', async () => {
    const ca = issue({ subject: 'CN=Issuing', issuer: root, ca: true })
    const copy = readCertificate(new Uint8Array(ca.der))
    expect(await buildPath(copy, { anchors: [root.certificate, ca.certificate], at })).toEqual({ ok: true, path: [ca.certificate], policies: ['2.5.29.32.0'] })
    expect(await build(root, [])).toMatchObject({ ok: true, path: [root.certificate] })
  })

  it('a signature that does not hold is not followed any further', async () => {
    const lost = issue({ subject: 'CN=Twice', issuer: issue({ subject: 'CN=Nobody', ca: true }), ca: true })
    const result = await build(orphan, [lost])
    expect(result).toMatchObject({ ok: false, refusals: [{ code: 'badSignature', certificate: orphan.certificate, index: 0, path: [orphan.certificate, lost.certificate] }] })
    expect(result.ok || result.refusals.length).toBe(1)
  })

  it('names that lead nowhere are told with the path so far', async () => {
    const lost = issue({ subject: 'CN=Lost', issuer: issue({ subject: 'CN=Nobody', ca: true }), ca: true })
    const end = issue({ subject: 'CN=x', issuer: lost })
    expect(await build(end, [lost])).toMatchObject({ refusals: [{ code: 'issuerNotFound', certificate: lost.certificate, index: 1, path: [end.certificate, lost.certificate] }] })
  })

  it('a loop ends where it closes, by name and key or by the certificate itself', async () => {
    const [a, b] = [newKeys(), newKeys()]
    const holder = (subject: string, keys: ReturnType<typeof newKeys>): Issued => issue({ subject, keys, ca: true })
    const ab = issue({ subject: 'CN=A', keys: a, issuer: holder('CN=B', b), ca: true })
    const ba = issue({ subject: 'CN=B', keys: b, issuer: holder('CN=A', a), ca: true })
    expect(await codes(build(issue({ subject: 'CN=x', issuer: ab }), [ab, ba]))).toEqual(['issuerNotFound@2'])
    // Another certificate of the same name and key closes the loop as well.
    const again = issue({ subject: 'CN=A', keys: a, issuer: holder('CN=B', b), ca: true })
    expect(await codes(build(issue({ subject: 'CN=x', issuer: ab }), [ab, ba, again]))).toEqual(['issuerNotFound@2', 'issuerNotFound@2'])
    const own = holder('CN=Own', a)
    expect(await codes(build(issue({ subject: 'CN=x', issuer: own }), [own]))).toEqual(['issuerNotFound@1'])
  })

  it.each([[1, 1, 'ok'], [2, 1, 'issuerNotFound@1'], [10, undefined, 'ok'], [11, undefined, 'issuerNotFound@10']])('%i intermediates, %s allowed', async (count, maxIntermediates, expected) => {
    const line: Issued[] = [root]
    for (let depth = 0; depth < count; depth++) line.push(issue({ subject: `CN=Depth ${depth}`, issuer: line[depth]!, ca: true }))
    expect(await codes(build(issue({ subject: 'CN=x', issuer: line.at(-1)! }), line.slice(1), maxIntermediates === undefined ? {} : { maxIntermediates }))).toEqual([expected])
  })
})

describe('the likeliest issuer is tried first (RFC 4158 section 3.5)', () => {
  const keyId = (value: number): Uint8Array => extension('2.5.29.14', false, Uint8Array.of(4, 1, value))
  const names = (value: number): Partial<IssueOptions> => ({ extensions: [extension('2.5.29.35', false, sequence(Uint8Array.of(0x80, 1, value)))] })
  const expired = '2025-06-01T00:00:00Z'
  const now = '2026-06-01T00:00:00Z'
  // With two checks allowed only the first issuer tried can be the right one.
  it.each<[string, Partial<IssueOptions>, Partial<IssueOptions>, Partial<IssueOptions>]>([
    ['the key identifier named, before another', names(1), { extensions: [keyId(1)] }, { extensions: [keyId(2)] }],
    ['the key identifier named, before none', names(1), { extensions: [keyId(1)] }, {}],
    ['no key identifier, before another', names(1), {}, { extensions: [keyId(2)] }],
    ['where none is named, the one in time, though it has an identifier', {}, { extensions: [keyId(1)] }, { notAfter: expired }],
    ['where none is named, the one in time, though it has no identifier', {}, {}, { notAfter: expired, extensions: [keyId(1)] }],
    ['in time before expired', {}, {}, { notAfter: expired }],
    ['in time before not yet valid', {}, {}, { notBefore: '2026-06-01T00:00:01Z' }],
    ['valid from this second', {}, { notBefore: now }, { notAfter: expired }],
    ['valid to this second', {}, { notAfter: now }, { notAfter: expired }],
  ])('%s', async (_, named, likely, unlikely) => {
    const right = issue({ subject: 'CN=Twice', issuer: root, ca: true, ...likely })
    const wrong = issue({ subject: 'CN=Twice', issuer: root, ca: true, ...unlikely })
    const end = issue({ subject: 'CN=x', issuer: right, ...named })
    expect(await codes(build(end, [wrong, right], { maxSignatureChecks: 2 }))).toEqual(['ok'])
    expect(await codes(build(end, [right, wrong], { maxSignatureChecks: 2 }))).toEqual(['ok'])
  })

  it('the key identifier tells more than the dates', async () => {
    const right = issue({ subject: 'CN=Twice', issuer: root, ca: true, notAfter: expired, extensions: [keyId(1)] })
    const end = issue({ subject: 'CN=x', issuer: right, ...names(1) })
    for (const others of [twins(1), twins(1, { extensions: [keyId(2)] })]) {
      expect(await codes(build(end, [...others, right], { maxSignatureChecks: 2 }))).toEqual(['expired@1', 'budget@0'])
    }
  })

  it('an anchor before an intermediate of its name', async () => {
    const anchor = issue({ subject: 'CN=Twice', ca: true })
    expect(await codes(build(issue({ subject: 'CN=x', issuer: anchor }), twins(1), { anchors: [anchor.certificate], maxSignatureChecks: 1 }))).toEqual(['ok'])
  })
})
