import { CabutError } from '@cabut/sdk'
import type { z } from '@hono/zod-openapi'
import { HttpProblem } from '../problem/problem.js'
import { parseJson, readBytes } from '../upload/body.js'
import { readMultipart, type FormPart, type MultipartLimits } from '../upload/multipart.js'
import type { Route } from './route.js'

/** Largest JSON body, octets. A certificate in PEM fits many times. */
export const JSON_LIMIT = 262_144

/** What came in the body. */
export interface Input {
  readonly body: unknown
  readonly files: readonly FormPart[]
}

/** Reads and checks the body as a route's row asks. Bytes are counted while they come. */
export async function readInput(request: Request, row: Route, limits: MultipartLimits): Promise<Input> {
  if (row.body === undefined) return { body: undefined, files: [] }
  if (row.body.media === 'json') return { body: check(row.body.schema, await readJson(request), ''), files: [] }
  const declared = Number(request.headers.get('content-length') ?? '0')
  if (declared > limits.total) throw new CabutError('spbeBodyTooLarge', { detail: `more than ${limits.total} octets` })
  const parts = await readMultipart(request.body, request.headers.get('content-type'), limits)
  const [json, ...more] = parts.filter(({ name }) => name === 'request')
  if (json === undefined || more.length > 0) throw new CabutError('spbeBodyInvalid', { at: 'request', detail: 'exactly one JSON part named request expected' })
  if (json.bytes.length > JSON_LIMIT) throw new CabutError('spbeBodyTooLarge', { at: 'request', detail: `more than ${JSON_LIMIT} octets` })
  return { body: check(row.body.schema, parseJson(json.bytes, 'request'), 'request'), files: parts.filter((part) => part !== json) }
}

async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  const bytes = await readBytes(request, JSON_LIMIT)
  // A command without anything to say may come without a body.
  if (bytes.length === 0) return {}
  if (type !== 'application/json') throw new CabutError('spbeMediaTypeUnsupported', { detail: 'application/json expected' })
  return parseJson(bytes)
}

/** Checks against a schema; everything wrong is named by place and code, no value is repeated. */
export function check(schema: z.ZodType, value: unknown, at: string): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, 50).map((issue) => ({ code: issue.code, at: [at, ...issue.path.map(String)].filter((step) => step !== '').join('.') }))
  throw new HttpProblem('requestInvalid', { members: { issues } }, { ...(issues[0] === undefined || issues[0].at === '' ? {} : { at: issues[0].at }) })
}
