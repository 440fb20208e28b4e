import { randomBytes } from 'node:crypto'
import { settleBsre } from './ams/bsre.js'
import type { Leaf } from './authority/authority.js'
import type { CrlPlan } from './authority/crl.js'
import { printName } from './authority/name.js'
import { connectionError, withFaults } from './fault/transport.js'
import { readBody } from './http/router.js'
import { createManage, type SandboxManage } from './manage/manage.js'
import { manageRoutes } from './manage/routes.js'
import { checkOptions, refuseProduction, type SandboxOptions } from './options.js'
import { createPeers } from './peers.js'
import { openData } from './persistence.js'
import type { SandboxUser } from './state.js'
import { createWorld, type CertificatePlan, type World } from './world.js'

/** The sandbox's certificate authority. */
export interface SandboxAuthority {
  /** PEM of the root: the only anchor. */
  readonly rootPem: string
  readonly issuingPem: string
  readonly responderPem: string
  /** RFC 4514 text. */
  readonly issuerDn: string
  readonly urls: World['authority']['urls']
  /** Issues a leaf; with `username` AMS lists it. */
  issueLeaf(plan?: CertificatePlan): Promise<Leaf>
  /** Signs any CRL one likes (tests of readers); does not change what is published. */
  writeCrl(plan: CrlPlan, by?: 'issuing' | 'root'): Uint8Array
  /** The CRL as it is published now, without faults. */
  crl(): Uint8Array
  /** Answers an OCSP request (DER) as published now, without faults. */
  ocsp(request: Uint8Array): Uint8Array
}

/** A running sandbox: no port, no server, everything behind `fetch`. */
export interface Sandbox {
  readonly baseUrl: string
  /** Base URLs of the peers. */
  readonly urls: Readonly<Record<'ams' | 'esign' | 'login' | 'srikandi' | 'lapor' | 'splp' | 'manage' | 'crl' | 'ocsp', string>>
  /** Same shape as the global fetch, answering for `baseUrl` only. Faults reject or hang as a real connection would. */
  readonly fetch: typeof globalThis.fetch
  /** PEM anchors for verifiers. */
  readonly anchors: readonly [string, ...string[]]
  readonly ca: SandboxAuthority
  readonly users: readonly SandboxUser[]
  readonly manage: SandboxManage
  /** Bearer token of `/_manage`, for a sandbox that listens. */
  readonly manageToken: string
  /** Ends answers that hang and writes what is left to `dataDir`. */
  close(): Promise<void>
}

/**
 * Creates a sandbox in this process. Without `reuseKeys` it makes three RSA keys of its own, which takes most of its start.
 *
 * @throws TypeError for an option of another form; Error with `NODE_ENV=production` (without `allowProduction`), or for a `dataDir` made for another address
 * @example
 * ```ts
 * const sandbox = await createSandbox({ faults: 'none', reuseKeys: true })
 * const { serial } = await sandbox.manage.issue({ username: 'laras.kinanti' })
 * sandbox.manage.revokeAtAuthority(serial, 'affiliationChanged')
 * sandbox.manage.publish()
 * readCrl(sandbox.ca.crl()).find(serial)?.reason // 'affiliationChanged'
 * sandbox.manage.timesRevoked(serial) // 1
 * ```
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  refuseProduction(options.allowProduction)
  checkOptions(options)
  const { restored, baseUrl: before, persistence } = await openData(options.dataDir)
  if (before !== undefined && options.baseUrl !== undefined && before !== options.baseUrl) {
    throw new Error(`dataDir was made for ${before}: its certificates point there, so it cannot be served as ${options.baseUrl}`)
  }
  const world = await createWorld(before === undefined ? options : { ...options, baseUrl: before }, restored)
  const closing = new AbortController()
  const peers = createPeers(world)
  const manage = createManage(world, peers)
  const manageToken = randomBytes(24).toString('base64url')
  const prefix = new URL(world.baseUrl).pathname.replace(/\/$/, '')
  const router = peers.router((request, path) => handle(request, path), manageRoutes(world, manage, manageToken))
  const transport = { engine: world.faults, hang: options.hang ?? 5000, closing: closing.signal }
  await persistence?.save(world)

  async function handle(request: Request, path: string): Promise<Response> {
    const url = new URL(request.url)
    const found = router.find(request.method, path)
    if (found === undefined)
      return Response.json({ success: false, code: 'NOT_FOUND', message: 'Alamat tidak ditemukan.' }, { status: 404 })
    if ('allow' in found)
      return Response.json(
        { success: false, code: 'METHOD_NOT_ALLOWED', message: 'Metode tidak didukung.' },
        { status: 405, headers: { allow: found.allow.join(', ') } },
      )
    const { route, params } = found
    return withFaults(transport, route.endpoint, request, async () => {
      const body = await readBody(request, route.limit ?? 65_536)
      if (body === undefined) return route.tooLarge?.() ?? new Response('payload too large', { status: 413 })
      settleBsre(world)
      const response = await route.handle({ request, url, params, body })
      await persistence?.save(world)
      return response
    })
  }

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.signal.aborted) throw request.signal.reason
    if (!`${request.url}/`.startsWith(`${world.baseUrl}/`)) throw connectionError('ENOTFOUND')
    if (closing.signal.aborted) throw connectionError('ECONNREFUSED')
    // The server goes on when a client gives up: that is what "timeout after commit" means.
    const response = await Promise.race([handle(request, new URL(request.url).pathname.slice(prefix.length)), aborted(request.signal)])
    if (response.status >= 300 && response.status < 400 && response.status !== 304 && request.redirect !== 'manual')
      throw connectionError('ENOTFOUND')
    return response
  }

  return {
    baseUrl: world.baseUrl,
    urls: {
      ams: `${world.baseUrl}/ams`,
      esign: `${world.baseUrl}/esign`,
      login: `${world.baseUrl}/login/realms/ams`,
      srikandi: `${world.baseUrl}/srikandi/v1`,
      lapor: `${world.baseUrl}/lapor`,
      splp: `${world.baseUrl}/splp/t/${peers.splp.tenant}`,
      manage: `${world.baseUrl}/_manage`,
      crl: world.authority.urls.crl,
      ocsp: world.authority.urls.ocsp,
    },
    fetch,
    anchors: [world.authority.file.rootPem],
    ca: authorityOf(world),
    users: world.users,
    manage,
    manageToken,
    async close() {
      closing.abort()
      await persistence?.save(world)
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
}

function authorityOf(world: World): SandboxAuthority {
  const { authority, publication } = world
  return {
    rootPem: authority.file.rootPem,
    issuingPem: authority.file.issuingPem,
    responderPem: authority.file.responderPem,
    issuerDn: printName(authority.issuingName),
    urls: authority.urls,
    issueLeaf: (plan = {}) => world.issue(plan),
    writeCrl: (plan, by) => authority.writeCrl(plan, by),
    crl: () => publication.current().der,
    ocsp(request) {
      const at = new Date(world.now())
      const validity = world.options.publication?.ocspValidity ?? null
      return authority.answerOcsp(request, (serial) => publication.ocspStatus(serial, world.bySerial(serial) !== undefined, at.getTime()), {
        producedAt: at,
        thisUpdate: at,
        nextUpdate: validity === null ? null : new Date(at.getTime() + validity),
      })
    },
  }
}
