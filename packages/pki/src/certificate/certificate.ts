import type { AlgorithmIdentifier } from '../der/index.js'
import type { Name } from '../name/name.js'
import type { DistributionPoint } from './distributionpoint.js'
import type { Extension } from './extension.js'
import type { GeneralName } from './generalname.js'

/**
 * KeyUsage bits of RFC 5280 section 4.2.1.3, in bit order.
 *
 * @example
 * ```ts
 * keyUsages.indexOf('keyCertSign') // 5
 * keyUsages.filter((usage) => issuing.keyUsage?.has(usage)) // ['keyCertSign', 'cRLSign']
 * ```
 */
export const keyUsages = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'] as const

/** One bit of KeyUsage (RFC 5280 section 4.2.1.3), by its name there. */
export type KeyUsage = (typeof keyUsages)[number]

/** BasicConstraints of RFC 5280 section 4.2.1.9. */
export interface BasicConstraints {
  readonly ca: boolean
  /** How many non-self-issued intermediate certificates may follow; absent: any number. */
  readonly pathLength?: number
}

/** ExtKeyUsageSyntax of RFC 5280 section 4.2.1.12. */
export interface ExtendedKeyUsage {
  readonly critical: boolean
  /** Dotted object identifiers. */
  readonly purposes: readonly string[]
}

/** AuthorityKeyIdentifier of RFC 5280 section 4.2.1.1. */
export interface AuthorityKeyId {
  /** Lower-case hex. */
  readonly keyId?: string | undefined
  readonly issuer?: readonly GeneralName[]
  /** Canonical hex, as {@link Certificate.serial}. */
  readonly serial?: string
}

/** PolicyInformation of RFC 5280 section 4.2.1.4. */
export interface PolicyInformation {
  readonly oid: string
  readonly qualifiers: readonly { readonly oid: string; readonly der: Uint8Array }[]
}

/** One pair of PolicyMappings (RFC 5280 section 4.2.1.5), dotted object identifiers. */
export interface PolicyMapping {
  readonly issuerDomain: string
  readonly subjectDomain: string
}

/** PolicyConstraints of RFC 5280 section 4.2.1.11: numbers of certificates further down the path. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number
  readonly inhibitPolicyMapping?: number
}

/** NameConstraints of RFC 5280 section 4.2.1.10. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** The facts of an X.509 certificate (RFC 5280 section 4), read strictly. It stands over the octets it was read from, which must not change. */
export interface Certificate {
  /** The whole certificate. */
  readonly der: Uint8Array
  /** The signed part, tbsCertificate. */
  readonly tbs: Uint8Array
  /** 1, 2 or 3. */
  readonly version: 1 | 2 | 3
  /** Serial number as lower-case hex without leading zeros (`0` for zero, `-` before a negative one, which RFC 5280 4.1.2.2 forbids to issue). */
  readonly serial: string
  readonly issuer: Name
  readonly subject: Name
  readonly issuerDer: Uint8Array
  readonly subjectDer: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** Octets of the signature's BIT STRING. */
  readonly signature: Uint8Array
  readonly basicConstraints?: BasicConstraints
  readonly keyUsage?: ReadonlySet<KeyUsage>
  readonly extendedKeyUsage?: ExtendedKeyUsage
  /** Lower-case hex. */
  readonly subjectKeyId?: string | undefined
  readonly authorityKeyId?: AuthorityKeyId
  readonly subjectAltNames: readonly GeneralName[]
  readonly crlDistributionPoints: readonly DistributionPoint[]
  /** Where delta CRLs are (freshestCRL). */
  readonly freshestCrl: readonly DistributionPoint[]
  readonly ocspUrls: readonly string[]
  readonly caIssuerUrls: readonly string[]
  /** Policy identifiers, dotted; qualifiers stand in `policyInformation`. */
  readonly policies: readonly string[]
  readonly policyInformation: readonly PolicyInformation[]
  readonly policyMappings: readonly PolicyMapping[]
  readonly policyConstraints?: PolicyConstraints
  readonly inhibitAnyPolicy?: number
  readonly nameConstraints?: NameConstraints
  /** id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1). */
  readonly ocspNoCheck: boolean
  readonly extensions: readonly Extension[]
  /** Critical extensions this package does not process: a path with one is refused (RFC 5280 section 4.2). */
  readonly unknownCriticalExtensions: readonly string[]
}
