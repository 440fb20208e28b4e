import { describe, expect, it } from 'vitest'
import { issue, newKeys, type Issued } from '../../test/support/issue.js'
import { buildPath, type PathRefusalCode } from './index.js'

const at = new Date('2026-06-01T00:00:00Z')
const root = issue({ subject: 'CN=Root', ca: true })

/** Every code that was found; a search that does not end fails by the test's own time limit. */
async function codes(end: Issued, intermediates: readonly Issued[]): Promise<PathRefusalCode[]> {
  const result = await buildPath(end.certificate, { anchors: [root.certificate], intermediates: intermediates.map(({ certificate }) => certificate), at })
  return result.ok ? [] : result.refusals.map(({ code }) => code)
}

describe('RFC 4158 2.4.2: path explosion ends at the budget, and says so', () => {
  it.each([['of one name', () => 'CN=Clique'], ['of different names', (i: number) => `CN=Clique ${i}`]])('twelve authorities %s of which each has certified every other', async (_, name) => {
    const holders = Array.from({ length: 12 }, (_, i) => issue({ subject: name(i), keys: newKeys(), ca: true }))
    const clique = holders.flatMap((issuer, i) => holders.flatMap((subject, k) => (i === k ? [] : issue({ subject: name(k), keys: subject.keys, issuer, ca: true }))))
    expect(await codes(issue({ subject: 'CN=x', issuer: clique[0]! }), clique)).toContain('budget')
  }, 20_000)

  it('thirteen authorities of one name whose signatures cannot be checked: no edge is ruled out, and all edges are soon known', async () => {
    const algorithm = '1.2.840.113549.1.1.4'
    const strangers = Array.from({ length: 13 }, () => issue({ subject: 'CN=Stranger', ca: true, algorithm }))
    expect(await codes(issue({ subject: 'CN=x', issuer: strangers[0]!, algorithm }), strangers)).toContain('budget')
  }, 20_000)
})
