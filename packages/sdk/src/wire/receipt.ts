import * as z from 'zod'
import type { Json } from '../history/index.js'

/* receipt.json, strictly: it is our own file, so an unknown member is a fault. */

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
const text = z.string().min(1).max(4096)
const path = z.string().max(200)
const serial = z.string().regex(/^(?:0|[1-9a-f][0-9a-f]*)$/)

const personal = z.strictObject({ salt: z.string().regex(/^(?:[0-9a-f]{2}){16,64}$/), value: z.json() })

/** receipt.json. Members and their order in the file follow RFC 8785. */
export interface WireReceipt {
  readonly type: 'bukti-pencabutan'
  readonly version: 1
  readonly form: 'full' | 'public'
  readonly sandbox: boolean
  readonly notice?: string | undefined
  readonly caseId: string
  readonly standard: { readonly id: string; readonly version: string }
  readonly writtenAt: string
  /** When the evidence was made; what `-attime` is in VERIFY.md. */
  readonly verifyAt: string
  readonly certificate: {
    readonly file?: string | undefined
    readonly issuerDn: string
    readonly subjectDn?: string | undefined
    readonly serial: string
    /** Absent, with the two below, where the certificate was not at hand. */
    readonly sha256?: string | undefined
    readonly notBefore?: string | undefined
    readonly notAfter?: string | undefined
  }
  /** From the issuing CA to the anchor. */
  readonly chain: readonly { readonly file: string; readonly subjectDn: string; readonly sha256: string }[]
  readonly evidence: { readonly file: string; readonly sha256: string }
  readonly proof: WireProof
  readonly times: { readonly filedAt?: string | undefined; readonly amsRevokedAt?: string | undefined; readonly notifiedAt?: string | undefined }
  /** Full form only. */
  readonly letters?: readonly WireReceiptLetter[] | undefined
  /** Full form only: opens the commitments. */
  readonly personal?: Readonly<Record<string, { readonly salt: string; readonly value: Json }>> | undefined
  readonly commitments: Readonly<Record<string, string>>
  readonly history: { readonly file: string; readonly seq: number; readonly digest: string | null }
  /** VERIFY.md belongs to what the digest of this file stands for, as every other file does. */
  readonly guide: { readonly file: string; readonly sha256: string }
  readonly publishedFingerprint?: { readonly sha256: string; readonly where: string } | undefined
}

export interface WireProof {
  readonly source: 'crl' | 'ocsp'
  readonly sha256: string
  readonly certificate: { readonly issuerDn: string; readonly serial: string; readonly sha256?: string | undefined }
  readonly thisUpdate: string
  readonly nextUpdate?: string | undefined
  readonly producedAt?: string | undefined
  readonly crlNumber?: string | undefined
  readonly revocationDate: string
  readonly reason?: string | undefined
  readonly invalidityDate?: string | undefined
  readonly anchorSha256: string
  readonly crlKeySha256?: string | undefined
  readonly seenAt: string
}

export interface WireReceiptLetter {
  readonly kind: string
  readonly file: string
  readonly sha256: string
  readonly size: number
  readonly mediaType: string
  readonly number?: string | undefined
  readonly date?: string | undefined
}

const receiptProof: z.ZodType<WireProof> = z.strictObject({
  source: z.enum(['crl', 'ocsp']),
  sha256: hex64,
  certificate: z.strictObject({ issuerDn: text, serial, sha256: hex64.optional() }),
  thisUpdate: instant,
  nextUpdate: instant.optional(),
  producedAt: instant.optional(),
  crlNumber: z.string().regex(/^\d{1,60}$/).optional(),
  revocationDate: instant,
  reason: text.optional(),
  invalidityDate: instant.optional(),
  anchorSha256: hex64,
  crlKeySha256: hex64.optional(),
  seenAt: instant,
})

const receiptLetter: z.ZodType<WireReceiptLetter> = z.strictObject({
  kind: text, file: path, sha256: hex64, size: z.int().nonnegative(), mediaType: text, number: text.optional(), date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).optional(),
})

export const receiptJson: z.ZodType<WireReceipt> = z.strictObject({
  type: z.literal('bukti-pencabutan'),
  version: z.literal(1),
  form: z.enum(['full', 'public']),
  sandbox: z.boolean(),
  notice: text.optional(),
  caseId: text,
  standard: z.strictObject({ id: text, version: text }),
  writtenAt: instant,
  verifyAt: instant,
  certificate: z.strictObject({ file: path.optional(), issuerDn: text, subjectDn: text.optional(), serial, sha256: hex64.optional(), notBefore: instant.optional(), notAfter: instant.optional() }),
  chain: z.array(z.strictObject({ file: path, subjectDn: text, sha256: hex64 })).min(1).max(10),
  evidence: z.strictObject({ file: path, sha256: hex64 }),
  proof: receiptProof,
  times: z.strictObject({ filedAt: instant.optional(), amsRevokedAt: instant.optional(), notifiedAt: instant.optional() }),
  letters: z.array(receiptLetter).max(100).optional(),
  personal: z.record(z.string(), personal).optional(),
  commitments: z.record(z.string(), hex64),
  history: z.strictObject({ file: path, seq: z.int().nonnegative(), digest: hex64.nullable() }),
  guide: z.strictObject({ file: path, sha256: hex64 }),
  publishedFingerprint: z.strictObject({ sha256: hex64, where: text }).optional(),
})
