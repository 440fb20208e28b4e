import { CabutError } from '@cabut/sdk'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { IdempotencyStore, StoredAnswer } from '../idempotency/port.js'
import type { Principal } from '../identity/verify.js'
import { serveSession } from '../session/routes.js'
import type { Sessions } from '../session/sessions.js'
import { preferredLanguage, type Language } from '../problem/language.js'
import { HttpProblem, problemResponse, toProblem } from '../problem/problem.js'
import { load, standingOf } from '../route/access.js'
import { readCaller, type Caller } from './caller.js'
import { standing } from './conditional.js'
import { check, readInput, type Input } from './input.js'
import { corsHeaders, securityHeaders, type CorsOptions } from './protection.js'
import type { Answer, Call, Route } from './route.js'
import type { AuditEntry, Service } from './service.js'

/** What the kernel needs beside the routes. */
export interface KernelSettings {
  readonly service: Service
  readonly verify: (authorization: string | null) => Promise<Principal>
  readonly sessions: Sessions | undefined
  readonly idempotency: IdempotencyStore
  readonly cors: CorsOptions | undefined
  readonly limit: ((key: string) => void) | undefined
  readonly audit: ((entry: AuditEntry) => void | Promise<void>) | undefined
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{8,128}$/

/** Serves a table of routes: who asks, may they come in, what did they send, was it sent before; then the route's own handler. */
export function serveRoutes(routes: readonly Route[], settings: KernelSettings): OpenAPIHono {
  const app = new OpenAPIHono({ strict: true })
  const { service } = settings
  app.use('*', async (context, next) => {
    if (context.req.method === 'OPTIONS') context.res = new Response(null, { status: 204 })
    else await next()
    for (const [name, value] of Object.entries({ ...securityHeaders, ...corsHeaders(context.req.raw, settings.cors) })) {
      // A download or a stream may have said something stricter of its own.
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    }
  })
  const { sessions } = settings
  if (sessions !== undefined) {
    app.use('/session/*', async (context, next) => {
      const answered = await serveSession(sessions, context.req.raw)
      if (answered === undefined) return next()
      context.res = answered
      return undefined
    })
  }
  const paths = new Map<string, string[]>()
  for (const row of routes) {
    const path = row.path.replace(/\{(\w+)\}/g, ':$1')
    paths.set(path, [...(paths.get(path) ?? []), row.method.toUpperCase()])
    app.on(row.method.toUpperCase(), path, (context) => serve(context, row, settings))
  }
  for (const [path, methods] of paths) {
    app.all(path, (context) => problemResponse(new HttpProblem('spbeMethodNotAllowed', { headers: { Allow: methods.join(', ') } }), language(context, service)))
  }
  app.notFound((context) => problemResponse(new CabutError('spbeRouteUnknown'), language(context, service)))
  app.onError((error, context) => problemResponse(error, language(context, service)))
  return app
}

function language(context: Context, service: Service): Language {
  const header = context.req.header('accept-language')
  return header === undefined ? service.publicLanguage : preferredLanguage(header)
}

async function serve(context: Context, row: Route, settings: KernelSettings): Promise<Response> {
  const { service } = settings
  const spoken = language(context, service)
  const trail: Trail = {}
  const id = context.req.param('id')
  let response: Response
  let code: string | undefined
  try {
    response = await answer(context, row, settings, spoken, trail)
  } catch (error) {
    const told = await withStanding(error, service, trail.caller, id, spoken)
    code = toProblem(told, spoken).problem.code
    response = problemResponse(told, spoken)
  }
  if (trail.setCookie !== undefined) {
    response = new Response(response.body, response)
    response.headers.append('Set-Cookie', trail.setCookie)
  }
  if (row.access === 'bearer') await settings.audit?.(auditEntry(row, trail, service, response.status, id, code))
  return response
}

/** What becomes known of a request on its way, for the audit trail and the answer. */
interface Trail { principal?: Principal; caller?: Caller; nameless?: boolean; setCookie?: string }

/** By token where one is sent, else by the session's cookie: a browser sends cookies along unasked, so a post by cookie needs the CSRF token as well. */
async function identify(request: Request, { verify, sessions }: KernelSettings, trail: Trail): Promise<{ readonly principal: Principal; readonly role?: string }> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null || sessions?.carries(request) !== true) return { principal: await verify(authorization) }
  const session = await sessions.open(request)
  if (session.setCookie !== undefined) trail.setCookie = session.setCookie
  trail.principal = session.principal
  if (request.method !== 'GET') sessions.checkCsrf(request, session)
  return { principal: session.principal, role: session.role }
}

/** An embed token opens its one request and nothing else. */
function checkEmbed(row: Route, { embed }: Principal, id: string | undefined): void {
  if (embed === undefined) return
  const open = row.embed === 'read' || (row.embed === 'file' && embed.scope === 'file')
  if (!open || (id !== undefined && id !== embed.requestId)) throw new CabutError('spbeForbidden', { detail: 'the embed token does not open this' })
}

async function answer(
  context: Context, row: Route, settings: KernelSettings, spoken: Language, trail: Trail,
): Promise<Response> {
  const { service } = settings
  const request = context.req.raw
  const url = new URL(request.url)
  const query = readQuery(row, url)
  const base = { request, url, service, standard: service.desk.standard, language: spoken, params: context.req.param() as Record<string, string>, query }
  if (row.access === 'public') return respond(await row.handle({ ...base, body: undefined, files: [], idempotencyKey: '' } as never), spoken)
  const { principal, role } = await identify(request, settings, trail)
  trail.principal = principal
  settings.limit?.(`${principal.issuer} ${principal.id}`)
  const caller = readCaller(principal, request.headers.get('cabut-role') ?? role ?? null)
  trail.caller = caller
  checkEmbed(row, principal, base.params['id'])
  const idempotencyKey = row.writes === true ? readKey(request) : ''
  // Who may not see the request does not get to upload 20 MB to it. A row without a body loads it itself, once.
  if (row.body !== undefined && base.params['id'] !== undefined && row.tag !== 'complaints') await load(service, caller, base.params['id'])
  const input = await readInput(request, row, service.limits)
  trail.nameless = (input.body as { visibility?: unknown } | undefined)?.visibility === 'anonymous'
  const call = { ...base, principal, caller, idempotencyKey, ...input } as Call<never>
  if (row.writes !== true || row.unkept === true) return respond(await row.handle(call), spoken)
  return once(row, call, input, settings.idempotency)
}

/** Runs a write once per key; a repetition gets the same answer (draft-ietf-httpapi-idempotency-key-header). */
async function once(row: Route, call: Call<never>, input: Input, store: IdempotencyStore): Promise<Response> {
  const key = await sha256Hex(JSON.stringify([call.principal.issuer, call.principal.id, call.idempotencyKey]))
  const claim = await store.claim(key, await fingerprint(row, call, input))
  if (claim.outcome === 'reused') throw new CabutError('spbeIdempotencyKeyReused')
  if (claim.outcome === 'inUse') throw new HttpProblem('spbeIdempotencyKeyInUse', { headers: { 'Retry-After': '1' } })
  if (claim.outcome === 'answered') return new Response(claim.answer.body, { status: claim.answer.status, headers: { ...claim.answer.headers, 'Idempotent-Replayed': 'true' } })
  try {
    const response = respond(await row.handle(call), call.language)
    await store.finish(key, await stored(response))
    return response
  } catch (error) {
    // A refusal says how things stood at that moment: the same key may be tried again once they stand otherwise.
    await store.release(key)
    throw error
  }
}

async function stored(response: Response): Promise<StoredAnswer> {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.clone().text() }
}

/** Of what was sent, not of its bytes: a repeated form has another boundary. */
async function fingerprint(row: Route, call: Call<never>, input: Input): Promise<string> {
  const files = await Promise.all(input.files.map(async ({ name, mediaType, bytes }) => [name, mediaType, await sha256Hex(bytes)]))
  return sha256Hex(JSON.stringify([row.operationId, call.params, call.caller.actor.role, input.body, files]))
}

async function sha256Hex(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : (data as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function readKey(request: Request): string {
  const key = request.headers.get('idempotency-key') ?? ''
  if (!IDEMPOTENCY_KEY.test(key)) throw new CabutError('spbeIdempotencyKeyInvalid', { at: 'Idempotency-Key' })
  return key
}

function readQuery(row: Route, url: URL): Record<string, string> {
  if (row.query === undefined) return {}
  const given: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of url.searchParams) given[name] = value
  check(row.query, { ...given }, '')
  return given
}

function respond(answer: Answer, spoken: Language): Response {
  if (answer instanceof Response) return answer
  return new Response(JSON.stringify(answer.json), {
    status: answer.status, headers: { 'Content-Type': 'application/json', 'Content-Language': spoken, ...answer.headers },
  })
}

/** A refusal or a conflict names the state as it is now, so that the next attempt can start from it. */
async function withStanding(error: unknown, service: Service, caller: Caller | undefined, id: string | undefined, spoken: Language): Promise<unknown> {
  if (!(error instanceof CabutError) || caller === undefined || id === undefined) return error
  if (error.code !== 'requestConflict' && error.code !== 'workflowRefused') return error
  const view = await load(service, caller, id).catch(() => undefined)
  if (view === undefined) return error
  const { members, headers } = standing(standingOf(view, spoken))
  return new HttpProblem(error.code, { headers, members: { ...members, ...refusalOf(error, spoken) } }, { cause: error, ...(error.detail === undefined ? {} : { detail: error.detail }), ...(error.at === undefined ? {} : { at: error.at }) })
}

/** Why the workflow refused, and what it would allow to whom. */
function refusalOf(error: CabutError, spoken: Language): Record<string, unknown> {
  const { refusal, reason } = error.toJSON() as { refusal?: { refused: string; missing?: readonly string[]; allowed: readonly { command: string; roles: readonly string[] }[]; advice?: Record<Language, string> }; reason?: Record<Language, string> }
  if (refusal === undefined) return {}
  return {
    refusal: {
      code: refusal.refused, message: reason?.[spoken], ...(refusal.missing === undefined ? {} : { missing: refusal.missing }),
      allowed: refusal.allowed.map(({ command, roles }) => ({ command, roles })), ...(refusal.advice === undefined ? {} : { advice: refusal.advice[spoken] }),
    },
  }
}

function auditEntry(
  row: Route, trail: Readonly<Trail>, service: Service, status: number, id: string | undefined, code: string | undefined,
): AuditEntry {
  const { principal, caller } = trail
  const actor = caller?.actor
  return {
    at: service.now().toISOString(), operation: row.operationId, status,
    // An anonymous complaint stays anonymous in the trail as well.
    ...(principal === undefined || trail.nameless === true ? {} : {
      person: principal.id, vouchedBy: vouchedFor(principal),
      ...(actor === undefined ? {} : { role: actor.role }), ...(principal.opd === undefined ? {} : { opd: principal.opd }),
    }),
    ...(id === undefined ? {} : { requestId: id }), ...(code === undefined ? {} : { code }),
  }
}

function vouchedFor({ vouchedBy, issuer, embed }: Principal): string {
  if (vouchedBy === 'development') return 'development login'
  return vouchedBy === 'portal' ? `asserted by portal ${issuer}${embed === undefined ? '' : `, embed token (${embed.scope})`}` : issuer
}
