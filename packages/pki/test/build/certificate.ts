import { readCertificate, type Certificate } from '../../src/certificate/index.js'
import { bits, bool, dn, explicit, extension, int, oid, octets, seq, serialInt, time, tlv, uri } from './der.js'
import { algorithmIdentifier, makeKey, signed, type Algorithm, type Key } from './keys.js'

export interface Party {
  readonly name: Buffer
  readonly key: Key
  readonly der: Buffer
  readonly certificate: Certificate
}

export interface CertificatePlan {
  readonly subject: string
  readonly issuer?: Party
  readonly key?: Key
  readonly algorithm?: Algorithm
  readonly serial?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly ca?: boolean
  /** KeyUsage bits, 0 is digitalSignature. */
  readonly usage?: readonly number[]
  readonly purposes?: readonly string[]
  readonly crlUrls?: readonly string[]
  readonly ocspUrl?: string
  readonly noCheck?: boolean
  readonly extensions?: readonly Buffer[]
}

export const t0 = new Date('2026-01-01T00:00:00Z')
export const day = 86_400_000
export const later = (days: number): Date => new Date(t0.getTime() + days * day)

let counter = 0x1000n

export function makeParty(plan: CertificatePlan): Party {
  const key = plan.key ?? makeKey(plan.algorithm ?? 'p256')
  const name = dn(plan.subject)
  const issuer = plan.issuer ?? { name, key }
  const usage = plan.usage ?? (plan.ca === true ? [5, 6] : [0, 1])
  const flags = [0, 0]
  for (const bit of usage) flags[bit >> 3]! |= 0x80 >> (bit & 7)
  const width = flags[1] === 0 ? 1 : 2
  const last = flags[width - 1]!
  const unused = last === 0 ? 0 : Math.clz32(last & -last) === 31 ? 0 : 31 - Math.clz32(last & -last)
  const extensions = [
    ...(plan.ca === true ? [extension('2.5.29.19', seq(bool(true)), true)] : []),
    extension('2.5.29.15', bits(Buffer.from(flags.slice(0, width)), unused), true),
    extension('2.5.29.14', octets(key.id)),
    extension('2.5.29.35', seq(tlv(0x80, issuer.key.id))),
    ...(plan.purposes === undefined ? [] : [extension('2.5.29.37', seq(...plan.purposes.map(oid)))]),
    ...(plan.crlUrls === undefined ? [] : [extension('2.5.29.31', seq(seq(explicit(0, explicit(0, ...plan.crlUrls.map(uri))))))]),
    ...(plan.ocspUrl === undefined ? [] : [extension('1.3.6.1.5.5.7.1.1', seq(seq(oid('1.3.6.1.5.5.7.48.1'), uri(plan.ocspUrl))))]),
    ...(plan.noCheck === true ? [extension('1.3.6.1.5.5.7.48.1.5', tlv(0x05))] : []),
    ...(plan.extensions ?? []),
  ]
  const tbs = seq(
    explicit(0, int(2)), serialInt(plan.serial ?? (counter++).toString(16)), algorithmIdentifier(issuer.key), issuer.name,
    seq(time(plan.notBefore ?? later(-30)), time(plan.notAfter ?? later(700))), name, key.spki, explicit(3, seq(...extensions)),
  )
  const der = signed(issuer.key, tbs)
  return { name, key, der, certificate: readCertificate(der) }
}
