import { describe, expect, it } from 'vitest'
import { directory, dns, ip, issue, mail, nameConstraints, subjectAltName, uri, type IssueOptions } from '../../test/support/issue.js'
import { buildPath } from './index.js'
import { NameConstraintState } from './nameconstraint.js'

const at = new Date('2026-06-01T00:00:00Z')
const root = issue({ subject: 'CN=Root', ca: true })
type Names = readonly Uint8Array[]

/** Root, an authority with these subtrees, a certificate with these names. */
async function judge(permitted: Names, excluded: Names, names: Names, end: Partial<IssueOptions> = {}): Promise<string> {
  const ca = issue({ subject: 'CN=Issuing', issuer: root, ca: true, extensions: [nameConstraints(permitted, excluded)] })
  const leaf = issue({ subject: 'CN=x', issuer: ca, ...(names.length > 0 && { extensions: [subjectAltName(...names)] }), ...end })
  const result = await buildPath(leaf.certificate, { anchors: [root.certificate], intermediates: [ca.certificate], at })
  return result.ok ? 'ok' : `${result.refusal.code}@${result.refusal.index} ${result.refusal.detail}`
}

describe('RFC 5280 4.2.1.10: within a subtree, or not', () => {
  const v6 = (...head: readonly number[]): number[] => [...head, ...new Array<number>(16 - head.length).fill(0)]
  it.each<[string, Uint8Array, Uint8Array, boolean]>([
    ['dNSName that ends with a dot', dns('contoh.example'), dns('www.contoh.example.'), true],
    ['dNSName below a name that ends with a dot', dns('contoh.example.'), dns('www.contoh.example'), true],
    ['dNSName below no name: all', dns(''), dns('www.contoh.example'), true],
    ['dNSName below a leading dot', dns('.contoh.example'), dns('www.contoh.example'), true],
    ['dNSName elsewhere', dns('contoh.example'), dns('lain.example'), false],
    ['rfc822Name of the mailbox elsewhere', mail('desk@contoh.example'), mail('desk@lain.example'), false],
    ['rfc822Name on a host written with @', mail('@contoh.example'), mail('desk@contoh.example'), true],
    ['rfc822Name on another host than that with @', mail('@contoh.example'), mail('desk@lain.example'), false],
    ['rfc822Name below no name: all', mail(''), mail('desk@contoh.example'), true],
    ['rfc822Name of the host itself, below its domain', mail('.contoh.example'), mail('desk@contoh.example'), false],
    ['rfc822Name with an @ in its local part', mail('contoh.example'), mail('"a@b"@contoh.example'), true],
    ['uri of the host', uri('contoh.example'), uri('https://contoh.example/x'), true],
    ['uri of the host in other case', uri('Contoh.example'), uri('HTTPS://contoh.EXAMPLE'), true],
    ['uri of the host, with a user', uri('contoh.example'), uri('https://u@contoh.example/'), true],
    ['uri of the host, with a port', uri('contoh.example'), uri('https://contoh.example:8443/'), true],
    ['uri with a colon that leads no port', uri('contoh.example'), uri('https://contoh:1.example/'), false],
    ['uri of the host, ended with a dot', uri('contoh.example'), uri('https://contoh.example./'), true],
    ['uri of a host that the subtree ends with a dot', uri('contoh.example.'), uri('https://contoh.example/'), true],
    ['uri below the host', uri('contoh.example'), uri('https://a.contoh.example/'), false],
    ['uri below the domain', uri('.contoh.example'), uri('https://a.contoh.example/'), true],
    ['uri of the domain itself', uri('.contoh.example'), uri('https://contoh.example/'), false],
    ['uri of the domain itself, with its dot', uri('.contoh.example'), uri('https://.contoh.example/'), false],
    ['uri of a longer domain elsewhere', uri('.contoh.example'), uri('https://a.very.long.lain.example/'), false],
    ['uri below no name: all', uri(''), uri('https://contoh.example/'), true],
    ['uri of a host that ends with a digit', uri('contoh.example'), uri('https://lain.example1/'), false],
    ['uri of a host that starts with a digit', uri('contoh.example'), uri('https://1.lain.example/'), false],
    ['iPAddress of version 6', ip(...v6(0x20, 1, 0xd, 0xb8), ...v6(255, 255, 255, 255)), ip(...v6(0x20, 1, 0xd, 0xb8, 7)), true],
    ['iPAddress of version 6 elsewhere', ip(...v6(0x20, 1, 0xd, 0xb8), ...v6(255, 255, 255, 255)), ip(...v6(0x20, 1, 0xd, 0xb9)), false],
    ['iPAddress of version 4 and a subtree of version 6', ip(...v6(), ...v6()), ip(192, 0, 2, 1), false],
  ])('%s', async (_, subtree, name, within) => {
    expect(await judge([subtree], [], [name])).toMatch(within ? /^ok$/ : /^nameNotPermitted@0 /)
    expect(await judge([], [subtree], [name])).toMatch(within ? /^nameExcluded@0 / : /^ok$/)
  })

  // In no subtree, so not permitted; outside of none, so excluded.
  it.each<[string, Uint8Array, Uint8Array]>([
    ['rfc822Name without local part', mail('contoh.example'), mail('@contoh.example')],
    ['rfc822Name without host', mail('contoh.example'), mail('desk')],
    ['uri whose scheme hides another', uri('contoh.example'), uri('urn:http://contoh.example/')],
    ['uri without authority', uri('contoh.example'), uri('urn:contoh.example')],
    ['uri with an empty host', uri('contoh.example'), uri('file:///contoh.example')],
    ['uri with an address of version 4', uri('contoh.example'), uri('http://192.0.2.1:80/')],
    ['uri with an address of version 6', uri('contoh.example'), uri('http://[2001:db8::1]/')],
    ['iPAddress of five octets', ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 2, 1, 1)],
    ['iPAddress below a subtree of five octets', ip(192, 0, 2, 0, 255), ip(192, 0, 2, 1)],
  ])('%s cannot be judged, and is refused either way', async (_, subtree, name) => {
    expect(await judge([subtree], [], [name])).toMatch(/^nameNotPermitted@0 /)
    expect(await judge([], [subtree], [name])).toMatch(/^nameExcluded@0 /)
  })

  it('directoryNames among the alternative names are judged like the subject', async () => {
    expect(await judge([directory('CN=x')], [], [directory('O=Lain,CN=x')])).toBe('ok')
    expect(await judge([directory('CN=x')], [], [directory('O=Lain,CN=y')])).toBe('nameNotPermitted@0 directoryName')
    expect(await judge([], [directory('CN=y')], [directory('O=Lain,CN=y')])).toBe('nameExcluded@0 directoryName')
  })

  it('an empty subject is no name to be judged', async () => {
    const empty = { subjectDer: Uint8Array.of(0x30, 0) }
    expect(await judge([directory('C=ID')], [], [dns('contoh.example')], empty)).toBe('ok')
    expect(await judge([], [directory('C=ID')], [dns('contoh.example')], empty)).toBe('ok')
  })

  it('an anchor\'s own subtrees narrow as well (RFC 5937 3.2)', async () => {
    const strict = issue({ subject: 'CN=Strict', ca: true, extensions: [nameConstraints([dns('contoh.example')], [])] })
    const run = async (name: string): Promise<boolean> => (await buildPath(issue({ subject: 'CN=x', issuer: strict, extensions: [subjectAltName(dns(name))] }).certificate, { anchors: [strict.certificate], at })).ok
    expect([await run('a.contoh.example'), await run('lain.example')]).toEqual([true, false])
  })

  it('of a self-issued authority only the last certificate is judged (6.1.3 (b))', async () => {
    const constrained = issue({ subject: 'CN=Roll', issuer: root, ca: true, extensions: [nameConstraints([dns('contoh.example')], [])] })
    const outside = { extensions: [subjectAltName(dns('lain.example'))] }
    const run = async (subject: string, end: Partial<IssueOptions>): Promise<string> => {
      const next = issue({ subject, issuer: constrained, ca: true, ...outside })
      const result = await buildPath(issue({ subject: 'CN=x', issuer: next, ...end }).certificate, { anchors: [root.certificate], intermediates: [constrained.certificate, next.certificate], at })
      return result.ok ? 'ok' : `${result.refusal.code}@${result.refusal.index}`
    }
    expect(await run('CN=Roll', {})).toBe('ok')
    expect(await run('CN=Other', {})).toBe('nameNotPermitted@1')
    expect(await run('CN=Roll', { subject: 'CN=Roll', ...outside })).toBe('nameNotPermitted@0')
  })
})

describe('comparisons are counted', () => {
  const subtrees = (count: number): Names => Array.from({ length: count }, (_, i) => dns(`a${i}.example`))
  const names = (count: number): Names => Array.from({ length: count }, (_, i) => dns(`b${i}.example`))

  it('a quarter of a million of them, and no more', async () => {
    expect(await judge([], subtrees(500), names(500))).toBe('ok')
    expect(await judge([], subtrees(500), names(501))).toBe('budget@0 name constraints')
  })

  it('over all paths together; one of another form costs nothing', () => {
    const leaf = issue({ subject: 'CN=x', extensions: [subjectAltName(...names(2), mail('desk@contoh.example'))] }).certificate
    for (const constraints of [nameConstraints([dns('example'), uri('contoh.example')], []), nameConstraints([], [dns('contoh.example'), uri('contoh.example')])]) {
      const budget = { left: 3 }
      const path = (): NameConstraintState => {
        const state = new NameConstraintState(budget)
        state.add(issue({ subject: 'CN=CA', extensions: [constraints] }).certificate)
        return state
      }
      expect(path().check(leaf)).toBeUndefined()
      expect(path().check(leaf)).toEqual({ code: 'budget', detail: 'name constraints' })
    }
  })
})
