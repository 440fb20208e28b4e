/** One request on its way through a peer. */
export interface Exchange {
  readonly request: Request
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Route {
  readonly method: string
  /** Path with `:name` segments; a last `*name` takes the rest. */
  readonly path: string
  /** Name for faults and logs, e.g. `ams.fileRevocation`. */
  readonly endpoint: string
  /** Octets of body read at most. @default 65536 */
  readonly limit?: number
  readonly handle: (exchange: Exchange) => Response | Promise<Response>
  /** How this peer says that the body is larger than `limit`. */
  readonly tooLarge?: () => Response
}

export interface Router {
  /** `undefined`: nobody has this path. */
  find(method: string, path: string): { route: Route; params: Record<string, string> } | { allow: string[] } | undefined
}

export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/').slice(1) }))
  return {
    find(method, path) {
      const given = path.split('/').slice(1)
      const allow: string[] = []
      for (const { route, segments } of compiled) {
        const params = match(segments, given)
        if (params === undefined) continue
        if (route.method === method) return { route, params }
        allow.push(route.method)
      }
      return allow.length > 0 ? { allow } : undefined
    },
  }
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i] as string
    if (segment.startsWith('*')) {
      params[segment.slice(1)] = given.slice(i).join('/')
      return params
    }
    const value = given[i]
    if (value === undefined) return undefined
    if (segment.startsWith(':')) {
      if (value === '') return undefined
      const decoded = decode(value)
      if (decoded === undefined) return undefined
      params[segment.slice(1)] = decoded
    } else if (segment !== value) return undefined
  }
  return given.length === segments.length ? params : undefined
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Reads a body up to `limit` octets; `undefined` where it is longer. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | undefined> {
  if (request.body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0] : new Uint8Array(Buffer.concat(chunks))
}
