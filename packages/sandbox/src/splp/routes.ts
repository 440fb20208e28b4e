import { createHash, timingSafeEqual } from 'node:crypto'
import type { Exchange, Route } from '../http/router.js'

/** One service behind the gateway. */
export interface SplpService {
  /** First path segment after the tenant, e.g. `ams`. */
  readonly context: string
  readonly version: string
  /** Path of the peer inside the sandbox, e.g. `/ams`. */
  readonly target: string
  /** This service's own key. */
  readonly key: string
}

/**
 * The government API gateway, WSO2-like: `/splp/t/{tenant}/{context}/{version}/...` or without a tenant. It asks for its own credential
 * (`APIkey`, or `AuthorizationSPLP: Bearer`), one key per service, and forwards the rest with the inner credential untouched.
 */
export function splpRoutes(
  tenant: string,
  services: readonly SplpService[],
  forward: (request: Request, path: string) => Promise<Response>,
): Route[] {
  const handle = async ({ request, url, params, body }: Exchange): Promise<Response> => {
    if (params['tenant'] !== undefined && params['tenant'] !== tenant) return fault(404, '404', 'Not Found', 'No tenant of that domain')
    const service = services.find((one) => one.context === params['context'] && one.version === params['version'])
    if (service === undefined) return fault(404, '404', 'Not Found', 'The requested resource is not available.')
    const given = credential(request)
    if (given === undefined) return fault(401, '900902', 'Missing Credentials', 'Make sure your API invocation call has a header: "APIkey"')
    if (!same(given, service.key))
      return fault(
        401,
        '900901',
        'Invalid Credentials',
        'Access failure for API. Make sure you have provided the correct security credentials.',
      )
    const headers = new Headers(request.headers)
    headers.delete('apikey')
    headers.delete('authorizationsplp')
    const inner = new Request(url, {
      method: request.method,
      headers,
      signal: request.signal,
      redirect: 'manual',
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    })
    return forward(inner, `${service.target}/${params['rest'] ?? ''}`)
  }
  return ['GET', 'POST', 'PUT', 'DELETE'].flatMap((method) =>
    ['/splp/t/:tenant/:context/:version/*rest', '/splp/:context/:version/*rest'].map(
      (path): Route => ({
        method,
        path,
        endpoint: 'splp.forward',
        limit: 2 * 1024 * 1024,
        handle,
        tooLarge: () => fault(413, '413', 'Request Entity Too Large', 'The request is larger than the gateway accepts.'),
      }),
    ),
  )
}

function credential(request: Request): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorizationsplp') ?? '')?.[1]
  return request.headers.get('apikey') ?? bearer
}

function same(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

function fault(status: number, code: string, message: string, description: string): Response {
  return Response.json({ code, message, description }, { status })
}
