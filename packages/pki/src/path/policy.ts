import type { Certificate } from '../certificate/certificate.js'
import { Oid } from '../certificate/extension.js'

/** A node of the policy graph (RFC 9618 section 5.1): one per policy and depth, whatever number of parents. */
interface PolicyNode {
  readonly policy: string
  readonly parents: readonly PolicyNode[]
  expected: ReadonlySet<string>
  /** Set at the end for nodes that some node of the last depth descends from. */
  live: boolean
}

type Level = Map<string, PolicyNode>

/** The inputs about policies of RFC 5280 section 6.1.1 (c) to (g). */
export interface PolicyInputs {
  /** @default any policy */
  readonly initialPolicies?: readonly string[]
  /** @default false */
  readonly requireExplicitPolicy?: boolean
  /** @default false */
  readonly inhibitPolicyMapping?: boolean
  /** @default false */
  readonly inhibitAnyPolicy?: boolean
}

/**
 * Policy processing of RFC 5280 section 6.1 with the graph of RFC 9618, which is equivalent to the tree and cannot grow exponentially.
 * Feed the certificates in order from the one the anchor issued to the last.
 */
export class PolicyState {
  readonly #length: number
  readonly #initial: ReadonlySet<string> | undefined
  /** Levels 0 to i; undefined: the graph is NULL. */
  #levels: Level[] | undefined
  #explicitPolicy: number
  #policyMapping: number
  #inhibitAnyPolicy: number

  constructor(length: number, inputs: PolicyInputs) {
    this.#length = length
    const any = inputs.initialPolicies === undefined || inputs.initialPolicies.includes(Oid.anyPolicy)
    this.#initial = any ? undefined : new Set(inputs.initialPolicies)
    this.#levels = [new Map([[Oid.anyPolicy, node(Oid.anyPolicy, [], [Oid.anyPolicy])]])]
    this.#explicitPolicy = inputs.requireExplicitPolicy ? 0 : length + 1
    this.#policyMapping = inputs.inhibitPolicyMapping ? 0 : length + 1
    this.#inhibitAnyPolicy = inputs.inhibitAnyPolicy ? 0 : length + 1
  }

  /** RFC 5280 6.1.3 (d)-(f) for certificate `i` (1-based); false when an explicit policy is required and none is left. */
  process(certificate: Certificate, i: number, selfIssued: boolean): boolean {
    const levels = this.#levels
    if (levels !== undefined) {
      // (e): no policies extension, or (d)(3): nothing valid at this depth.
      const level = certificate.policies.length === 0 ? undefined : this.#nextLevel(certificate, levels[levels.length - 1]!, i, selfIssued)
      if (level === undefined || level.size === 0) this.#levels = undefined
      else levels.push(level)
    }
    return this.#explicitPolicy > 0 || this.#levels !== undefined
  }

  #nextLevel(certificate: Certificate, previous: Level, i: number, selfIssued: boolean): Level {
    const byExpected = new Map<string, PolicyNode[]>()
    for (const parent of previous.values()) {
      for (const expected of parent.expected) {
        const parents = byExpected.get(expected)
        if (parents === undefined) byExpected.set(expected, [parent])
        else parents.push(parent)
      }
    }
    const level: Level = new Map()
    const anyParent = previous.get(Oid.anyPolicy)
    // (d)(1)
    for (const policy of certificate.policies) {
      if (policy === Oid.anyPolicy) continue
      const parents = byExpected.get(policy) ?? (anyParent === undefined ? undefined : [anyParent])
      if (parents !== undefined) level.set(policy, node(policy, parents, [policy]))
    }
    // (d)(2)
    if (certificate.policies.includes(Oid.anyPolicy) && (this.#inhibitAnyPolicy > 0 || (i < this.#length && selfIssued))) {
      for (const [policy, parents] of byExpected) if (!level.has(policy)) level.set(policy, node(policy, parents, [policy]))
    }
    return level
  }

  /** RFC 5280 6.1.4 (a), (b), (h)-(j); false when a mapping names anyPolicy. */
  prepare(certificate: Certificate, selfIssued: boolean): boolean {
    const mappings = new Map<string, Set<string>>()
    for (const { issuerDomain, subjectDomain } of certificate.policyMappings) {
      if (issuerDomain === Oid.anyPolicy || subjectDomain === Oid.anyPolicy) return false
      const mapped = mappings.get(issuerDomain)
      if (mapped === undefined) mappings.set(issuerDomain, new Set([subjectDomain]))
      else mapped.add(subjectDomain)
    }
    this.#map(mappings)
    if (!selfIssued) {
      if (this.#explicitPolicy > 0) this.#explicitPolicy--
      if (this.#policyMapping > 0) this.#policyMapping--
      if (this.#inhibitAnyPolicy > 0) this.#inhibitAnyPolicy--
    }
    const constraints = certificate.policyConstraints
    this.#explicitPolicy = Math.min(this.#explicitPolicy, constraints?.requireExplicitPolicy ?? Infinity)
    this.#policyMapping = Math.min(this.#policyMapping, constraints?.inhibitPolicyMapping ?? Infinity)
    this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, certificate.inhibitAnyPolicy ?? Infinity)
    return true
  }

  #map(mappings: ReadonlyMap<string, ReadonlySet<string>>): void {
    const level = this.#levels?.[this.#levels.length - 1]
    if (level === undefined) return
    const any = level.get(Oid.anyPolicy)
    for (const [issuerDomain, subjectDomains] of mappings) {
      const mapped = level.get(issuerDomain)
      if (this.#policyMapping > 0) {
        if (mapped !== undefined) mapped.expected = subjectDomains
        else if (any !== undefined) level.set(issuerDomain, { ...node(issuerDomain, any.parents, []), expected: subjectDomains })
      } else if (mapped !== undefined) level.delete(issuerDomain)
    }
    if (level.size === 0) this.#levels = undefined
  }

  /** RFC 5280 6.1.5 (a), (b), (g): the user-constrained policies; undefined when an explicit policy is required and none is left. */
  finish(last: Certificate): readonly string[] | undefined {
    if (this.#explicitPolicy > 0) this.#explicitPolicy--
    if (last.policyConstraints?.requireExplicitPolicy === 0) this.#explicitPolicy = 0
    const policies = this.#userConstrained()
    return this.#explicitPolicy > 0 || policies.length > 0 ? policies : undefined
  }

  /** RFC 9618 5.3 (g): policies the authorities stand for, in their own domain, cut with those the caller asked for. */
  #userConstrained(): string[] {
    const levels = this.#levels
    if (levels === undefined) return []
    const authorities = new Set<string>()
    const last = levels[levels.length - 1]!
    for (const leaf of last.values()) leaf.live = true
    for (let depth = levels.length - 1; depth > 0; depth--) {
      for (const item of levels[depth]!.values()) {
        if (!item.live) continue
        for (const parent of item.parents) {
          parent.live = true
          if (parent.policy === Oid.anyPolicy && item.policy !== Oid.anyPolicy) authorities.add(item.policy)
        }
      }
    }
    if (last.has(Oid.anyPolicy)) return this.#initial === undefined ? [...authorities, Oid.anyPolicy] : [...this.#initial]
    return this.#initial === undefined ? [...authorities] : [...authorities].filter((policy) => this.#initial!.has(policy))
  }
}

function node(policy: string, parents: readonly PolicyNode[], expected: readonly string[]): PolicyNode {
  return { policy, parents, expected: new Set(expected), live: false }
}
