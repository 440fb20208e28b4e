import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A real identity provider on loopback: what Keycloak or INApas is to a portal. */
export interface TestProvider {
  readonly issuer: string
  /** Logs somebody in as their browser would, from the authorization address to the callback. */
  browse(authorizationUrl: string, login: string): Promise<URL>
  close(): Promise<void>
}

export const portalClient = { id: 'portal', secret: 'rahasia-portal-untuk-uji-saja-123' }
export const redirectUri = 'https://portal.contoh.go.id/session/callback'

/** Starts it with two invented people: `surya.wibisana` of an OPD, and `tanpa.peran`, who has no role here. */
export async function startProvider(): Promise<TestProvider> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const claims = (id: string): Record<string, unknown> => ({ sub: id, name: 'Surya <b>Wibisana</b>', opd: 'dindik', peran: id === 'surya.wibisana' ? ['opd', 'verifikator'] : [] })
  const quiet = { warn: console.warn, info: console.info }
  // It says at every start that it is for development here, which is so.
  Object.assign(console, { warn: () => undefined, info: () => undefined })
  const { Provider } = await import('oidc-provider')
  const provider = new Provider(issuer, {
    clients: [
      { client_id: portalClient.id, client_secret: portalClient.secret, redirect_uris: [redirectUri], grant_types: ['authorization_code', 'client_credentials'], post_logout_redirect_uris: ['https://portal.contoh.go.id'], scope: 'openid profile cabut' },
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'cabut'],
    claims: { openid: ['sub', 'opd', 'peran'], profile: ['name'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['kunci-kuki-uji'] },
    features: { devInteractions: { enabled: true }, introspection: { enabled: true, allowedPolicy: async () => true }, clientCredentials: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    ttl: { AccessToken: 600, AuthorizationCode: 60, ClientCredentials: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    extraTokenClaims: () => ({ person: 'surya.wibisana', opd: 'dindik', peran: ['opd'] }),
    findAccount: (_context, id) => ({ accountId: id, claims: async () => claims(id) as { sub: string } }),
  })
  Object.assign(console, quiet)
  server.on('request', provider.callback())
  return {
    issuer,
    async browse(authorizationUrl, login) {
      const jar = new Map<string, string>()
      const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
        const answer = await fetch(url, {
          redirect: 'manual', headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
          ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
        })
        for (const cookie of answer.headers.getSetCookie()) {
          const [name, value] = (cookie.split(';', 1)[0] as string).split(/=(.*)/s) as [string, string]
          jar.set(name, value)
        }
        return answer
      }
      let url = authorizationUrl
      for (let step = 0; step < 12; step++) {
        const answer = await visit(url)
        if (answer.status === 303 || answer.status === 302) {
          url = new URL(answer.headers.get('location') as string, url).href
          if (!url.startsWith(issuer)) return new URL(url)
          continue
        }
        const page = await answer.text()
        const action = /action="([^"]+)"/.exec(page)?.[1]
        const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1]
        if (action === undefined || prompt === undefined) throw new Error(`the provider answered ${answer.status} without a form`)
        const posted = await visit(new URL(action, url).href, prompt === 'login' ? { prompt, login, password: 'x' } : { prompt })
        url = new URL(posted.headers.get('location') as string, url).href
        if (!url.startsWith(issuer)) return new URL(url)
      }
      throw new Error('the provider kept asking')
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
