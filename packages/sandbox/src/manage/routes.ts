import { createHash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { Exchange, Route } from '../http/router.js'
import { revocationView } from '../ams/views.js'
import type { FaultRule } from '../fault/rules.js'
import type { World } from '../world.js'
import type { SandboxManage } from './manage.js'

const issueBody = z.strictObject({
  username: z.string(),
  commonName: z.string().optional(),
  organization: z.string().optional(),
  key: z.enum(['new', 'shared']).optional(),
})
const publishBody = z.strictObject({ only: z.enum(['crl', 'ocsp']).optional(), withheld: z.boolean().optional() })
const faultsBody = z.union([z.enum(['default', 'none']), z.array(z.looseObject({ kind: z.string() }))])

/** Management over HTTP, for a sandbox in another process. Bearer token, printed at start; never faulty. */
export function manageRoutes(world: World, manage: SandboxManage, token: string): Route[] {
  const route = (method: string, path: string, handle: (exchange: Exchange) => unknown): Route => ({
    method,
    path: `/_manage${path}`,
    endpoint: 'manage',
    async handle(exchange) {
      if (!tokenMatches(exchange.request, token)) return Response.json({ error: 'management token expected' }, { status: 401 })
      try {
        return Response.json((await handle(exchange)) ?? {})
      } catch (error) {
        if (error instanceof TypeError || error instanceof SyntaxError || error instanceof z.ZodError)
          return Response.json({ error: error.message }, { status: 422 })
        throw error
      }
    },
  })
  const serial = ({ params }: Exchange): string => params['serial'] as string
  const id = ({ params }: Exchange): string => params['id'] as string

  return [
    route('GET', '/users', () => manage.users),
    route('POST', '/tokens', (exchange) => ({ token: manage.token(read(z.strictObject({ username: z.string() }), exchange).username) })),
    route('POST', '/certificates', async (exchange) => {
      const { username, commonName, organization, key } = read(issueBody, exchange)
      const leaf = await manage.issue({
        username,
        ...(commonName === undefined ? {} : { commonName }),
        ...(organization === undefined ? {} : { organization }),
        ...(key === undefined ? {} : { key }),
      })
      const { serial: hex, subjectDn, issuerDn, certificatePem, chainPem, privateKeyPem } = leaf
      return { serial: hex, subjectDn, issuerDn, certificatePem, chainPem, privateKeyPem }
    }),
    route('POST', '/certificates/:serial/suspend', (exchange) => {
      manage.suspend(serial(exchange))
    }),
    route('POST', '/certificates/:serial/resume', (exchange) => {
      manage.resume(serial(exchange))
    }),
    route('GET', '/revocations', () => world.revocations.all.map((record) => revocationView(world, record))),
    route('POST', '/revocations/:id/approve', (exchange) => {
      manage.approve(id(exchange))
    }),
    route('POST', '/revocations/:id/refuse', (exchange) => {
      manage.refuse(id(exchange), read(z.strictObject({ message: z.string().min(1) }), exchange).message)
    }),
    route('POST', '/publish', (exchange) => {
      const { only, withheld } = read(publishBody, exchange)
      return { crlNumber: manage.publish({ ...(only === undefined ? {} : { only }), ...(withheld === undefined ? {} : { withheld }) }) }
    }),
    route('GET', '/log', () => manage.log()),
    route('GET', '/faults', () => ({ seed: manage.faults.seed, rules: manage.faults.rules })),
    route('PUT', '/faults', (exchange) => {
      manage.faults.set(read(faultsBody, exchange) as 'default' | 'none' | FaultRule[])
    }),
  ]
}

function read<T extends z.ZodType>(schema: T, { body }: Exchange): z.infer<T> {
  return schema.parse(body.length === 0 ? {} : JSON.parse(Buffer.from(body).toString('utf8')))
}

function tokenMatches(request: Request, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(request.headers.get('authorization') ?? ''), digest(`Bearer ${token}`))
}
