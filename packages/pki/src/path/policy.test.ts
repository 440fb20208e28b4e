import { describe, expect, it } from 'vitest'
import { extension, issue, policies, policyMappings, sequence, type Issued } from '../../test/support/issue.js'
import { validatePath, type PolicyInputs } from './index.js'

const at = new Date('2026-06-01T00:00:00Z')
const root = issue({ subject: 'CN=Root', ca: true })
const [A, B, X, Y, any] = ['1.2.3.1', '1.2.3.2', '1.2.3.8', '1.2.3.9', '2.5.29.32.0']
const explicit = { requireExplicitPolicy: true }

const requireExplicit = (skip: number): Uint8Array => extension('2.5.29.36', true, sequence(Uint8Array.of(0x80, 1, skip)))
const inhibitMapping = (skip: number): Uint8Array => extension('2.5.29.36', true, sequence(Uint8Array.of(0x81, 1, skip)))
const inhibitAny = (skip: number): Uint8Array => extension('2.5.29.54', true, Uint8Array.of(2, 1, skip))
/** Marks a certificate that has the name of its issuer. */
const selfIssued = 'self-issued'
type Level = readonly (Uint8Array | typeof selfIssued)[]

/** Root, then a certificate for each list of extensions, the last one the certificate in question: its policies, or every refusal. */
async function run(levels: readonly Level[], inputs: PolicyInputs = {}): Promise<readonly string[]> {
  const line: Issued[] = [root]
  for (const [depth, level] of levels.entries()) {
    const issuer = line.at(-1)!
    const extensions = level.filter((item) => item !== selfIssued)
    const name = { subject: `CN=Depth ${depth}`, ...(extensions.length < level.length && { subjectDer: issuer.certificate.subjectDer }) }
    line.push(issue({ ...name, issuer, ca: depth < levels.length - 1, extensions }))
  }
  const result = await validatePath(line.map(({ certificate }) => certificate).reverse() as never, { at, ...inputs })
  return result.ok ? result.policies : result.refusals.map(({ code, index }) => `${code}@${index}`)
}

describe('RFC 5280 6.1.6, RFC 9618 5.3 (g): the policies a path is good for', () => {
  it.each<[string, readonly Level[], PolicyInputs, readonly string[]]>([
    ['none', [[], []], {}, []],
    ['none any more where one certificate has none', [[policies(A)], [], [policies(A)]], {}, []],
    ['the one named all the way', [[policies(A, B)], [policies(A)]], explicit, [A]],
    ['any, where every certificate says so', [[policies(any)], [policies(any)]], explicit, [any]],
    ['any and those named besides', [[policies(any)], [policies(any, A)]], explicit, [A, any]],
    ['of those asked for, where every certificate says any', [[policies(any)], [policies(any)]], { ...explicit, initialPolicies: [A] }, [A]],
    ['of those asked for', [[policies(A, B)], [policies(A, B)]], { ...explicit, initialPolicies: [B, X] }, [B]],
    ['asked for any', [[policies(A)], [policies(A)]], { ...explicit, initialPolicies: [any, X] }, [A]],
    ['named below any', [[policies(A)], [policies(any)], [policies(A)]], explicit, [A]],
    ['any in the last, below one that is named', [[policies(A)], [policies(any)]], explicit, [A]],
    ['any in the last, by which none is lost that it names itself', [[policies(A, B)], [policies(any, A)]], explicit, [A, B]],
    ['mapped: in the words of the authority above', [[policies(A), policyMappings([A, X])], [policies(X)]], explicit, [A]],
    ['mapped: the word from before stands no more', [[policies(A), policyMappings([A, X])], [policies(A)]], explicit, ['policy@0', 'policy@0']],
    ['two mapped to one', [[policies(A, B), policyMappings([A, X], [B, X])], [policies(X)]], explicit, [A, B]],
    ['one mapped to two', [[policies(A), policyMappings([A, X], [A, Y])], [policies(X)]], explicit, [A]],
    ['one mapped to two, the other', [[policies(A), policyMappings([A, X], [A, Y])], [policies(Y)]], explicit, [A]],
    ['mapped from one the authority does not have', [[policies(A), policyMappings([B, X])], [policies(A)]], explicit, [A]],
    ['mapped from one the authority has by any', [[policies(any), policyMappings([B, X])], [policies(X)]], explicit, [B]],
    ['mapped into any, which is forbidden', [[policies(A), policyMappings([A, any])], [policies(A)]], {}, ['policyMapping@1']],
    ['mapped where mapping is inhibited: taken away', [[policies(A, B), policyMappings([A, X])], [policies(A, B)]], { ...explicit, inhibitPolicyMapping: true }, [B]],
    ['the only one mapped where mapping is inhibited', [[policies(A), policyMappings([A, X])], [policies(A, X)]], { ...explicit, inhibitPolicyMapping: true }, ['policy@0', 'policy@0']],
    ['mapped from another where mapping is inhibited', [[policies(A), policyMappings([B, X])], [policies(A)]], { ...explicit, inhibitPolicyMapping: true }, [A]],
  ])('%s', async (_, levels, inputs, expected) => expect(await run(levels, inputs)).toEqual(expected))
})

describe('RFC 5280 6.1.4 (h)-(j), 6.1.5 (a), (b): what certificates demand, so many certificates further down', () => {
  const twice = ['policy@0', 'policy@0']
  it.each<[string, readonly Level[], PolicyInputs, readonly string[]]>([
    ['an explicit policy, at once', [[requireExplicit(0)], []], {}, twice],
    ['an explicit policy, at once, and there is one', [[policies(A), requireExplicit(0)], [policies(A)]], {}, [A]],
    ['an explicit policy after one', [[requireExplicit(1)], [], []], {}, twice],
    ['an explicit policy after two: at the end', [[requireExplicit(2)], [], []], {}, ['policy@0']],
    ['an explicit policy after three: never', [[requireExplicit(3)], [], []], {}, []],
    ['a self-issued certificate does not count', [[requireExplicit(2)], [selfIssued], []], {}, []],
    ['nor does a self-issued one put it off', [[requireExplicit(1)], [selfIssued], []], {}, ['policy@0']],
    ['the nearer of two demands', [[requireExplicit(1)], [requireExplicit(9)], []], {}, twice],
    ['a later demand that comes sooner', [[requireExplicit(9)], [requireExplicit(0)], []], {}, twice],
    ['the certificate in question itself', [[], [requireExplicit(0)]], {}, ['policy@0']],
    ['the certificate in question, for others', [[], [requireExplicit(1)]], {}, []],
    ['no mapping, at once', [[policies(A), inhibitMapping(0)], [policies(A), policyMappings([A, X])], [policies(A, X)]], explicit, twice],
    ['no mapping, after one: its own', [[policies(A), inhibitMapping(1)], [policies(A), policyMappings([A, X])], [policies(X)]], explicit, [A]],
    ['no mapping, after one: the next', [[policies(A), inhibitMapping(1)], [policies(A)], [policies(A), policyMappings([A, X])], [policies(A, X)]], explicit, twice],
    ['no mapping, after one self-issued that does not count', [[policies(A), inhibitMapping(1)], [policies(A), selfIssued], [policies(A), policyMappings([A, X])], [policies(X)]], explicit, [A]],
    ['no mapping, the nearer of two', [[policies(A), inhibitMapping(0)], [policies(A), inhibitMapping(9)], [policies(A), policyMappings([A, X])], [policies(A, X)]], explicit, twice],
    ['mapping in a long path', [[policies(A)], [policies(A)], [policies(A)], [policies(A), policyMappings([A, X])], [policies(X)]], explicit, [A]],
    ['no any, at once', [[policies(A), inhibitAny(0)], [policies(any)]], explicit, twice],
    ['no any, after one: its own', [[policies(A), inhibitAny(1)], [policies(any)], [policies(A)]], explicit, [A]],
    ['no any, after one: the next', [[policies(A), inhibitAny(1)], [policies(A)], [policies(any)]], explicit, twice],
    ['no any, after one self-issued that does not count', [[policies(A), inhibitAny(1)], [policies(A), selfIssued], [policies(any)]], explicit, [A]],
    ['no any, the nearer of two', [[policies(A), inhibitAny(0)], [policies(A), inhibitAny(9)], [policies(any)]], explicit, twice],
    ['any in a self-issued authority all the same', [[policies(A), inhibitAny(0)], [policies(any), selfIssued], [policies(A)]], explicit, [A]],
    ['any in a self-issued certificate in question not', [[policies(A), inhibitAny(0)], [policies(any), selfIssued]], explicit, twice],
  ])('%s', async (_, levels, inputs, expected) => expect(await run(levels, inputs)).toEqual(expected))
})
