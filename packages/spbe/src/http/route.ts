import type { CabutErrorCode } from '@cabut/sdk'
import type { ServiceStandard } from '@cabut/sdk/standard'
import type { z } from '@hono/zod-openapi'
import type { Principal } from '../identity/verify.js'
import type { Language } from '../problem/language.js'
import type { FormPart } from '../upload/multipart.js'
import type { Caller } from './caller.js'
import type { Service } from './service.js'

/** What a route answers with: JSON (which can be given again under the same Idempotency-Key), or a response of its own (downloads, streams). */
export type Answer = { readonly status: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> } | Response

/** One call of a route, checked as far as the route's row says. */
export interface Call<Body = unknown> {
  readonly request: Request
  readonly url: URL
  readonly service: Service
  readonly standard: ServiceStandard
  readonly language: Language
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed by the route's schema. */
  readonly body: Body
  /** Parts of a form other than the JSON part. */
  readonly files: readonly FormPart[]
  /** Absent on public routes. */
  readonly caller: Caller
  readonly principal: Principal
  /** Value of Idempotency-Key, where the route takes one. */
  readonly idempotencyKey: string
}

/** One row of the table of routes: the server, the OpenAPI document and the tests are made from it. */
export interface Route {
  readonly operationId: string
  readonly method: 'get' | 'post'
  /** OpenAPI form: `/v1/requests/{id}`. */
  readonly path: string
  readonly tag: 'service' | 'requests' | 'decisions' | 'evidence' | 'complaints'
  readonly summary: { readonly id: string; readonly en: string }
  /** `public`: no token. Everything else asks for one. */
  readonly access: 'public' | 'bearer'
  readonly query?: z.ZodObject
  /** JSON body, or the JSON part (`request`) of a form with files beside it. */
  readonly body?: { readonly media: 'json' | 'form'; readonly schema: z.ZodType; readonly files?: string }
  /** Takes Idempotency-Key (always, where something is written). */
  readonly writes?: true
  /** Its answer holds a secret and is not kept: a repetition makes another for the same thing. */
  readonly unkept?: true
  /** Open to embed tokens of this scope, `read` to those of `file` too. */
  readonly embed?: 'read' | 'file'
  /** Takes If-Match: the version of the request the caller saw. */
  readonly ifMatch?: true
  readonly answers: { readonly status: number; readonly description: string; readonly schema?: z.ZodType; readonly media?: string; readonly headers?: readonly string[] }
  /** Codes beside those every route has. */
  readonly problems?: readonly CabutErrorCode[]
  readonly handle: (call: Call<never>) => Promise<Answer>
}

/** Checks the pairing of schema and handler once, where the row is written. */
export function route<Body>(row: Omit<Route, 'handle'> & { readonly handle: (call: Call<Body>) => Promise<Answer> }): Route {
  return row
}
