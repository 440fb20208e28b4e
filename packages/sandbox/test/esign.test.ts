import { createHash, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, type Leaf, type Sandbox } from '@cabut/sandbox'
import { recordingFetch, validateEsignExchange, type RecordedExchange } from './contract.js'

let sandbox: Sandbox
let leaf: Leaf
const NIK = '9999010101800001'

beforeAll(async () => {
  sandbox = await createSandbox({ faults: 'none' })
  leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi' })
})
afterAll(() => sandbox.close())

const seen: RecordedExchange[] = []

function call(method: string, path: string, body?: unknown, password = sandbox.manage.esign.password): Promise<Response> {
  return recordingFetch(
    sandbox.fetch,
    sandbox.urls.esign,
    seen,
  )(sandbox.urls.esign + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${sandbox.manage.esign.username}:${password}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
const status = async (body: unknown): Promise<string> =>
  ((await (await call('POST', '/api/v2/user/check/status', body)).json()) as { status: string }).status

describe('e-Sign Client Service v2', () => {
  test('user status is HTTP 200 in every case, even NOT_REGISTERED, and follows AMS', async () => {
    const unknown = await call('POST', '/api/v2/user/check/status', { nik: '9999999999999999' })
    expect([unknown.status, ((await unknown.json()) as { status: string }).status]).toEqual([200, 'NOT_REGISTERED'])
    expect(await status({ nik: NIK })).toBe('ISSUE')
    expect(await status({ email: 'Ratna.Pertiwi@pekalongan.contoh.go.id' })).toBe('ISSUE')
    expect(await status({ nik: '9999010101800002' })).toBe('NO_CERTIFICATE')
    sandbox.manage.suspend(leaf.serial)
    expect(await status({ nik: NIK })).toBe('SUSPEND')
    sandbox.manage.resume(leaf.serial)
    for (const told of ['RENEW', 'NEW', 'WAITING_FOR_VERIFICATION', 'EXPIRED', 'REVOKE'] as const) {
      sandbox.manage.esign.setStatus('ratna.pertiwi', told)
      expect(await status({ nik: NIK })).toBe(told)
    }
    sandbox.manage.esign.setStatus('ratna.pertiwi', undefined)
    expect(((await (await call('GET', `/api/user/status/${NIK}`)).json()) as { status: string }).status).toBe('ISSUE')
  })

  test('the chain is PEM or base64 DER, leaf first, also by the id of the certificate', async () => {
    const id = `C-${createHash('sha256').update(leaf.der).digest('hex').toUpperCase()}`
    for (const key of [NIK, id]) {
      const { data } = (await (await call('GET', `/api/v2/user/certificate/chain/${key}`)).json()) as { data: string[] }
      expect(data.map((text) => new X509Certificate(text).serialNumber.toLowerCase())[0]).toContain(leaf.serial)
      expect(data).toHaveLength(3)
    }
    sandbox.manage.esign.setChain('base64')
    const { data } = (await (await call('GET', `/api/v2/user/certificate/chain/${NIK}`)).json()) as { data: string[] }
    expect(new Uint8Array(Buffer.from(data[0] as string, 'base64'))).toEqual(leaf.der)
    expect(await (await call('GET', '/api/v2/user/certificate/chain/tidak-ada')).json()).toMatchObject({ success: false, data: [] })
  })

  test('quirks: plain text 401, JSON header over text, decimal serial, no revocation field', async () => {
    const refused = await call('POST', '/api/v2/user/check/status', { nik: NIK }, 'wrong')
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'text/plain'])
    const bad = await call('POST', '/api/v2/user/check/status', {})
    expect([bad.status, bad.headers.get('content-type'), await bad.text()]).toEqual([400, 'application/json', 'NIK atau email wajib diisi'])
    const content = Buffer.from(leaf.der).toString('hex')
    const head = '%PDF-1.7\n/ByteRange [0 000000 000000 000010] /Contents '
    const numbers = `0 ${String(head.length).padStart(6, '0')} ${String(head.length + content.length + 2).padStart(6, '0')} 000010`
    const pdf = `${head.replace('0 000000 000000 000010', numbers)}<${content}>0123456789`
    const checked = (await (await call('POST', '/api/v2/verify/pdf', { file: Buffer.from(pdf, 'latin1').toString('base64') })).json()) as {
      conclusion: string
      signatureInformations: { certificateDetails: Record<string, unknown>[] }[]
    }
    const details = checked.signatureInformations[0]?.certificateDetails[0]
    expect(details).toMatchObject({
      commonName: 'Ratna Pertiwi',
      serialNumber: BigInt(`0x${leaf.serial}`).toString(),
      signatureAlgoritm: 'SHA256withRSA',
    })
    expect(Object.keys(details ?? {}).join()).not.toMatch(/revo|subject/i)
    expect(
      (
        (await (await call('POST', '/api/v2/verify/pdf', { file: Buffer.from('%PDF-1.7').toString('base64') })).json()) as {
          conclusion: string
        }
      ).conclusion,
    ).toBe('NO_SIGNATURE')
  })
})

test('every exchange above keeps docs/openapi/esign.yaml', () => {
  const v2 = seen.filter((exchange) => exchange.path.startsWith('/api/v2'))
  expect(v2.length).toBeGreaterThan(15)
  expect(v2.flatMap((exchange) => validateEsignExchange(exchange, { requestToo: exchange.status === 200 }))).toEqual([])
})

describe('login', () => {
  const token = (form: Record<string, string>): Promise<Response> =>
    sandbox.fetch(`${sandbox.urls.login}/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams(form) })

  test('a code made by management becomes a token that AMS knows, once; PKCE is checked; passwords are refused', async () => {
    const verifier = 'v'.repeat(43)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const client_id = 'cabut-sandbox'
    expect((await token({ client_id, grant_type: 'password', username: 'a', password: 'b' })).status).toBe(400)
    expect(
      (
        await token({
          client_id,
          grant_type: 'authorization_code',
          code: sandbox.manage.loginCode('ratna.pertiwi', challenge),
          code_verifier: 'x',
        })
      ).status,
    ).toBe(400)
    const code = sandbox.manage.loginCode('ratna.pertiwi', challenge)
    const granted = (await (await token({ client_id, grant_type: 'authorization_code', code, code_verifier: verifier })).json()) as {
      access_token: string
      refresh_token: string
    }
    expect((await token({ client_id, grant_type: 'authorization_code', code, code_verifier: verifier })).status).toBe(400)
    expect(
      (await sandbox.fetch(`${sandbox.urls.ams}/reasons`, { headers: { authorization: `Bearer ${granted.access_token}` } })).status,
    ).toBe(200)
    expect((await token({ client_id, grant_type: 'refresh_token', refresh_token: granted.refresh_token })).status).toBe(200)
    expect((await token({ client_id, grant_type: 'refresh_token', refresh_token: granted.refresh_token })).status).toBe(400)
  })
})
