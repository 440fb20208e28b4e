import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { extendedKeyUsage, issue, type Issued, type IssueOptions } from '../../test/support/issue.js'
import { allowSha1 } from '../crypto/index.js'
import { buildPath, validatePath, type PathResult, type PathRules } from './index.js'

const at = new Date('2026-06-01T00:00:00Z')
const now = '2026-06-01T00:00:00Z'

/** One certificate for each of these, each issued by the one before; judged from the last to the first. */
function judge(plans: readonly Partial<IssueOptions>[], rules: Partial<PathRules> = {}): Promise<PathResult> {
  const line: Issued[] = []
  for (const [depth, plan] of plans.entries()) line.push(issue({ subject: `CN=Depth ${depth}`, ...(depth > 0 && { issuer: line[depth - 1]! }), ca: depth < plans.length - 1, ...plan }))
  return validatePath(line.map(({ certificate }) => certificate).reverse() as never, { at, ...rules })
}
const codes = async (result: Promise<PathResult>): Promise<string[]> => {
  const found = await result
  return found.ok ? ['ok'] : found.refusals.map(({ code, index }) => `${code}@${index}`)
}

describe('validating a given path (RFC 5280 section 6.1)', () => {
  it('an algorithm that is not allowed is told by its identifier', async () => {
    const authority = makeParty({ subject: 'CN=Akar SHA-1', ca: true, algorithm: 'rsa-sha1' })
    const leaf = makeParty({ subject: 'CN=Siti Contoh', issuer: authority })
    const rules = { at: later(1) }
    const refusals = [{ code: 'unsupportedAlgorithm', index: 0, detail: '1.2.840.113549.1.1.5', certificate: leaf.certificate, path: [leaf.certificate, authority.certificate] }]
    for (const judged of [(more: Partial<PathRules>) => validatePath([leaf.certificate, authority.certificate], { ...rules, ...more }), (more: Partial<PathRules>) => buildPath(leaf.certificate, { ...rules, ...more, anchors: [authority.certificate] })]) {
      expect(await judged({})).toEqual({ ok: false, refusal: refusals[0], refusals })
      expect(await judged({ allow: [allowSha1] })).toMatchObject({ ok: true })
    }
  })

  it.each<[string, Partial<IssueOptions>, string]>([
    ['an anchor in its last second', { notAfter: now }, 'ok'],
    ['an anchor in its first second', { notBefore: now }, 'ok'],
    ['an anchor a second too late', { notAfter: '2026-05-31T23:59:59Z' }, 'anchorExpired@1'],
    ['an anchor a second too early', { notBefore: '2026-06-01T00:00:01Z' }, 'anchorNotYetValid@1'],
    ['an anchor of version 1, without extensions', { ca: false, version: 1 }, 'ok'],
  ])('%s', async (_, anchor, expected) => expect(await codes(judge([anchor, {}]))).toEqual([expected]))

  it.each<[string, Partial<IssueOptions>, string]>([
    ['in its first second', { notBefore: now }, 'ok'],
    ['in its last second', { notAfter: now }, 'ok'],
  ])('a certificate %s', async (_, leaf, expected) => expect(await codes(judge([{}, leaf]))).toEqual([expected]))

  it.each<[string, readonly (number | undefined)[], string]>([
    ['one below an anchor that allows one', [1, undefined], 'ok'],
    ['two below an anchor that allows one', [1, undefined, undefined], 'pathLength@1'],
    ['one below an authority that allows one', [undefined, 1, undefined], 'ok'],
    ['two below an authority that allows one', [undefined, 1, undefined, undefined], 'pathLength@1'],
    ['one that allows more than the one above', [undefined, 1, 7, undefined], 'pathLength@1'],
    ['one that allows less than the one above', [7, 7, 0, undefined], 'pathLength@1'],
  ])('section 4.2.1.9: %s', async (_, lengths, expected) => {
    expect(await codes(judge([...lengths.map((pathLength) => (pathLength === undefined ? {} : { pathLength })), {}]))).toEqual([expected])
  })

  it('reasons come in their rank, wherever they were found', async () => {
    expect(await codes(judge([{}, { ca: false }, { notAfter: '2026-01-01T00:00:00Z' }]))).toEqual(['expired@0', 'notCa@1'])
  })

  it.each<[string, readonly string[], string]>([
    ['any', ['2.5.29.37.0'], 'ok'],
    ['one of RFC 5280 among others', ['1.2.840.113583.1.1.5', '1.3.6.1.5.5.7.3.4'], 'ok'],
    ['none of RFC 5280', ['1.2.840.113583.1.1.5', '1.2.3.4'], 'purpose@0'],
  ])('section 4.2.1.12: a critical purpose that nobody named: %s', async (_, purposes, expected) => {
    expect(await codes(judge([{}, { extensions: [extendedKeyUsage(true, ...purposes)] }]))).toEqual([expected])
  })
})
