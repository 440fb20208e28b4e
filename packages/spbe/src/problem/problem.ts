import { CabutError, type CabutErrorCode, type Proof } from '@cabut/sdk'
import type { Language } from './language.js'

/** An answer about an error (RFC 9457, application/problem+json). `code` is stable; titles are for people. */
export interface Problem {
  /** `urn:cabut:error:<code>`; explained in docs/errors.md. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: CabutErrorCode
  readonly detail?: string
  /** Dotted path of the offending value in what was sent. */
  readonly at?: string
  readonly retryable: boolean
  /** Further members by code: `issues`, `status` of the case, `version`, `allowed`. */
  readonly [member: string]: unknown
}

/** Facts beside a problem; none of them may be personal data. */
export interface ProblemExtras {
  readonly members?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** An error with what an HTTP client needs beside its code: the new version, allowed methods, when to come again. */
export class HttpProblem extends CabutError {
  override readonly name: string = 'HttpProblem'
  readonly extras: ProblemExtras

  constructor(code: CabutErrorCode, extras: ProblemExtras, options: { readonly detail?: string; readonly at?: string; readonly cause?: unknown } = {}) {
    super(code, options)
    this.extras = extras
  }
}

/** Problem and headers for any error. What is no `CabutError` becomes `spbeInternal`: no message, no stack leaves the house. */
export function toProblem(error: unknown, language: Language): { readonly problem: Problem; readonly headers: Readonly<Record<string, string>> } {
  const known = error instanceof CabutError ? error : new CabutError('spbeInternal', { cause: error })
  const { httpStatus, retryable } = known.row
  const extras = known instanceof HttpProblem ? known.extras : {}
  const issues = issuesOf(known, language)
  const told = known.code === 'complaintRefused' ? complaintRefusal(known) : known.code === 'certificateAlreadyRevoked' ? proofOf(known) : {}
  return {
    problem: {
      type: `urn:cabut:error:${known.code}`,
      title: known.row[language],
      status: httpStatus,
      code: known.code,
      ...(known.detail === undefined ? {} : { detail: known.detail }),
      ...(known.at === undefined ? {} : { at: known.at }),
      retryable,
      ...(issues === undefined ? {} : { issues }),
      ...told,
      ...extras.members,
    },
    headers: { ...challenge(known.code), ...extras.headers },
  }
}

/** RFC 6750 3: why a token was not taken. */
function challenge(code: CabutErrorCode): Record<string, string> {
  if (code === 'spbeTokenMissing') return { 'WWW-Authenticate': 'Bearer' }
  if (code === 'spbeTokenInvalid' || code === 'spbeTokenExpired') return { 'WWW-Authenticate': 'Bearer error="invalid_token"' }
  return {}
}

/** Issues of a request, each by place and code, worded in one language. */
function issuesOf(error: CabutError, language: Language): readonly unknown[] | undefined {
  const issues: unknown = (error as { issues?: unknown }).issues
  if (!Array.isArray(issues)) return undefined
  return (issues as readonly Readonly<Record<string, unknown>>[]).slice(0, 100).map((issue) => ({
    code: issue['code'],
    at: issue['path'],
    message: issue[language],
  }))
}

/** Why an act on a complaint was refused, and which roles may handle it. */
function complaintRefusal(error: CabutError): Record<string, unknown> {
  const { reason, roles } = error.toJSON()
  return typeof reason === 'string' ? { refusal: { code: reason, roles } } : {}
}

/** The certificate is revoked already: what proves it, so that the caller can look it up themselves. */
function proofOf(error: CabutError): Record<string, unknown> {
  const { proof } = error as { readonly proof?: Proof }
  if (proof === undefined) return {}
  const { source, sha256, thisUpdate, revocationDate, reason } = proof
  return { proof: { source, sha256, thisUpdate, revocationDate, ...(reason === undefined ? {} : { reason }) } }
}

/** The problem as a response. */
export function problemResponse(error: unknown, language: Language): Response {
  const { problem, headers } = toProblem(error, language)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json', 'Content-Language': language, 'Cache-Control': 'no-store', ...headers },
  })
}
