import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki'
import { openPortal, people, type Portal } from './portal.js'

const closers: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of closers.splice(0).reverse()) await close() })

/** Somebody inside the network, who counts who knocks. */
async function bystander(): Promise<{ port: number; knocks: string[] }> {
  const knocks: string[] = []
  const server = createServer((request, response) => { knocks.push(request.url ?? ''); response.end('rahasia') })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(() => new Promise<void>((done) => { server.closeAllConnections(); server.close(() => done()) }))
  return { port: (server.address() as AddressInfo).port, knocks }
}

async function fileWith(url: string, fetcher: Parameters<typeof createEvidenceFetcher>[0]): Promise<{ portal: Portal; status: number }> {
  const portal = await openPortal({ sandbox: { faults: 'none' }, desk: { fetch: createEvidenceFetcher(fetcher) } })
  closers.push(() => portal.close())
  const leaf = await portal.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared', crlUrl: url, ocspUrl: url })
  const answer = await portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf) })
  await portal.pass(0)
  return { portal, status: answer.status }
}

describe('SSRF through the URLs of a certificate that somebody uploads', () => {
  it.each([
    ['loopback', (port: number) => `http://127.0.0.1:${port}/crl`], ['loopback by name', (port: number) => `http://localhost:${port}/crl`], ['loopback, shortened', (port: number) => `http://127.1:${port}/crl`],
    ['loopback as one number', (port: number) => `http://2130706433:${port}/crl`], ['loopback in IPv6', (port: number) => `http://[::ffff:127.0.0.1]:${port}/crl`], ['with a name and a word in it', (port: number) => `http://a:b@127.0.0.1:${port}/crl`],
    ['metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'], ['a private network', () => 'http://10.0.0.1/crl'], ['a file', () => 'file:///etc/passwd'], ['another scheme', (port: number) => `gopher://127.0.0.1:${port}/_GET`],
  ])('%s: never asked, and filed all the same', async (_, url) => {
    const { port, knocks } = await bystander()
    const { status } = await fileWith(url(port), {})
    expect([status, knocks]).toEqual([201, []])
  })

  it('the bystander would have noticed', async () => {
    const { port, knocks } = await bystander()
    await fileWith(`http://127.0.0.1:${port}/crl`, { allow: [allowLoopback] })
    expect(knocks.length).toBeGreaterThan(0)
  })
})
