import { errorTable, type CabutErrorCode } from '@cabut/sdk'
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Route } from '../http/route.js'

const problemSchema = z.object({
  type: z.string().openapi({ description: '`urn:cabut:error:<code>`' }), title: z.string(), status: z.int(), code: z.string(),
  detail: z.string().optional(), at: z.string().optional().openapi({ description: 'Place of the value in what was sent' }), retryable: z.boolean(),
  issues: z.array(z.object({ code: z.string(), at: z.string().optional(), message: z.string().optional() })).optional(),
  current: z.object({ version: z.int(), status: z.string(), statusLabel: z.string() }).optional().openapi({ description: 'Where the request stands now' }),
  refusal: z.object({
    code: z.string(), message: z.string().optional(), missing: z.array(z.string()).optional(), advice: z.string().optional(),
    roles: z.array(z.string()).optional(), allowed: z.array(z.object({ command: z.string(), roles: z.array(z.string()) })).optional(),
  }).optional(),
  proof: z.object({ source: z.enum(['crl', 'ocsp']), sha256: z.string(), thisUpdate: z.iso.datetime(), revocationDate: z.iso.datetime(), reason: z.string().optional() }).optional()
    .openapi({ description: 'With `certificateAlreadyRevoked`: what proves it' }),
}).openapi('Problem', { description: 'RFC 9457. `code` is stable.' })

/** Codes any route may answer with. */
const general: readonly CabutErrorCode[] = ['spbeInternal', 'spbeTooManyRequests']
const forBearer: readonly CabutErrorCode[] = ['spbeTokenMissing', 'spbeTokenInvalid', 'spbeTokenExpired', 'spbeIssuerUnavailable', 'spbePersonUnmapped', 'spbeForbidden']

/** Every code a route may answer with. */
export function problemsOf(row: Route): readonly CabutErrorCode[] {
  const codes = new Set<CabutErrorCode>(general)
  if (row.access === 'bearer') forBearer.forEach((code) => codes.add(code))
  if (row.path.includes('{id}') && row.tag !== 'complaints') codes.add('requestNotFound')
  if (row.query !== undefined || row.body !== undefined) codes.add('requestInvalid')
  if (row.body !== undefined) (['spbeBodyInvalid', 'spbeBodyTooLarge', 'spbeBodyTruncated', 'spbeMediaTypeUnsupported'] as const).forEach((code) => codes.add(code))
  if (row.writes === true) (['spbeIdempotencyKeyInvalid', 'spbeIdempotencyKeyInUse', 'spbeIdempotencyKeyReused'] as const).forEach((code) => codes.add(code))
  if (row.ifMatch === true) (['spbePreconditionRequired', 'spbePreconditionFailed'] as const).forEach((code) => codes.add(code))
  row.problems?.forEach((code) => codes.add(code))
  return [...codes].sort()
}

const acceptLanguage = z.string().optional().openapi({ param: { name: 'Accept-Language', in: 'header', description: 'id (default) or en' }, example: 'id' })
const chosenRole = z.string().optional().openapi({ param: { name: 'Cabut-Role', in: 'header', description: 'The role acted in, where a token gives several' } })
const key = z.string().min(8).max(128).openapi({ param: { name: 'Idempotency-Key', in: 'header', description: 'Fresh for each act, the same for each repetition' }, example: '0f3d0a52-6a5c-4a8f-9f0e-2b1f6f0d7c11' })
const match = z.string().openapi({ param: { name: 'If-Match', in: 'header', description: 'ETag of the version the caller saw' }, example: '"3"' })

const headerSchemas: Readonly<Record<string, { readonly description: string; readonly schema: { readonly type: 'string' } }>> = {
  ETag: { description: 'Version of the request', schema: { type: 'string' } },
  Location: { description: 'Address of what was made', schema: { type: 'string' } },
}

/** Registers every route, from the same rows and schemas that serve it. */
function registerRoutes(app: OpenAPIHono, routes: readonly Route[]): void {
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Token of a configured issuer, or a short one signed by a registered portal' })
  registry.register('Problem', problemSchema)
  for (const row of routes) {
    const ids = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
    registry.registerPath({
      method: row.method, path: row.path, operationId: row.operationId, tags: [row.tag], summary: row.summary.en, description: row.summary.id,
      security: row.access === 'public' ? [] : [{ bearer: [] }],
      request: {
        ...(ids.length === 0 ? {} : { params: z.object(Object.fromEntries(ids.map((name) => [name, z.string()]))) }),
        ...(row.query === undefined ? {} : { query: row.query }),
        headers: [acceptLanguage, ...(row.access === 'public' ? [] : [chosenRole]), ...(row.writes === true ? [key] : []), ...(row.ifMatch === true ? [match] : [])],
        ...(row.body === undefined ? {} : { body: { required: true, content: bodyOf(row) } }),
      },
      responses: { ...successOf(row), ...problemResponses(row) },
    })
  }
}

function bodyOf(row: Route): Record<string, { schema: z.ZodType }> {
  const body = row.body as NonNullable<Route['body']>
  if (body.media === 'json') return { 'application/json': { schema: body.schema } }
  // Of any type: as strings they would leave no room for `request` in the index signature of a generated client.
  const files = z.unknown().openapi({ description: body.files ?? 'Files' })
  return { 'multipart/form-data': { schema: z.object({ request: body.schema }).catchall(files) } }
}

function successOf(row: Route): Record<string, never> {
  const { status, description, schema, media, headers } = row.answers
  const content = schema === undefined
    ? { [media ?? 'application/octet-stream']: { schema: { type: 'string', ...(media === 'text/event-stream' ? {} : { contentMediaType: media }) } } }
    : { 'application/json': { schema } }
  return { [status]: { description, content, ...(headers === undefined ? {} : { headers: Object.fromEntries(headers.map((name) => [name, headerSchemas[name]])) }) } } as never
}

function problemResponses(row: Route): Record<string, never> {
  const byStatus = new Map<number, CabutErrorCode[]>()
  for (const code of problemsOf(row)) byStatus.set(errorTable[code].httpStatus, [...(byStatus.get(errorTable[code].httpStatus) ?? []), code])
  return Object.fromEntries([...byStatus].sort(([left], [right]) => left - right).map(([status, codes]) => [
    String(status), { description: codes.map((code) => `\`${code}\`: ${errorTable[code].en}`).join('; '), content: { 'application/problem+json': { schema: problemSchema } } },
  ])) as never
}

/** The finished document of a table of routes. */
export function openapiDocument(routes: readonly Route[], basePath: string): Record<string, unknown> {
  const app = new OpenAPIHono()
  registerRoutes(app, routes)
  return app.getOpenAPI31Document({
    openapi: '3.1.1',
    info: {
      title: 'Cabut for SPBE portals', version: '1.0.0', license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description: 'Permohonan pencabutan sertifikat elektronik BSrE untuk portal SPBE: mengajukan, memutus, membuktikan. A request is called revoked only when the certificate authority\'s own CRL or OCSP answer proves it.',
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    tags: [
      { name: 'service', description: 'The service itself; public' }, { name: 'requests', description: 'Filing and reading' },
      { name: 'decisions', description: 'What officers decide' }, { name: 'evidence', description: 'Bytes and receipts' }, { name: 'complaints', description: 'Component 6' },
    ],
  }) as unknown as Record<string, unknown>
}
