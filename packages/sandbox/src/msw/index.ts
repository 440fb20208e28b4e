import { http, HttpResponse, type RequestHandler } from 'msw'
import type { Sandbox } from '../sandbox.js'

/**
 * Handlers that let msw answer for the sandbox, as in `setupServer(...sandboxHandlers(sandbox)).listen({ onUnhandledRequest: 'error' })`. msw intercepts the
 * global fetch only, and not one captured before `listen()`. A fault that breaks the connection becomes a network error.
 *
 * @example
 * ```ts
 * const sandbox = await openSandbox()
 * const handlers = sandboxHandlers(sandbox)
 * await handlers[0]?.test({ request: new Request(`${sandbox.urls.ams}/reasons`) }) // true
 * await handlers[0]?.test({ request: new Request('https://ams.contoh.go.id/reasons') }) // false
 * ```
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
