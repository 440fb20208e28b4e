import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSandbox, startSandbox, type Sandbox } from '@cabut/sandbox'
import { sandboxHandlers } from '@cabut/sandbox/msw'

const open: Sandbox[] = []
const directories: string[] = []
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close()
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
  vi.unstubAllEnvs()
})
const keep = <T extends Sandbox>(sandbox: T): T => {
  open.push(sandbox)
  return sandbox
}

describe('node:http', () => {
  test('certificates point to the server, which serves CRL, OCSP by GET and POST, and AMS', async () => {
    const sandbox = keep(await startSandbox({ reuseKeys: true, faults: 'none', publication: { delay: 0 } }))
    const leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi' })
    expect(sandbox.urls.crl).toBe(`http://127.0.0.1:${sandbox.port}/ca/issuing.crl`)
    expect(Buffer.from(leaf.der).includes(sandbox.urls.crl)).toBe(true)
    const crl = await fetch(sandbox.urls.crl)
    expect([crl.status, crl.headers.get('content-type')]).toEqual([200, 'application/pkix-crl'])
    const bytes = new Uint8Array(await crl.arrayBuffer())
    expect(bytes).toEqual(new Uint8Array(sandbox.ca.crl()))
    expect((await fetch(sandbox.urls.crl, { headers: { 'if-none-match': crl.headers.get('etag') as string } })).status).toBe(304)
    const malformed = await fetch(sandbox.urls.ocsp, { method: 'POST', body: 'x' })
    expect(Buffer.from(await malformed.arrayBuffer()).toString('hex')).toBe('30030a0101')
    expect(Buffer.from(await (await fetch(`${sandbox.urls.ocsp}/%2F%2F8=`)).arrayBuffer()).toString('hex')).toBe('30030a0101')
    const reasons = await fetch(`${sandbox.urls.ams}/reasons`, {
      headers: { authorization: `Bearer ${sandbox.manage.token('ratna.pertiwi')}` },
    })
    expect(((await reasons.json()) as { success: boolean }).success).toBe(true)
    expect((await fetch(`${sandbox.baseUrl}/nowhere`)).status).toBe(404)
    expect((await fetch(`${sandbox.urls.ams}/reasons`, { method: 'DELETE' })).headers.get('allow')).toBe('GET')
  })

  test('a reset destroys the socket, a truncated body breaks off, a timeout ends with the client', async () => {
    const sandbox = keep(
      await startSandbox({
        reuseKeys: true,
        faults: [
          { kind: 'reset', on: 'ca.rootCrl' },
          { kind: 'truncate', on: 'ca.crl' },
          { kind: 'timeout', on: 'ca.certificate' },
        ],
        hang: 60_000,
      }),
    )
    await expect(fetch(sandbox.ca.urls.rootCrl)).rejects.toThrow(TypeError)
    const half = await fetch(sandbox.urls.crl)
    await expect(half.arrayBuffer()).rejects.toThrow()
    await expect(fetch(sandbox.ca.urls.root, { signal: AbortSignal.timeout(30) })).rejects.toThrow(/timeout/i)
  })

  test('a foreign Host header is refused (DNS rebinding)', async () => {
    const sandbox = keep(await startSandbox({ reuseKeys: true, faults: 'none' }))
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port: sandbox.port, path: '/ca/root.crt', headers: { host: 'evil.invalid' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(421)
  })

  test('management needs its token and drives BSrE from outside', async () => {
    const sandbox = keep(await startSandbox({ reuseKeys: true, faults: [{ kind: 'status' }], bsre: { decide: 'manual' } }))
    const manage = async (
      method: string,
      path: string,
      body?: unknown,
      token = sandbox.manageToken,
    ): Promise<{ status: number; json: any }> => {
      const response = await fetch(sandbox.urls.manage + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, json: await response.json() }
    }
    expect((await manage('GET', '/log', undefined, 'wrong')).status).toBe(401)
    expect((await manage('PUT', '/faults', 'none')).status).toBe(200)
    expect((await manage('PUT', '/faults', [{ kind: 'nonsense' }])).status).toBe(422)
    const leaf = (await manage('POST', '/certificates', { username: 'surya.wibisana' })).json as { serial: string; issuerDn: string }
    const { token } = (await manage('POST', '/tokens', { username: 'tegar.maulana' })).json as { token: string }
    const ams = async (path: string, init: RequestInit): Promise<any> =>
      (
        await fetch(sandbox.urls.ams + path, {
          ...init,
          headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'key-00000001', ...(init.headers as Record<string, string>) },
        })
      ).json()
    const letter = await ams('/letters', { method: 'POST', headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.4' })
    const filed = await ams('/revocations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        username: 'surya.wibisana',
        certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial },
        reason: 'pensiun',
        letterIds: [letter.data.letterId],
      }),
    })
    expect((await manage('POST', `/revocations/${filed.data.id}/approve`)).status).toBe(200)
    expect((await manage('POST', `/revocations/${filed.data.id}/approve`)).status).toBe(422)
    expect((await manage('POST', '/publish', {})).json.crlNumber).toBeGreaterThan(0)
    expect((await manage('GET', '/log')).json.map((entry: { type: string }) => entry.type)).toContain('CERTIFICATE_REVOKED')
    expect(Buffer.from(sandbox.ca.crl()).toString('hex')).toContain(leaf.serial)
  })

  test('refuses production and addresses that are not loopback', async () => {
    await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow(/loopback only/)
    vi.stubEnv('NODE_ENV', 'production')
    await expect(startSandbox()).rejects.toThrow(/NODE_ENV=production/)
    await expect(createSandbox()).rejects.toThrow(/NODE_ENV=production/)
  })
})

describe('dataDir', () => {
  test('CA, certificates, records, letters, CRL number and log come back; files have mode 0600; the port stays', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'cabut-data-'))
    directories.push(dataDir)
    const first = await startSandbox({ dataDir, faults: 'none', publication: { delay: 0 } })
    const leaf = await first.manage.issue({ username: 'surya.wibisana' })
    const token = first.manage.token('tegar.maulana')
    const ams = async (at: Sandbox, path: string, init: RequestInit = {}): Promise<any> =>
      (
        await fetch(at.urls.ams + path, {
          ...init,
          headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'key-00000001', ...(init.headers as Record<string, string>) },
        })
      ).json()
    const letter = await ams(first, '/letters', { method: 'POST', headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.4 rekaan' })
    const body = JSON.stringify({
      username: 'surya.wibisana',
      certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial },
      reason: 'pensiun',
      letterIds: [letter.data.letterId],
    })
    const filing = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    const filed = await ams(first, '/revocations', filing)
    await ams(first, '/reasons')
    const crl = Buffer.from(await (await fetch(first.urls.crl)).arrayBuffer())
    for (const name of ['authority.json', 'state.json', `letters/${letter.data.letterId}.pdf`])
      expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o600)
    // What was answered is on disk before the sandbox closes.
    const onDisk = readFileSync(join(dataDir, 'state.json'), 'utf8')
    for (const part of [leaf.serial, filed.data.id, '"CERTIFICATE_REVOKED"', 'key-00000001']) expect(onDisk).toContain(part)
    await first.close()

    const second = keep(await startSandbox({ dataDir, faults: 'none', publication: { delay: 0 } }))
    expect([second.port, second.ca.rootPem]).toEqual([first.port, first.ca.rootPem])
    expect(Buffer.from(second.ca.crl())).toEqual(crl)
    expect((await ams(second, `/revocations/${filed.data.id}`)).data.status).toBe('REVOKED')
    expect((await ams(second, '/revocations', filing)).data.id).toBe(filed.data.id)
    expect(second.manage.timesRevoked(leaf.serial)).toBe(1)
    expect(Buffer.from(second.manage.letter(letter.data.letterId) as Uint8Array).toString()).toBe('%PDF-1.4 rekaan')
    await expect(startSandbox({ dataDir, port: 1024 + ((second.port + 7) % 60_000) })).rejects.toThrow(/dataDir belongs to port/)
  })
})

describe('msw', () => {
  test('handlers answer for the sandbox through the global fetch; a reset is a network error', async () => {
    const sandbox = keep(
      await createSandbox({
        reuseKeys: true,
        faults: [{ kind: 'reset', on: 'ams.*', times: 1 }],
        baseUrl: 'http://sandbox.contoh.invalid',
      }),
    )
    const server = setupServer(...sandboxHandlers(sandbox))
    server.listen({ onUnhandledRequest: 'error' })
    try {
      const headers = { authorization: `Bearer ${sandbox.manage.token('ratna.pertiwi')}` }
      await expect(fetch(`${sandbox.urls.ams}/reasons`, { headers })).rejects.toThrow(TypeError)
      expect(((await (await fetch(`${sandbox.urls.ams}/reasons`, { headers })).json()) as { success: boolean }).success).toBe(true)
      const posted = await fetch(`${sandbox.urls.ams}/letters`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/pdf' },
        body: '%PDF-1.7',
      })
      expect(((await posted.json()) as { data: { size: number } }).data.size).toBe(8)
    } finally {
      server.close()
    }
  })
})
