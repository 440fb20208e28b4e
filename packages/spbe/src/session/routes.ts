import { CabutError } from '@cabut/sdk'
import { z } from '@hono/zod-openapi'
import { check } from '../http/input.js'
import { parseJson, readBytes } from '../upload/body.js'
import type { Sessions } from './sessions.js'

const named = z.strictObject({ person: z.string().min(1).max(128) })
const roleChosen = z.strictObject({ role: z.string().min(1).max(60) })

/** Addresses of the session, below `/session`. Answers `undefined` for anything else. */
export async function serveSession(sessions: Sessions, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url)
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /session': {
      const { view, setCookie } = await sessions.open(request)
      return json(view, setCookie)
    }
    case 'GET /session/login': {
      const { url: to, setCookie } = await sessions.beginLogin(backTo(url.searchParams.get('return'), sessions.origin))
      return redirect(302, to, [setCookie])
    }
    case 'GET /session/callback': {
      const { back, setCookies } = await sessions.finishLogin(request)
      return redirect(303, back, setCookies)
    }
    case 'GET /session/development':
      if (sessions.development.length === 0) throw new CabutError('spbeRouteUnknown')
      return json({ people: sessions.development })
    case 'POST /session/development': {
      if (sessions.development.length === 0) throw new CabutError('spbeRouteUnknown')
      const { person } = check(named, await body(request), '') as z.infer<typeof named>
      const { view, setCookie } = await sessions.enterAs(person, request)
      return json(view, setCookie)
    }
    case 'POST /session/role': {
      sessions.checkCsrf(request, await sessions.open(request))
      const { role } = check(roleChosen, await body(request), '') as z.infer<typeof roleChosen>
      const { view, setCookie } = await sessions.chooseRole(request, role)
      return json(view, setCookie)
    }
    case 'POST /session/logout': {
      sessions.checkCsrf(request, await sessions.open(request))
      const { redirect: to, setCookie } = await sessions.end(request)
      return json({ redirect: to ?? null }, setCookie)
    }
    default:
      return undefined
  }
}

/** A path of this origin to return to after a login; anything else would make the portal send people anywhere. */
function backTo(given: string | null, origin: string): string {
  if (given === null || given.length > 2_000 || !given.startsWith('/')) return '/'
  const url = URL.canParse(given, origin) ? new URL(given, origin) : undefined
  return url === undefined || url.origin !== origin ? '/' : `${url.pathname}${url.search}`
}

async function body(request: Request): Promise<unknown> {
  if (request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') throw new CabutError('spbeMediaTypeUnsupported', { detail: 'application/json expected' })
  return parseJson(await readBytes(request, 4_096))
}

function json(value: unknown, setCookie?: string): Response {
  return new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json', ...(setCookie === undefined ? {} : { 'Set-Cookie': setCookie }) } })
}

function redirect(status: number, to: string, cookies: readonly string[]): Response {
  const response = new Response(null, { status, headers: { Location: to } })
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie)
  return response
}
