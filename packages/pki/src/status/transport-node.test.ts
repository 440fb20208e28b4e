import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TransportRequest, TransportResponse } from './transport.js'
import { defaultTransport } from './transport-node.js'

let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end()
let server: Server
let port: number
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise<void>((resolve) => {
  server.closeAllConnections()
  server.close(() => resolve())
}))

const send = (options: Partial<TransportRequest> & { readonly at?: string } = {}): Promise<TransportResponse> => {
  const { at = `http://localhost:${port}/a?b`, ...rest } = options
  return defaultTransport({ url: new URL(at), method: 'GET', headers: {}, signal: AbortSignal.timeout(5000), mayConnect: () => true, ...rest })
}
async function bodyOf(response: TransportResponse): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of response.body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}
/** Tells back what was asked. */
const echo = (request: IncomingMessage, response: ServerResponse): void => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
    const { method, url, headers } = request
    response.writeHead(203, { 'x-one': 'satu', 'set-cookie': ['a', 'b'] }).end(JSON.stringify({ method, url, type: headers['content-type'], length: headers['content-length'], connection: headers.connection, body: Buffer.concat(pieces).toString() }))
  })
}

describe('HTTP by Node', () => {
  it('sends method, place, headers and body, and gives back status, headers and body', async () => {
    answer = echo
    const response = await send({ method: 'POST', headers: { 'content-type': 'x/y' }, body: Buffer.from('isi') })
    expect([response.status, response.header('x-one'), response.header('set-cookie'), response.header('x-two')]).toEqual([203, 'satu', 'a', undefined])
    expect(JSON.parse(await bodyOf(response))).toEqual({ method: 'POST', url: '/a?b', type: 'x/y', length: '3', connection: expect.any(String) as unknown, body: 'isi' })
    expect(JSON.parse(await bodyOf(await send()))).toMatchObject({ method: 'GET', body: '' })
    expect(JSON.parse(await bodyOf(await send()))).not.toHaveProperty('length')
  })

  it('judges every address that a name has, and connects to those that are permitted alone', async () => {
    answer = echo
    for (const several of [true, false]) {
      const before = getDefaultAutoSelectFamily()
      setDefaultAutoSelectFamily(several)
      try {
        const judged: string[] = []
        const response = await send({ mayConnect: (address) => { judged.push(address); return address === '127.0.0.1' } })
        expect(response.status).toBe(203)
        await bodyOf(response)
        expect(judged).toContain('127.0.0.1')
        await expect(send({ mayConnect: () => false })).rejects.toMatchObject({ name: 'AddressRefused' })
      } finally {
        setDefaultAutoSelectFamily(before)
      }
    }
  })

  it('opens a connection of its own each time: one that is open already was judged for somebody else', async () => {
    answer = (_, response) => void response.end('x')
    let judged = 0
    for (let i = 0; i < 3; i++) await bodyOf(await send({ mayConnect: (address) => { judged += address === '127.0.0.1' ? 1 : 0; return address === '127.0.0.1' } }))
    expect(judged).toBe(3)
    await expect(send({ mayConnect: () => false })).rejects.toMatchObject({ name: 'AddressRefused' })
  })

  it('fails with a code, or when the time is over', async () => {
    answer = () => undefined
    // A label longer than 63 octets is found nowhere, without asking anybody.
    await expect(send({ at: `http://${'a'.repeat(64)}.invalid/` })).rejects.toMatchObject({ code: expect.stringMatching(/^E/) as unknown })
    await expect(send({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'ABORT_ERR' })
    // TLS is spoken to a server that does not.
    answer = (_, response) => void response.end('x')
    await expect(send({ at: `https://localhost:${port}/` })).rejects.toMatchObject({ code: expect.not.stringMatching(/^ERR_INVALID_PROTOCOL$/) as unknown })
  })
})
