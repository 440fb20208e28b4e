import { http, HttpResponse, type RequestHandler } from 'msw'
import type { Sandbox } from '../sandbox.js'

/**
 * Handlers that let msw answer for the sandbox. msw intercepts the global fetch only, and not one captured before `listen()`.
 * A fault that breaks the connection becomes a network error.
 *
 * @example
 * const server = setupServer(...sandboxHandlers(sandbox))
 * server.listen({ onUnhandledRequest: 'error' })
 */
export function sandboxHandlers(sandbox: Pick<Sandbox, 'baseUrl' | 'fetch'>): RequestHandler[] {
  return [
    http.all(`${sandbox.baseUrl}/*`, async ({ request }) => {
      try {
        const body = request.body === null ? undefined : new Uint8Array(await request.clone().arrayBuffer())
        return await sandbox.fetch(request.url, {
          method: request.method,
          headers: request.headers,
          redirect: 'manual',
          signal: request.signal,
          ...(body === undefined ? {} : { body }),
        })
      } catch {
        return HttpResponse.error()
      }
    }),
  ]
}
