import { CabutError } from '@cabut/sdk'
import { z } from '@hono/zod-openapi'
import { EMBED_LIFETIME } from '../identity/embed.js'
import { route, type Route } from '../http/route.js'
import { load } from './access.js'
import { filingId } from './requests.js'

const wanted = z.strictObject({
  scope: z.enum(['read', 'file']).openapi({ description: '`file`: file one request and follow it; `read`: follow the request named' }),
  requestId: z.string().min(1).max(60).optional().openapi({ description: 'With `read`' }),
  lifetimeSeconds: z.int().min(30).max(EMBED_LIFETIME.longest).default(EMBED_LIFETIME.default).optional(),
}).openapi('EmbedTokenInput')

/** Tokens for the components: made by a portal's backend, for one person and one request. */
export const embeddingRoutes: readonly Route[] = [
  route<z.infer<typeof wanted>>({
    operationId: 'mintEmbedToken', method: 'post', path: '/v1/embed-tokens', tag: 'requests', access: 'bearer', writes: true, unkept: true,
    summary: { id: 'Token untuk komponen di halaman portal: satu orang, satu permohonan, singkat', en: 'A token for the components in a portal page: one person, one request, short' },
    body: { media: 'json', schema: wanted },
    answers: {
      status: 201, description: 'The token; the same Idempotency-Key names the same request',
      schema: z.object({ token: z.string(), requestId: z.string(), expiresAt: z.iso.datetime() }).openapi('EmbedToken'),
    },
    problems: ['spbeForbidden', 'requestNotFound'],
    async handle({ body, caller, principal, service, idempotencyKey }) {
      const { embed } = service
      if (embed === undefined) throw new CabutError('spbeForbidden', { detail: 'embed tokens are not switched on' })
      // An identity provider's token is the person's own; only a portal's backend hands on less than it holds.
      if (principal.vouchedBy !== 'portal') throw new CabutError('spbeForbidden', { detail: 'only a registered portal makes embed tokens' })
      if ((body.scope === 'read') !== (body.requestId !== undefined)) throw new CabutError('spbeBodyInvalid', { at: 'requestId', detail: 'given with read, and only then' })
      const requestId = body.requestId === undefined ? await filingId(principal.issuer, principal.id, `embed ${idempotencyKey}`) : (await load(service, caller, body.requestId)).id
      const { token, expiresAt } = await embed.mint(principal, caller.actor.role, { scope: body.scope, requestId }, body.lifetimeSeconds ?? EMBED_LIFETIME.default)
      return { status: 201, json: { token, requestId, expiresAt } }
    },
  }),
]
