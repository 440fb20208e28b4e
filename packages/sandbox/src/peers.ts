import { randomBytes } from 'node:crypto'
import { amsRoutes } from './ams/routes.js'
import { authorityRoutes } from './authority/routes.js'
import { esignRoutes, type EsignPeer } from './esign/routes.js'
import { createRouter, type Router } from './http/router.js'
import { createLapor, type LaporPeer } from './lapor/routes.js'
import { createLogin, type LoginPeer } from './login/routes.js'
import { splpRoutes, type SplpService } from './splp/routes.js'
import { createLetters, type LetterPeer } from './srikandi/letters.js'
import { srikandiRoutes } from './srikandi/routes.js'
import type { Route } from './http/router.js'
import type { World } from './world.js'

/** Everything that answers beside the authority and AMS. */
export interface Peers {
  readonly esign: EsignPeer
  readonly login: LoginPeer
  readonly lapor: LaporPeer
  readonly letters: LetterPeer
  /** A bearer token of the Srikandi-like peer for one office. */
  officeToken(office: string): string
  readonly splp: { readonly tenant: string; readonly services: readonly SplpService[] }
  /** Routes of all peers; `more` are added (management). */
  router(forward: (request: Request, path: string) => Promise<Response>, more: readonly Route[]): Router
}

const secret = (): string => randomBytes(18).toString('base64url')

export function createPeers(world: World): Peers {
  const esign: EsignPeer = { username: 'cabut-sandbox', password: secret(), forced: new Map(), chain: 'pem' }
  const login = createLogin(world)
  const lapor = createLapor(world, { auth: secret(), token: secret() })
  const letters = createLetters(world)
  const offices = new Map<string, string>()
  const splp = {
    tenant: 'contoh.go.id',
    services: [
      { context: 'ams', version: '1.0.0', target: '/ams', key: secret() },
      { context: 'esign', version: '2.0.0', target: '/esign', key: secret() },
      { context: 'srikandi', version: '1.0.0', target: '/srikandi', key: secret() },
      { context: 'lapor', version: '3.0.0', target: '/lapor', key: secret() },
    ],
  }
  return {
    esign,
    login,
    lapor,
    letters,
    splp,
    officeToken(office) {
      const token = `srikandi-${secret()}`
      offices.set(token, office)
      return token
    },
    router: (forward, more) =>
      createRouter([
        ...authorityRoutes(world),
        ...amsRoutes(world),
        ...esignRoutes(world, esign),
        ...login.routes,
        ...srikandiRoutes(letters, (token) => offices.get(token)),
        ...lapor.routes,
        ...splpRoutes(splp.tenant, splp.services, forward),
        ...more,
      ]),
  }
}
