import * as z from 'zod'

/*
 * What docs/openapi/ams.yaml (ASSUMED) promises, read tolerantly: unknown members are ignored, words of AMS's own lists stay raw text,
 * and only what a decision rests on is demanded.
 */

const text = z.string().min(1).max(4096)
const serial = z.string().regex(/^[0-9A-Fa-f]{1,60}$/).transform((value) => value.toLowerCase().replace(/^0+(?=.)/, ''))
/** AMS's times are GMT+7; one without an offset is read so (AMS changelog). An unreadable time is absent, not an error. */
const time = z.unknown().transform(amsTime)
const person = z.unknown().transform((value): string | undefined => {
  if (typeof value === 'string') return value
  const username: unknown = (value as { username?: unknown } | null | undefined)?.username
  return typeof username === 'string' ? username : undefined
})

/** A certificate as AMS sends it, read. */
export interface WireCertificate {
  readonly id: string
  readonly username: string
  readonly subjectDn: string
  readonly issuerDn: string
  readonly serial: string
  readonly notBefore?: Date | undefined
  readonly notAfter?: Date | undefined
  readonly status: string
}

export interface WireLetter {
  readonly letterId: string
  readonly sha256?: string | undefined
  readonly size?: number | undefined
}

/** A revocation record as AMS sends it, read. */
export interface WireRevocation {
  readonly id: string
  readonly certificate: { readonly issuerDn: string; readonly serial: string; readonly subjectDn?: string | undefined }
  readonly username: string
  readonly reason: string
  readonly status: string
  readonly filedBy?: string | undefined
  readonly filedAt?: Date | undefined
  readonly decidedBy?: string | undefined
  readonly decidedAt?: Date | undefined
  readonly revokedAt?: Date | undefined
  readonly refusal?: { readonly by: string; readonly message: string } | null | undefined
  readonly letters: readonly WireLetter[]
  readonly idempotencyKey?: string | null | undefined
}

/** A page: `items`, and `total` where AMS says how many there are. */
export interface WirePage<T> {
  readonly items: readonly T[]
  readonly total?: number | undefined
}

export const amsCertificate: z.ZodType<WireCertificate> = z.object({
  id: z.union([text, z.number()]).transform(String),
  username: z.string().catch(''),
  subjectDn: text,
  issuerDn: text,
  serial,
  notBefore: time.optional(),
  notAfter: time.optional(),
  status: z.string().catch(''),
})

export const amsLetter: z.ZodType<WireLetter> = z.object({ letterId: text, sha256: z.string().optional(), size: z.number().optional() })

export const amsRevocation: z.ZodType<WireRevocation> = z.object({
  id: z.union([text, z.number()]).transform(String),
  certificate: z.object({ issuerDn: text, serial, subjectDn: z.string().optional() }),
  username: z.string().catch(''),
  reason: z.string().catch(''),
  status: text,
  filedBy: person.optional(),
  filedAt: time.optional(),
  decidedBy: person.optional(),
  decidedAt: time.optional(),
  revokedAt: time.optional(),
  refusal: z.object({ by: z.string().catch(''), message: z.string().catch('') }).nullish().catch(undefined),
  letters: z.array(amsLetter).catch([]),
  idempotencyKey: z.string().nullish().catch(undefined),
})

export const amsCertificatePage: z.ZodType<WirePage<WireCertificate>> = z.object({ items: z.array(amsCertificate), total: z.number().optional() })
export const amsRevocationPage: z.ZodType<WirePage<WireRevocation>> = z.object({ items: z.array(amsRevocation), total: z.number().optional() })

/** The envelope of every answer. A refusal without code or message is still a refusal. */
const envelope = z.union([
  z.object({ success: z.literal(true), data: z.unknown() }),
  z.object({ success: z.literal(false), code: z.union([z.string(), z.number()]).transform(String).catch('UNSPECIFIED'), message: z.string().catch('') }),
])

export type Envelope = { readonly success: true; readonly data: unknown } | { readonly success: false; readonly code: string; readonly message: string }

export function readEnvelope(json: unknown): Envelope | undefined {
  const read = envelope.safeParse(json)
  if (!read.success) return undefined
  return read.data.success ? { success: true, data: read.data.data } : read.data
}

/** Data of an answer, or the dotted paths at which it breaks the contract (never the values). */
export function readData<T>(schema: z.ZodType<T>, data: unknown): { readonly data: T } | { readonly fault: string } {
  const read = schema.safeParse(data)
  if (read.success) return { data: read.data }
  const places = [...new Set(read.error.issues.map((issue) => issue.path.join('.') || 'data'))].slice(0, 5)
  return { fault: `unexpected shape at ${places.join(', ')}` }
}

function amsTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(value)) return undefined
  const iso = value.replace(' ', 'T')
  const date = new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}+07:00`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
