import { createHash } from 'node:crypto'
import { enumerated, explicit, extension, generalized, nul, octets, oid, seq, serialInt, tlv } from './der.js'
import { algorithmIdentifier, keyOctets, signatureOver, type Key } from './keys.js'
import { bits } from './der.js'
import { later, type Party } from './certificate.js'

const hashOids = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2', sha512: '2.16.840.1.101.3.4.2.3' } as const

export interface SinglePlan {
  readonly serial: string
  readonly issuer: { readonly name: Buffer; readonly key: Key }
  readonly hash?: keyof typeof hashOids
  readonly status?: 'good' | 'revoked' | 'unknown'
  readonly revokedAt?: Date
  readonly reason?: number
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly extensions?: readonly Buffer[]
}

export interface OcspPlan {
  readonly signer: Party
  readonly singles: readonly SinglePlan[]
  readonly byName?: boolean
  /** Overrides the key that signs. */
  readonly key?: Key
  readonly producedAt?: Date
  readonly nonce?: Uint8Array
  readonly send?: readonly Party[]
  readonly spoil?: boolean
  readonly extensions?: readonly Buffer[]
}

function single(plan: SinglePlan): Buffer {
  const hash = plan.hash ?? 'sha1'
  const digest = (data: Uint8Array): Buffer => createHash(hash).update(data).digest()
  const status = plan.status ?? 'good'
  const certStatus = status === 'good' ? tlv(0x80) : status === 'unknown' ? tlv(0x82)
    : tlv(0xa1, generalized(plan.revokedAt ?? later(-1)), ...(plan.reason === undefined ? [] : [explicit(0, enumerated(plan.reason))]))
  return seq(
    seq(seq(oid(hashOids[hash]), nul()), octets(digest(plan.issuer.name)), octets(digest(keyOctets(plan.issuer.key.spki))), serialInt(plan.serial)),
    certStatus, generalized(plan.thisUpdate ?? later(0)), ...(plan.nextUpdate === null ? [] : [explicit(0, generalized(plan.nextUpdate ?? later(1)))]),
    ...(plan.extensions === undefined ? [] : [explicit(1, seq(...plan.extensions))]),
  )
}

export function makeOcsp(plan: OcspPlan): Buffer {
  const extensions = [...(plan.nonce === undefined ? [] : [extension('1.3.6.1.5.5.7.48.1.2', octets(plan.nonce))]), ...(plan.extensions ?? [])]
  const tbs = seq(
    plan.byName === true ? explicit(1, plan.signer.name) : explicit(2, octets(plan.signer.key.id)), generalized(plan.producedAt ?? later(0)),
    seq(...plan.singles.map(single)), ...(extensions.length === 0 ? [] : [explicit(1, seq(...extensions))]),
  )
  const key = plan.key ?? plan.signer.key
  const signature = signatureOver(key, tbs)
  if (plan.spoil === true) signature[signature.length - 1]! ^= 1
  const basic = seq(tbs, algorithmIdentifier(key), bits(signature), ...(plan.send === undefined ? [] : [explicit(0, seq(...plan.send.map(({ der }) => der)))]))
  return seq(enumerated(0), explicit(0, seq(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))))
}

export const ocspError = (status: number): Buffer => seq(enumerated(status))
