import type { RequestView } from '@cabut/sdk/desk'
import { z } from '@hono/zod-openapi'
import type { Caller } from '../http/caller.js'
import type { Language } from '../problem/language.js'

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' })
const day = z.iso.date()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/).openapi({ description: 'SHA-256, lower-case hex' })

/** A letter as the interface shows it. */
const letterView = z.object({
  kind: z.string(), sha256, size: z.int().openapi({ description: 'Octets' }), mediaType: z.string(), number: z.string().optional(), date: day.optional(),
}).openapi('Letter')

const proofView = z.object({
  source: z.enum(['crl', 'ocsp']), sha256, thisUpdate: time, nextUpdate: time.optional(), producedAt: time.optional(), crlNumber: z.string().optional(),
  revocationDate: time, reason: z.string().optional(), invalidityDate: time.optional(), anchorSha256: sha256, seenAt: time,
}).openapi('Proof', { description: 'The signed source that proves the revocation.' })

const clockView = z.object({
  state: z.enum(['notStarted', 'running', 'paused', 'stopped']), startedAt: time.optional(), stoppedAt: time.optional(),
  elapsedMinutes: z.number().openapi({ description: 'Service time used, pauses left out' }), dueAt: time.optional(),
  provisional: z.boolean().openapi({ description: 'The deadline rests on a calendar that is not final' }), breached: z.boolean(), warned: z.boolean(),
  timeToProof: z.object({ from: time, until: time.optional(), minutes: z.number() }).optional(),
}).openapi('Clock', { description: 'The service clock, and the time to proof apart from it.' })

/** A request as callers see it. Personal values are not in it. */
export const requestSchema: z.ZodType = z.object({
  id: z.string(), register: z.string().optional(), version: z.int(),
  status: z.string(), statusLabel: z.string(), statusReason: z.string().optional(), since: time,
  kind: z.enum(['revocation', 'suspension']), reason: z.string(), expedited: z.boolean(), onBehalf: z.string().optional(),
  effectiveDate: time.optional(), invalidityDate: z.string().optional(),
  certificate: z.object({ issuerDn: z.string().optional(), serial: z.string().optional(), sha256: sha256.optional(), notBefore: time.optional(), notAfter: time.optional() }),
  parties: z.object({
    applicant: z.object({ id: z.string(), opd: z.string().optional() }),
    holder: z.object({ id: z.string().optional(), deceased: z.boolean().optional(), reachable: z.boolean().optional() }),
    opdOrigin: z.string(), opdDestination: z.string().optional(),
  }),
  letters: z.array(letterView),
  disposition: z.object({ by: z.string(), to: z.string(), at: time, read: z.boolean() }).optional(),
  findings: z.object({ data: z.string(), completeness: z.string(), subjectDn: z.string(), by: z.string(), at: time }).optional(),
  approval: z.object({ by: z.string(), at: time, emergency: z.boolean() }).optional(),
  ams: z.object({ recordId: z.string().optional(), recordStatus: z.string().optional(), revokedAt: time.optional() }),
  evidence: z.array(sha256).openapi({ description: 'CRL and OCSP answers recorded' }),
  proof: proofView.optional(),
  clock: clockView,
  filedAt: time, submittedAt: time.optional(), updatedAt: time,
  allowed: z.array(z.object({ command: z.string(), roles: z.array(z.string()), persons: z.array(z.string()).optional() })).openapi({ description: 'What may be done next, and by whom' }),
  warnings: z.array(z.object({ at: z.string(), code: z.string(), message: z.string() })),
}).openapi('Request')

/** JSON of a request, in one language, for one caller. */
export function viewOf(view: RequestView, language: Language, caller: Caller): object {
  const { state } = view
  return clean({
    id: view.id, register: view.register, version: view.version,
    status: view.status, statusLabel: view.label[language], statusReason: view.statusReason, since: state.since,
    kind: state.kind, reason: state.reason, expedited: state.expedited, onBehalf: state.onBehalf,
    effectiveDate: state.effectiveDate, invalidityDate: state.invalidityDate,
    certificate: pick(state.certificate, ['issuerDn', 'serial', 'sha256', 'notBefore', 'notAfter']),
    parties: {
      applicant: pick(state.parties.applicant, ['id', 'opd']), holder: pick(state.parties.holder, ['id', 'deceased', 'reachable']),
      opdOrigin: state.parties.opdOrigin, opdDestination: state.parties.opdDestination,
    },
    letters: state.letters.map((letter) => pick(letter, ['kind', 'sha256', 'size', 'mediaType', 'number', 'date'])),
    disposition: state.disposition === undefined ? undefined : pick(state.disposition, ['by', 'to', 'at', 'read']),
    findings: state.findings === undefined ? undefined : pick(state.findings, ['data', 'completeness', 'subjectDn', 'by', 'at']),
    approval: state.approval === undefined ? undefined : pick(state.approval, ['by', 'at', 'emergency']),
    ams: pick(state.ams, ['recordId', 'recordStatus', 'revokedAt']),
    evidence: state.evidence,
    proof: view.proof === undefined
      ? undefined
      : pick(view.proof, ['source', 'sha256', 'thisUpdate', 'nextUpdate', 'producedAt', 'crlNumber', 'revocationDate', 'reason', 'invalidityDate', 'anchorSha256', 'seenAt']),
    clock: clockOf(view.clock),
    filedAt: state.filedAt, submittedAt: state.submittedAt, updatedAt: state.updatedAt,
    // Who of the colleagues may decide is the service's own business.
    allowed: view.allowed.map(({ command, roles, persons }) => clean({ command, roles, persons: caller.ofService ? persons : undefined })),
    warnings: view.warnings.map((warning) => ({ at: warning.path, code: warning.code, message: warning[language] })),
  })
}

function clockOf(clock: RequestView['clock']): unknown {
  const { state, startedAt, stoppedAt, elapsedMinutes, deadline, breached, warned, timeToProof } = clock
  return clean({ state, startedAt, stoppedAt, elapsedMinutes, dueAt: deadline?.due, provisional: (deadline?.provisional.length ?? 0) > 0, breached, warned, timeToProof })
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Partial<Pick<T, K>>
}

/** Without members that are `undefined`. */
export function clean<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}
