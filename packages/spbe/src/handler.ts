import { CabutError } from '@cabut/sdk'
import { createComplaintDesk, createMemoryComplaintStore, type ComplaintDesk } from '@cabut/sdk/complaint'
import type { Desk } from '@cabut/sdk/desk'
import { roleNames } from '@cabut/sdk/standard'
import { serveRoutes } from './http/kernel.js'
import { checkCors, createRateLimiter, type CorsOptions, type RateLimit } from './http/protection.js'
import type { AuditEntry, Service } from './http/service.js'
import { createMemoryIdempotencyStore } from './idempotency/memory.js'
import type { IdempotencyStore } from './idempotency/port.js'
import { createEmbedTokens, type EmbedOptions } from './identity/embed.js'
import type { Introspection } from './identity/introspection.js'
import type { TokenIssuer } from './identity/issuer.js'
import { createTokenVerifier } from './identity/verify.js'
import { openapiDocument } from './openapi/document.js'
import type { Language } from './problem/language.js'
import { createLookout } from './route/lookout.js'
import { routes } from './route/index.js'
import { createSessions, type SessionOptions, type SessionView } from './session/sessions.js'

/** Limits of what may be sent, octets unless said otherwise. */
export interface UploadLimits {
  /** One letter. @default 20971520 (20 MiB) */
  readonly letter?: number
  /** Parts of one form, the JSON part included. @default 12 */
  readonly parts?: number
  /** One form. @default 67108864 (64 MiB) */
  readonly form?: number
}

/** How a handler is made. Durations in milliseconds. */
export interface SpbeOptions {
  readonly desk: Desk
  /** Whose signed tokens are believed. May be empty only beside `introspection` or `session`. */
  readonly issuers: readonly TokenIssuer[]
  /** The server asked about opaque tokens. @default none */
  readonly introspection?: Introspection
  /** Sessions of the portal's own pages. @default none */
  readonly session?: SessionOptions
  /** Lets registered portals make tokens for the web components. @default none */
  readonly embed?: EmbedOptions
  /** `service_id` of tickets. @default 'pencabutan-sertifikat-elektronik' */
  readonly serviceId?: string
  /** Path the handler is mounted under, as it reaches the handler: `/layanan/cabut`. @default '' */
  readonly basePath?: string
  /** @default in memory */
  readonly idempotency?: IdempotencyStore
  /** @default one of the same standard, in memory */
  readonly complaints?: ComplaintDesk
  /** Secret of at least 32 characters behind the keys of anonymous complaints. @default random: keys end with the process */
  readonly anonymousSecret?: string
  readonly limits?: UploadLimits
  /** Pages of other origins that may call. @default none */
  readonly cors?: CorsOptions
  /** Per person and process. `false`: none. @default 600 requests a minute */
  readonly rateLimit?: RateLimit | false
  /** Live streams. @default 1000 at a time, each at most 300000 long, a sign of life every 15000 */
  readonly live?: { readonly streams?: number; readonly lifetime?: number; readonly heartbeat?: number }
  /** Told of every act and every look (PP 71/2019 art. 22). An answer waits for it; when it fails, so does the answer. */
  readonly audit?: (entry: AuditEntry) => void | Promise<void>
  /** Language where the caller names none. @default 'id' */
  readonly language?: Language
  /** For the issuers' key sets. @default the global fetch */
  readonly fetch?: typeof globalThis.fetch
  /** @default the time of this computer */
  readonly clock?: () => Date
}

/** A web-standard handler: mount it in Hono, Next.js, Deno or Bun as it is; in `node:http` and Express by `@hono/node-server`. */
export interface SpbeHandler {
  readonly fetch: (request: Request) => Promise<Response>
  /** The OpenAPI 3.1 document, as served under `/openapi.json`. */
  readonly openapi: Readonly<Record<string, unknown>>
  /** The session of a request, for pages rendered on the server. `undefined`: nobody is logged in. */
  session(request: Request): Promise<SessionView | undefined>
}

const SERVICE_ID = 'pencabutan-sertifikat-elektronik'
const MIB = 1_048_576

/**
 * The HTTP interface of a desk for a portal. It holds no rule of the workflow: it finds out who asks, reads what they send, and gives the desk's own
 * answer, in Indonesian or English, as JSON or `application/problem+json`. In `node:http`: `createServer(getRequestListener(portal.fetch)).listen(8080)`
 * with `@hono/node-server`.
 *
 * @throws TypeError for misuse
 * @example
 * ```ts
 * const { issuer, token } = await openIssuer()
 * const portal = createSpbeHandler({ desk: await openDesk(), issuers: [issuer], clock: () => new Date() })
 * const request = 'https://portal.contoh.go.id/v1/requests/P-2026-0001'
 * const answer = await portal.fetch(new Request(request, { headers: { authorization: `Bearer ${token}` } }))
 * const { id, status } = await answer.json() as { id: string; status: string }
 * status // 'submitted'
 * const nobody = await portal.fetch(new Request(request))
 * nobody.status // 401
 * ```
 */
export function createSpbeHandler(options: SpbeOptions): SpbeHandler {
  const { desk } = options
  const basePath = options.basePath ?? ''
  if (basePath !== '' && !/^(?:\/[A-Za-z0-9._~-]+)+$/.test(basePath)) throw new TypeError('basePath: /one or /one/two expected')
  checkCors(options.cors)
  if (options.anonymousSecret !== undefined && options.anonymousSecret.length < 32) throw new TypeError('anonymousSecret is shorter than 32 characters')
  const clock = options.clock ?? ((): Date => new Date())
  const letter = options.limits?.letter ?? 20 * MIB
  const live = options.live ?? {}
  const openapi = openapiDocument(routes, basePath)
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const embed = options.embed === undefined ? undefined : createEmbedTokens(options.embed, clock)
  const sessions = options.session === undefined ? undefined : createSessions(options.session, { now: () => clock().getTime(), fetch })
  const service: Service = {
    desk, basePath, now: clock, serviceId: options.serviceId ?? SERVICE_ID, complaints: options.complaints ?? complaintsOf(desk, clock),
    anonymousSecret: options.anonymousSecret ?? randomHex(32),
    limits: { part: letter, parts: options.limits?.parts ?? 12, total: options.limits?.form ?? 64 * MIB },
    streams: { open: 0, limit: live.streams ?? 1_000, lifetime: live.lifetime ?? 300_000, heartbeat: live.heartbeat ?? 15_000 },
    lookout: createLookout(desk),
    embed,
    ready: () => desk.list({ limit: 1 }).then(() => true, () => false),
    openapi,
    publicLanguage: options.language ?? 'id',
  }
  const verify = createTokenVerifier(options.issuers, {
    roles: roleNames, now: clock, fetch, introspection: options.introspection, embed, others: sessions !== undefined,
  })
  const rateLimit = options.rateLimit ?? { requests: 600, per: 60_000 }
  const app = serveRoutes(routes, {
    service, verify, sessions, cors: options.cors, audit: options.audit,
    idempotency: options.idempotency ?? createMemoryIdempotencyStore({ now: () => clock().getTime() }),
    limit: rateLimit === false ? undefined : createRateLimiter(rateLimit, () => clock().getTime()),
  })
  return {
    openapi,
    async session(request) {
      // Reading renews the time of last use but sends no cookie: rotation is left to the interface's own answers.
      return sessions === undefined ? undefined : (await sessions.peek(request).catch(unlessMissing))
    },
    async fetch(request) {
      return app.fetch(basePath === '' ? request : below(request, basePath))
    },
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof CabutError && (error.code === 'spbeSessionMissing' || error.code === 'spbeSessionExpired')) return undefined
  throw error
}

/** The request as it looks from the mount point. What lies outside it is answered as unknown. */
function below(request: Request, basePath: string): Request {
  const url = new URL(request.url)
  url.pathname = url.pathname === basePath || url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) || '/' : '/outside'
  return new Request(url, request)
}

/** Complaints of the desk's own standard; a linked request is told of by its status in words, to its parties. */
function complaintsOf(desk: Desk, clock: () => Date): ComplaintDesk {
  return createComplaintDesk({
    standard: desk.standard, store: createMemoryComplaintStore(), now: () => clock().toISOString(), ids: () => `K-${randomHex(12)}`,
    reopenRequest: (requestId, complaint, as) => desk.reopen(requestId, { as, complaint }),
    async describeRequest(requestId) {
      const view = await desk.get(requestId).catch(() => undefined)
      if (view === undefined) return undefined
      const { applicant, holder } = view.state.parties
      return { label: view.label, parties: [applicant.id, ...(holder.id === undefined ? [] : [holder.id])] }
    },
  })
}

function randomHex(octets: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(octets)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
