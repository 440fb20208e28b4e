import * as z from 'zod'

/*
 * e-Sign Client Service v2.2.1 as code that follows the vendor's guide shows it. Member types vary between installations, so scalars are
 * read as text, and nothing is demanded but what a result cannot do without.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const optional = scalar.nullish().catch(undefined).transform((value) => value ?? undefined)
const flag = z.boolean().nullish().catch(undefined).transform((value) => value ?? undefined)

export interface WireStatus {
  /** Decides. */
  readonly status: string
  /** Conflicts between sources and is only kept. */
  readonly status_code?: string | undefined
  readonly message?: string | undefined
}

export interface WireChain {
  readonly success?: boolean | undefined
  /** The elements' shape is unknown: they are looked at one by one. */
  readonly data: readonly unknown[]
}

export interface WireCertificateDetail {
  readonly id?: string | undefined
  readonly commonName?: string | undefined
  readonly issuerName?: string | undefined
  readonly serialNumber?: string | undefined
  readonly notBeforeDate?: string | undefined
  readonly notAfterDate?: string | undefined
  readonly signatureAlgoritm?: string | undefined
  readonly signatureAlgorithm?: string | undefined
}

interface WireTimestamp {
  readonly timestampDate?: string | undefined
}

export interface WireSignature {
  readonly signerName?: string | undefined
  readonly signatureDate?: string | undefined
  readonly signatureFormat?: string | undefined
  readonly integrityValid?: boolean | undefined
  readonly certificateTrusted?: boolean | undefined
  /** The vendor's own spelling. */
  readonly timestampInfomation?: WireTimestamp | null | undefined
  readonly timestampInformation?: WireTimestamp | null | undefined
  readonly certificateDetails?: readonly WireCertificateDetail[] | null | undefined
}

export interface WireVerification {
  readonly conclusion: string
  readonly description?: string | undefined
  readonly signatureInformations: readonly WireSignature[]
}

/** A member that carries text, whatever it is called. */
export interface WireRefusal {
  readonly error?: string | undefined
  readonly message?: string | undefined
  readonly success?: boolean | undefined
}

export const esignStatus: z.ZodType<WireStatus> = z.object({ status: z.string().min(1).max(100), status_code: optional, message: optional })

export const esignChain: z.ZodType<WireChain> = z.object({ success: z.boolean().optional(), data: z.array(z.unknown()).max(20) })

/** A serial of 20 octets sent as a JSON number has lost digits on the way: it must not look like one. */
const serialNumber = z.union([z.string(), z.number().transform((value) => (Number.isSafeInteger(value) ? String(value) : value.toExponential()))])
  .nullish().catch(undefined).transform((value) => value ?? undefined)

const certificateDetail = z.object({
  id: optional,
  commonName: optional,
  issuerName: optional,
  serialNumber,
  notBeforeDate: optional,
  notAfterDate: optional,
  signatureAlgoritm: optional,
  signatureAlgorithm: optional,
})

const timestamp = z.object({ timestampDate: optional }).nullish().catch(undefined)

const signature: z.ZodType<WireSignature> = z.object({
  signerName: optional,
  signatureDate: optional,
  signatureFormat: optional,
  integrityValid: flag,
  certificateTrusted: flag,
  timestampInfomation: timestamp,
  timestampInformation: timestamp,
  certificateDetails: z.array(certificateDetail).nullish().catch(undefined),
})

export const esignVerification: z.ZodType<WireVerification> = z.object({
  conclusion: z.string().min(1).max(200),
  description: optional,
  signatureInformations: z.array(signature).nullish().transform((value) => value ?? []),
})

export const esignRefusal: z.ZodType<WireRefusal> = z.object({ error: optional, message: optional, success: flag })
