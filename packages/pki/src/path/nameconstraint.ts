import type { Certificate } from '../certificate/certificate.js'
import type { GeneralName } from '../certificate/generalname.js'
import { nameWithin } from '../name/match.js'

/** Comparisons of a name with a subtree that are left; beyond them a path is refused rather than the machine kept busy. */
export interface ComparisonBudget {
  left: number
}

export function comparisonBudget(): ComparisonBudget {
  return { left: 250_000 }
}

export type NameVerdict = { readonly code: 'nameNotPermitted' | 'nameExcluded' | 'budget'; readonly detail: string }

/** Name constraints gathered along a path (RFC 5280 section 6.1.2 (b), (c), 6.1.4 (g)). */
export class NameConstraintState {
  /** One entry per certificate that permits: a name must lie within every entry that speaks of its kind (the intersection). */
  readonly #permitted: (readonly GeneralName[])[] = []
  readonly #excluded: GeneralName[] = []
  readonly #budget: ComparisonBudget

  constructor(budget: ComparisonBudget) {
    this.#budget = budget
  }

  /** Adds the constraints of one CA certificate. */
  add(certificate: Certificate): void {
    const constraints = certificate.nameConstraints
    if (constraints === undefined) return
    if (constraints.permitted.length > 0) this.#permitted.push(constraints.permitted)
    for (const base of constraints.excluded) this.#excluded.push(base)
  }

  /** RFC 5280 6.1.3 (b), (c): the subject, every subject alternative name, and e-mail addresses in the subject (4.2.1.10 demands these
   * only where no alternative name is given; like OpenSSL we always look: it can only refuse more). */
  check(certificate: Certificate): NameVerdict | undefined {
    if (this.#permitted.length === 0 && this.#excluded.length === 0) return undefined
    const names: GeneralName[] = []
    if (certificate.subject.rdns.length > 0) names.push({ kind: 'directoryName', name: certificate.subject })
    for (const name of certificate.subjectAltNames) names.push(name)
    for (const rdn of certificate.subject.rdns) {
      for (const attribute of rdn) if (attribute.type === '1.2.840.113549.1.9.1') names.push({ kind: 'rfc822Name', value: attribute.value })
    }
    for (const name of names) {
      const verdict = this.#checkName(name)
      if (verdict !== undefined) return verdict
    }
    return undefined
  }

  #checkName(name: GeneralName): NameVerdict | undefined {
    for (const bases of this.#permitted) {
      let constrained = false
      let within = false
      for (const base of bases) {
        if (!sameForm(name, base)) continue
        if (this.#budget.left-- <= 0) return { code: 'budget', detail: 'name constraints' }
        constrained = true
        if (isWithin(name, base) === true) {
          within = true
          break
        }
      }
      if (constrained && !within) return { code: 'nameNotPermitted', detail: name.kind }
    }
    for (const base of this.#excluded) {
      if (!sameForm(name, base)) continue
      if (this.#budget.left-- <= 0) return { code: 'budget', detail: 'name constraints' }
      // A name that cannot be judged is not outside an excluded subtree.
      if (isWithin(name, base) !== false) return { code: 'nameExcluded', detail: name.kind }
    }
    return undefined
  }
}

function sameForm(name: GeneralName, base: GeneralName): boolean {
  return name.kind === base.kind && (name.kind !== 'otherName' || base.kind !== 'otherName' || name.type === base.type)
}

/** Whether a name lies within a subtree of its own form; undefined where RFC 5280 defines no comparison, or the name is malformed. */
function isWithin(name: GeneralName, base: GeneralName): boolean | undefined {
  if (name.kind === 'directoryName' && base.kind === 'directoryName') return nameWithin(name.name, base.name)
  if (name.kind === 'dnsName' && base.kind === 'dnsName') return dnsWithin(name.value, base.value)
  if (name.kind === 'rfc822Name' && base.kind === 'rfc822Name') return mailWithin(name.value, base.value)
  if (name.kind === 'uri' && base.kind === 'uri') return uriWithin(name.value, base.value)
  if (name.kind === 'ipAddress' && base.kind === 'ipAddress') return ipWithin(name.bytes, base.bytes)
  return undefined
}

/** RFC 5280 4.2.1.10: labels may be added on the left. A leading dot, not of the RFC but met, demands at least one. */
function dnsWithin(value: string, base: string): boolean {
  const name = value.toLowerCase().replace(/\.$/, '')
  const root = base.toLowerCase().replace(/\.$/, '')
  if (root === '' || name === root) return true
  return name.endsWith(root.startsWith('.') ? root : `.${root}`)
}

/** RFC 5280 4.2.1.10: a mailbox, all mailboxes on a host, or (leading dot) on every host below a domain. */
function mailWithin(value: string, base: string): boolean | undefined {
  const at = value.lastIndexOf('@')
  if (at <= 0) return undefined
  const host = value.slice(at + 1)
  const baseAt = base.lastIndexOf('@')
  // 4.2.1.6: the local part is compared exactly.
  if (baseAt > 0) return value.slice(0, at) === base.slice(0, baseAt) && host.toLowerCase() === base.slice(baseAt + 1).toLowerCase()
  const bare = baseAt === 0 ? base.slice(1) : base
  if (bare === '') return true
  return hostWithin(host, bare)
}

/** RFC 5280 4.2.1.10: the host of the URI; one without a host, or with an address, is in no subtree and outside none. */
function uriWithin(value: string, base: string): boolean | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(value)?.[1]
  if (authority === undefined) return undefined
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[0-9]*$/, '')
  if (host === '' || host.startsWith('[') || /^[0-9.]+$/.test(host)) return undefined
  return base === '' || hostWithin(host, base)
}

/** Equal to a host, or below a domain written with a leading dot. */
function hostWithin(value: string, base: string): boolean {
  const host = value.toLowerCase().replace(/\.$/, '')
  const root = base.toLowerCase().replace(/\.$/, '')
  return root.startsWith('.') ? host.endsWith(root) && host.length > root.length : host === root
}

/** RFC 5280 4.2.1.10: address and mask, of 4 or 16 octets each. */
function ipWithin(address: Uint8Array, base: Uint8Array): boolean | undefined {
  if (address.length !== 4 && address.length !== 16) return undefined
  if (base.length !== 8 && base.length !== 32) return undefined
  if (base.length !== 2 * address.length) return false
  return address.every((octet, i) => ((octet ^ base[i]!) & base[i + address.length]!) === 0)
}
