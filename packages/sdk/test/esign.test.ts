import { readCertificate, esignId, type Certificate } from '@cabut/pki/certificate'
import { createSandbox, type Leaf, type Sandbox } from '@cabut/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allowIdentityInUrl, allowPlainHttp, basic, createEsign, opinionOn, type EsignOptions, type EsignPort, type EsignVerification } from '../src/esign/index.js'

const NIK = '9999020101800001'
type Answer = (request: Request) => Response | Promise<Response>

function scripted(answer: Answer, more: Partial<EsignOptions> = {}): { esign: EsignPort; seen: Request[] } {
  const seen: Request[] = []
  const fake: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    seen.push(request.clone())
    return answer(request)
  }
  return { esign: createEsign({ baseUrl: 'https://esign.dinas.contoh.go.id', credential: basic('klien', 'sandi'), fetch: fake, retries: 0, timeoutMs: 200, verifyTimeoutMs: 200, ...more }), seen }
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

describe('e-Sign Client Service v2: user status', () => {
  it.each(['ISSUE', 'EXPIRED', 'RENEW', 'WAITING_FOR_VERIFICATION', 'NEW', 'NO_CERTIFICATE', 'NOT_REGISTERED', 'SUSPEND', 'REVOKE'] as const)('%s', async (status) => {
    const { esign, seen } = scripted(() => json({ status_code: 1111, message: 'm', status }))
    expect(await esign.userStatus({ nik: NIK })).toEqual({ outcome: 'answered', value: { status, rawStatus: status, statusCode: '1111', message: 'm', api: 'v2' } })
    // The NIK travels in the body only.
    expect(seen[0]?.url).toBe('https://esign.dinas.contoh.go.id/api/v2/user/check/status')
    expect(await seen[0]?.json()).toEqual({ nik: NIK })
    expect(seen[0]?.headers.get('authorization')).toBe(`Basic ${btoa('klien:sandi')}`)
  })

  it('keyed on the word, not on the number; a new word stays raw', async () => {
    expect(await scripted(() => json({ status_code: '2042', status: 'issue ' })).esign.userStatus({ nik: NIK })).toMatchObject({ value: { status: 'ISSUE', statusCode: '2042' } })
    expect(await scripted(() => json({ status: 'DIBEKUKAN' })).esign.userStatus({ email: 'a@dinas.contoh.go.id' })).toMatchObject({ value: { status: 'OTHER', rawStatus: 'DIBEKUKAN' } })
  })

  const table: [string, Answer, object][] = [
    ['a JSON header over plain text', () => new Response('NIK atau email wajib diisi', { status: 400, headers: { 'content-type': 'application/json' } }), { outcome: 'unavailable', cause: { code: 'esignContract', detail: 'invalid JSON', httpStatus: 400 } }],
    ['HTML', () => new Response('<html>502</html>', { status: 200 }), { outcome: 'unavailable', cause: { code: 'esignContract', detail: 'HTML instead of JSON' } }],
    ['502', () => new Response('bad gateway', { status: 502 }), { outcome: 'unavailable', cause: { code: 'esignUnavailable', httpStatus: 502 } }],
    ['401', () => new Response('Unauthorized', { status: 401 }), { outcome: 'unavailable', cause: { code: 'esignAuthentication', httpStatus: 401 } }],
    ['an error member', () => json({ error: 'Proses gagal' }), { outcome: 'refused', message: 'Proses gagal' }],
    ['400 with a message', () => json({ status_code: 2011, message: 'tidak sah' }, 400), { outcome: 'refused', message: 'tidak sah', httpStatus: 400 }],
    ['JSON of another shape', () => json([1, 2]), { outcome: 'unavailable', cause: { code: 'esignContract' } }],
    ['an empty body', () => new Response(''), { outcome: 'unavailable', cause: { code: 'esignContract', detail: 'an empty body' } }],
    ['silence', () => new Promise<Response>(() => undefined), { outcome: 'unavailable', cause: { code: 'esignUnavailable' } }],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://lain.invalid' } }), { outcome: 'unavailable', cause: { code: 'esignContract' } }],
  ]
  it.each(table)('%s', async (_what, answer, expected) => {
    const reading = await scripted(answer).esign.userStatus({ nik: NIK })
    expect(reading).toMatchObject(expected)
    expect(JSON.stringify(reading)).not.toContain(NIK)
  })

  it('v1 carries the NIK in its URL: only when allowed by name', async () => {
    const answer: Answer = (request) => (request.method === 'POST' ? new Response('<html>404</html>', { status: 404 }) : json({ status_code: 1111, message: 'ok', status: 'ISSUE' }))
    const guarded = scripted(answer)
    expect(await guarded.esign.userStatus({ nik: NIK })).toMatchObject({ outcome: 'unavailable', cause: { code: 'esignContract' } })
    expect(guarded.seen).toHaveLength(1)
    const allowed = scripted(answer, { allow: [allowIdentityInUrl] })
    expect(await allowed.esign.userStatus({ nik: NIK })).toMatchObject({ outcome: 'answered', value: { status: 'ISSUE', api: 'v1' } })
    expect(allowed.seen[1]?.url).toBe(`https://esign.dinas.contoh.go.id/api/user/status/${NIK}`)
    // v1 knows no mail address.
    expect(await allowed.esign.userStatus({ email: 'a@b.go.id' })).toMatchObject({ outcome: 'unavailable' })
  })

  it('a NIK is a text of 16 digits; misuse never shows it', async () => {
    const { esign } = scripted(() => json({}))
    await expect(esign.userStatus({ nik: 9999020101800001 as never })).rejects.toThrow(TypeError)
    await expect(esign.userStatus({ nik: '123' })).rejects.toThrow('nik must be a text of 16 digits')
    await expect(esign.userStatus({ email: 'bukan' })).rejects.toThrow(TypeError)
  })

  it('plain http inside the office only with the option imported by name', () => {
    expect(() => scripted(() => json({}), { baseUrl: 'http://10.1.2.3' })).toThrow(expect.objectContaining({ code: 'transportPlainHttp' }) as Error)
    expect(() => scripted(() => json({}), { baseUrl: 'http://10.1.2.3', allow: [allowIdentityInUrl] })).toThrow(expect.objectContaining({ code: 'transportPlainHttp' }) as Error)
    expect(() => scripted(() => json({}), { baseUrl: 'http://10.1.2.3', allow: [allowPlainHttp] })).not.toThrow()
  })
})

describe('e-Sign Client Service v2: chain and verification', () => {
  let sandbox: Sandbox
  let leaf: Leaf
  let certificate: Certificate
  let esign: EsignPort
  beforeAll(async () => {
    sandbox = await createSandbox({ faults: 'none', baseUrl: 'https://sandbox.cabut.invalid' })
    leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    certificate = readCertificate(leaf.der)
    const { username, password } = sandbox.manage.esign
    esign = createEsign({ baseUrl: sandbox.urls.esign, credential: basic(username, password), fetch: sandbox.fetch, allow: [allowIdentityInUrl] })
  })
  afterAll(() => sandbox.close())

  it.each(['pem', 'base64'] as const)('chain as %s, by certificate id and by NIK', async (format) => {
    sandbox.manage.esign.setChain(format)
    for (const id of [await esignId(certificate), NIK]) {
      const reading = await esign.certificateChain(id)
      expect(reading.outcome === 'answered' && reading.value.map((each) => each.serial)[0]).toBe(leaf.serial)
      expect(reading.outcome === 'answered' && reading.value).toHaveLength(3)
    }
  })

  it('an unknown id is the service\'s refusal; a NIK in the URL needs to be allowed', async () => {
    expect(await esign.certificateChain(`C-${'0'.repeat(64)}`)).toMatchObject({ outcome: 'refused', message: 'Sertifikat tidak ditemukan' })
    await expect(scripted(() => json({})).esign.certificateChain(NIK)).rejects.toMatchObject({ code: 'transportPersonalDataInUrl' })
    expect(await scripted(() => json({ success: true, data: [] })).esign.certificateChain(`C-${'1234567890123456'.repeat(4)}`)).toEqual({ outcome: 'answered', value: [] })
  })

  it.each([
    ['an object', { certificate: 'x' }], ['a number', 7], ['an empty text', ''], ['base64 of something else', btoa('halo')], ['PEM of something else', '-----BEGIN CERTIFICATE-----\naGFsbw==\n-----END CERTIFICATE-----'],
    ['a URL', 'https://contoh.go.id/cert'], ['null', null], ['a huge text', 'A'.repeat(70_000)],
  ])('refuses an element that is %s', async (_what, element) => {
    expect(await scripted(() => json({ success: true, data: [leaf.certificatePem, element] })).esign.certificateChain('C-1')).toMatchObject({
      outcome: 'unavailable', cause: { code: 'esignContract', detail: 'data[1] is neither PEM nor base64 DER of a certificate' },
    })
  })

  it('user status through the sandbox, following AMS\'s word', async () => {
    expect(await esign.userStatus({ nik: NIK })).toMatchObject({ outcome: 'answered', value: { status: 'ISSUE' } })
    sandbox.manage.esign.setStatus('surya.wibisana', 'REVOKE')
    expect(await esign.userStatus({ email: 'surya.wibisana@purbalingga.contoh.go.id' })).toMatchObject({ value: { status: 'REVOKE' } })
    expect(await esign.userStatus({ nik: '9999999999999999' })).toMatchObject({ value: { status: 'NOT_REGISTERED' } })
  })

  it('verify/pdf of an unsigned letter, and of no PDF at all', async () => {
    expect(await esign.verifyPdf(new TextEncoder().encode('%PDF-1.4 contoh'))).toMatchObject({ outcome: 'answered', value: { conclusion: 'NO_SIGNATURE', signatures: [] } })
    expect(await esign.verifyPdf(new TextEncoder().encode('bukan'))).toMatchObject({ outcome: 'unavailable', cause: { code: 'esignContract', httpStatus: 400 } })
  })

  const answer = (id: string, serialNumber: unknown = '4660', trusted: unknown = true): unknown => ({
    conclusion: 'VALID', signatureInformations: [{
      signerName: 'Contoh Pejabat', signatureDate: '2026-11-22 09:00:00', signatureFormat: 'PAdES-BASELINE-LTA', integrityValid: true, certificateTrusted: trusted,
      timestampInfomation: { timestampDate: '2026-11-22 09:12:00' }, certificateDetails: [{ id, commonName: 'Contoh Pejabat', serialNumber, signatureAlgoritm: 'SHA256withRSA' }],
    }],
  })
  const verified = async (body: unknown): Promise<EsignVerification> => {
    const reading = await scripted(() => json(body)).esign.verifyPdf(new Uint8Array([1]))
    if (reading.outcome !== 'answered') throw new Error(JSON.stringify(reading))
    return reading.value
  }

  it('the vendor\'s spelling, decimal serials, and times kept apart', async () => {
    const { signatures } = await verified(answer('C-AB'))
    expect(signatures[0]).toEqual({
      signerName: 'Contoh Pejabat', claimedTime: '2026-11-22 09:00:00', timestampTime: '2026-11-22 09:12:00', format: 'PAdES-BASELINE-LTA', integrityValid: true, certificateTrusted: true,
      certificates: [{ id: 'C-AB', commonName: 'Contoh Pejabat', serial: '1234', rawSerialNumber: '4660', signatureAlgorithm: 'SHA256withRSA' }],
    })
  })

  it('a serial sent as a JSON number has lost its digits and is not taken for one', async () => {
    const body = JSON.stringify(answer('C-AB')).replace('"4660"', '123456789012345678901234567890')
    const reading = await scripted(() => new Response(body)).esign.verifyPdf(new Uint8Array([1]))
    expect(reading.outcome === 'answered' && reading.value.signatures[0]?.certificates[0]?.serial).toBeUndefined()
    expect((await verified(answer('C-AB', 4660))).signatures[0]?.certificates[0]?.serial).toBe('1234')
  })

  it('the second opinion is bound to the exact certificate by its id, and to nothing else', async () => {
    const id = await esignId(certificate)
    expect(await opinionOn(certificate, await verified(answer(id)))).toMatchObject({ trusted: true, signatures: { length: 1 } })
    expect(await opinionOn(certificate, await verified(answer(id, '1', false)))).toMatchObject({ trusted: false })
    // The right serial and name, but another certificate.
    expect(await opinionOn(certificate, await verified(answer(`C-${'0'.repeat(64)}`, BigInt(`0x${leaf.serial}`).toString())))).toEqual({ signatures: [] })
  })

  it('reads the whole answer within the cap', async () => {
    expect(await scripted(() => json({ conclusion: 'x'.repeat(300) }), { answerLimit: 100 }).esign.verifyPdf(new Uint8Array([1]))).toMatchObject({ outcome: 'unavailable', cause: { code: 'esignContract' } })
  })
})
