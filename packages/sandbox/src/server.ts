import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openData } from './persistence.js'
import { createSandbox, type Sandbox } from './sandbox.js'
import { refuseProduction, type SandboxOptions } from './options.js'

/** Settings of the server beside those of the sandbox. */
export interface ServerOptions extends Omit<SandboxOptions, 'baseUrl'> {
  /** @default 0: any free port; with a `dataDir` that was used before: the port of that time */
  readonly port?: number
  /** @default 127.0.0.1 */
  readonly host?: string
  /** Permits another address than loopback. @default false */
  readonly allowExternal?: boolean
}

/** A sandbox that listens. */
export interface RunningSandbox extends Sandbox {
  readonly port: number
}

const BODY_LIMIT = 32 * 1024 * 1024

/**
 * Starts a sandbox on `node:http`; URLs inside its certificates point to it.
 *
 * @throws Error where it is not safe (another host than loopback without `allowExternal`, `NODE_ENV=production` without `allowProduction`) or the port is taken
 * @example
 * ```ts
 * const sandbox = await startSandbox({ faults: 'none', reuseKeys: true })
 * const answer = await fetch(`${sandbox.urls.ams}/reasons`, { headers: { authorization: `Bearer ${sandbox.manage.token('surya.wibisana')}` } })
 * answer.status // 200
 * await sandbox.close()
 * startSandbox({ host: '0.0.0.0' }) // throws Error
 * ```
 */
export async function startSandbox(options: ServerOptions = {}): Promise<RunningSandbox> {
  refuseProduction(options.allowProduction)
  const { host = '127.0.0.1', port: wanted, allowExternal, ...rest } = options
  if (!isLoopback(host) && allowExternal !== true)
    throw new Error(`the Cabut sandbox binds loopback only, not ${host} (option allowExternal)`)
  const { baseUrl: before } = await openData(options.dataDir)
  const its = before === undefined ? undefined : Number(new URL(before).port)
  if (its !== undefined && wanted !== undefined && wanted !== its) throw new Error(`dataDir belongs to port ${its}: certificates in it point there`)
  const port = wanted ?? its ?? 0
  const ready: { sandbox?: Sandbox } = {}
  const server = createServer((incoming, outgoing) => {
    void serve(ready.sandbox, incoming, outgoing)
  })
  await listen(server, port, host)
  const actual = (server.address() as AddressInfo).port
  try {
    const baseUrl = before ?? `http://${host.includes(':') ? `[${host}]` : host}:${actual}`
    const sandbox = await createSandbox({ ...rest, baseUrl })
    ready.sandbox = sandbox
    return {
      ...sandbox,
      port: actual,
      async close() {
        await sandbox.close()
        await new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
      },
    }
  } catch (error) {
    server.close()
    server.closeAllConnections()
    throw error
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

async function serve(sandbox: Sandbox | undefined, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  outgoing.on('error', () => gone.abort())
  try {
    if (sandbox === undefined || !hostIsOurs(sandbox, incoming)) {
      outgoing.writeHead(421, { 'content-type': 'text/plain' }).end('not this host\n')
      return
    }
    const body = await collect(incoming)
    if (body === undefined) {
      outgoing.writeHead(413, { 'content-type': 'text/plain', connection: 'close' }).end('payload too large\n')
      return
    }
    const origin = new URL(sandbox.baseUrl).origin
    const headers = new Headers()
    for (let i = 0; i < incoming.rawHeaders.length; i += 2)
      headers.append(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string)
    const response = await sandbox.fetch(origin + (incoming.url ?? '/'), {
      method: incoming.method ?? 'GET',
      headers,
      redirect: 'manual',
      signal: gone.signal,
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    })
    await send(response, outgoing)
  } catch (error) {
    if (!expected(error, gone.signal)) process.emitWarning(error instanceof Error ? error : new Error(String(error)))
    // A fault (or an answer that broke half-way): the client sees what a broken connection looks like.
    outgoing.destroy()
    incoming.socket.destroy()
  }
}

/** Broken connections are faults at work; anything else is a mistake in the sandbox and must be seen. */
function expected(error: unknown, gone: AbortSignal): boolean {
  return gone.aborted || typeof (error as { cause?: { code?: unknown } } | null)?.cause?.code === 'string'
}

/** Pages of other sites must not reach the sandbox through a name that resolves to loopback (DNS rebinding). */
function hostIsOurs(sandbox: Sandbox, incoming: IncomingMessage): boolean {
  const own = new URL(sandbox.baseUrl)
  const host = incoming.headers.host?.toLowerCase()
  return host === own.host || host === `localhost:${own.port}` || host === `127.0.0.1:${own.port}` || host === `[::1]:${own.port}`
}

async function collect(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of response.headers) headers[name] = value
  outgoing.writeHead(response.status, headers)
  if (response.body === null) {
    outgoing.end()
    return
  }
  // Each chunk is flushed before the next: a body that breaks off half-way must arrive half.
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    await new Promise<void>((resolve, reject) => {
      outgoing.write(chunk, (error) => (error instanceof Error ? reject(error) : resolve()))
    })
  }
  outgoing.end()
}
