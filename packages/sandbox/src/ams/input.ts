import * as z from 'zod'
import { nameKey, nameKeyOf } from '../authority/name.js'
import type { Exchange } from '../http/router.js'
import type { CertificateRecord } from '../state.js'
import type { World } from '../world.js'
import type { Caller } from './access.js'
import { maySee } from './access.js'
import { Refusal } from './envelope.js'

/** What a filing says, as read from the body. */
export interface Filing {
  readonly username: string
  readonly certificate: { readonly issuerDn: string; readonly serial: string }
  readonly reason: string
  readonly note?: string | undefined
  readonly letterIds: readonly string[]
}

/** The agency's decision, as read from the body. */
export interface AgencyDecision {
  readonly decision: 'FORWARD' | 'RETURN' | 'REJECT'
  readonly note?: string | undefined
}

interface Paging {
  readonly page: number
  readonly size: number
}

export interface CertificateQuery extends Paging {
  readonly username?: string | undefined
  readonly subjectDn?: string | undefined
  readonly issuerDn?: string | undefined
  readonly serial?: string | undefined
}

export interface RevocationQuery extends Paging {
  readonly issuerDn?: string | undefined
  readonly serial?: string | undefined
  readonly idempotencyKey?: string | undefined
}

const dn = z.string().min(1).max(2048)
const serial = z.string().regex(/^[0-9A-Fa-f]{1,60}$/)
const username = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\u0000-\u001f\u007f]+$/)
const note = z.string().max(2000)
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

export const filingSchema: z.ZodType<Filing> = z.strictObject({
  username,
  certificate: z.strictObject({ issuerDn: dn, serial }),
  reason: z.string().min(1).max(100),
  note: note.optional(),
  letterIds: z.array(id).min(1).max(10),
})

export const decisionSchema: z.ZodType<AgencyDecision> = z.strictObject({
  decision: z.enum(['FORWARD', 'RETURN', 'REJECT']),
  note: note.optional(),
})

const page = { page: z.coerce.number().int().min(1).max(100_000).default(1), size: z.coerce.number().int().min(1).max(100).default(100) }

export const certificateQuery: z.ZodType<CertificateQuery> = z
  .object({ username: username.optional(), subjectDn: dn.optional(), issuerDn: dn.optional(), serial: serial.optional(), ...page })
  .refine((q) => q.username !== undefined || q.subjectDn !== undefined || (q.issuerDn !== undefined && q.serial !== undefined))

export const revocationQuery: z.ZodType<RevocationQuery> = z
  .object({
    issuerDn: dn.optional(),
    serial: serial.optional(),
    idempotencyKey: z
      .string()
      .regex(/^[\x21-\x7e]{8,128}$/)
      .optional(),
    ...page,
  })
  .refine((q) => q.idempotencyKey !== undefined || (q.issuerDn !== undefined && q.serial !== undefined))

/** Throws `Refusal` QUERY_INVALID. */
export function readQuery<T extends z.ZodType>(schema: T, url: URL): z.infer<T> {
  const parsed = schema.safeParse(Object.fromEntries(url.searchParams))
  if (!parsed.success) throw new Refusal('QUERY_INVALID')
  return parsed.data
}

/** Throws `Refusal` CONTENT_TYPE_INVALID, JSON_INVALID or BODY_INVALID. */
export function readJson<T extends z.ZodType>(schema: T, { request, body }: Exchange): z.infer<T> {
  demandType(request, 'application/json')
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new Refusal('JSON_INVALID')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Refusal('BODY_INVALID')
  return parsed.data
}

export function demandType(request: Request, type: string): void {
  if (request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== type) throw new Refusal('CONTENT_TYPE_INVALID')
}

/** Throws `Refusal` IDEMPOTENCY_KEY_REQUIRED. */
export function idempotencyKey(request: Request): string {
  const key = request.headers.get('idempotency-key')
  if (key === null || !/^[\x21-\x7e]{8,128}$/.test(key)) throw new Refusal('IDEMPOTENCY_KEY_REQUIRED')
  return key
}

/** A certificate by issuer and serial, as far as the caller may see it. */
export function certificateAt(world: World, caller: Caller, issuerDn: string, serialHex: string): CertificateRecord | undefined {
  if (nameKey(issuerDn) !== nameKeyOf(world.authority.issuingName)) return undefined
  const record = world.bySerial(canonicalSerial(serialHex))
  return record !== undefined && maySee(caller, record) ? record : undefined
}

export const canonicalSerial = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '')

export function pageOf<T>(items: readonly T[], { page: number, size }: Paging, view: (item: T) => unknown): Record<string, unknown> {
  return { items: items.slice((number - 1) * size, number * size).map(view), total: items.length, page: number, size }
}
