import { afterEach, describe, expect, test } from 'vitest'
import { createSandbox, type Leaf, type Sandbox, type SandboxOptions } from '@cabut/sandbox'
import { recordingFetch, validateExchange, type RecordedExchange } from './contract.js'

const PDF = new TextEncoder().encode('%PDF-1.7\n% surat rekaan\n%%EOF\n')
const open: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close()
})

interface Answer {
  status: number
  success: boolean
  code?: string
  // Whatever AMS sent: the contract validator judges its shape.
  data: Record<string, any>
  replayed: boolean
}

async function setUp(options: SandboxOptions = {}) {
  let clock = Date.parse('2026-05-26T07:00:00Z')
  const sandbox = await createSandbox({ faults: 'none', now: () => clock, seed: 1, reuseKeys: true, ...options })
  open.push(sandbox)
  const seen: RecordedExchange[] = []
  const fetch = recordingFetch(sandbox.fetch, sandbox.urls.ams, seen)
  async function call(user: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const token = sandbox.manage.token(user)
    const binary = body instanceof Uint8Array
    const response = await fetch(sandbox.urls.ams + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': binary ? 'application/pdf' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: binary ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Answer
    return { ...answer, status: response.status, replayed: response.headers.get('idempotency-replayed') === 'true' }
  }
  async function letter(user: string): Promise<string> {
    return (await call(user, 'POST', '/letters', PDF)).data['letterId'] as string
  }
  async function file(
    user: string,
    leaf: Leaf,
    username: string,
    key = 'key-00000001',
    more: Record<string, unknown> = {},
  ): Promise<Answer> {
    const letterIds = [await letter(user)]
    return call(
      user,
      'POST',
      '/revocations',
      { username, certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial }, reason: 'mutasi', letterIds, ...more },
      { 'idempotency-key': key },
    )
  }
  const problems = (requestToo = true): string[] =>
    seen.flatMap((exchange) =>
      validateExchange(exchange, { requestToo }).map((text) => `${exchange.method} ${exchange.path} ${exchange.status}: ${text}`),
    )
  return {
    sandbox,
    seen,
    call,
    letter,
    file,
    problems,
    tick: (ms: number) => {
      clock += ms
    },
  }
}

describe('AMS contract: both standards file, BSrE decides, AMS answers by docs/openapi/ams.yaml', () => {
  test('Pekalongan step 3: the owner files, the agency forwards, BSrE approves; CRL follows only after the publication delay', async () => {
    const { sandbox, call, file, problems, tick } = await setUp({ publication: { delay: 3_600_000 } })
    const leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi', key: 'shared' })
    const filed = await file('ratna.pertiwi', leaf, 'ratna.pertiwi')
    expect(filed.data['status']).toBe('WAITING_VERIFICATION')
    expect(filed.data['filedAt']).toBe('2026-05-26T14:00:00+07:00')
    const id = filed.data['id'] as string
    const early = await call('hadi.prakoso', 'GET', `/revocations/${id}`)
    expect(early.data['status']).toBe('WAITING_VERIFICATION')
    const decided = await call(
      'dewi.larasati',
      'POST',
      `/revocations/${id}/decision`,
      { decision: 'FORWARD' },
      { 'idempotency-key': 'decide-0001' },
    )
    expect(decided.data['status']).toBe('WAITING_BSRE')
    const before = Buffer.from(sandbox.ca.crl()).toString('hex')
    const after = await call('ratna.pertiwi', 'GET', `/revocations/${id}`)
    expect(after.data['status']).toBe('REVOKED')
    expect(
      (await call('ratna.pertiwi', 'GET', `/certificates?serial=${leaf.serial}&issuerDn=${encodeURIComponent(leaf.issuerDn)}`)).data[
        'items'
      ][0].status,
    ).toBe('DICABUT')
    expect(Buffer.from(sandbox.ca.crl()).toString('hex')).toBe(before)
    tick(3_600_000)
    expect(Buffer.from(sandbox.ca.crl()).toString('hex')).toContain(leaf.serial)
    expect(
      (await call('ratna.pertiwi', 'GET', `/revocations/${id}/history`)).data['items'].map((item: { event: string }) => item.event),
    ).toEqual(['FILED', 'FORWARDED', 'APPROVED'])
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
    expect(problems()).toEqual([])
  })

  test('Purbalingga step 4: the verification team files, the record goes to BSrE at once; BSrE refuses with its reason', async () => {
    const { sandbox, call, file, problems } = await setUp({ bsre: { decide: 'manual' } })
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const filed = await file('tegar.maulana', leaf, 'surya.wibisana')
    expect(filed.data['status']).toBe('WAITING_BSRE')
    sandbox.manage.refuse(filed.data['id'] as string, 'Subject DN tidak sesuai.')
    const read = await call('tegar.maulana', 'GET', `/revocations/${filed.data['id']}`)
    expect(read.data).toMatchObject({ status: 'REFUSED', refusal: { by: 'BSRE', message: 'Subject DN tidak sesuai.' } })
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(0)
    expect(() => {
      sandbox.manage.approve(filed.data['id'] as string)
    }).toThrow(TypeError)
    const again = await file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000002')
    expect(again.success).toBe(true)
    expect(problems()).toEqual([])
  })

  test('RETURN needs a note, is final, and a new filing needs a new key', async () => {
    const { sandbox, call, file, problems } = await setUp({ bsre: { decide: 'manual' } })
    const leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi', key: 'shared' })
    const id = (await file('ratna.pertiwi', leaf, 'ratna.pertiwi')).data['id'] as string
    expect(
      await call('dewi.larasati', 'POST', `/revocations/${id}/decision`, { decision: 'RETURN' }, { 'idempotency-key': 'decide-0001' }),
    ).toMatchObject({ status: 422, code: 'NOTE_REQUIRED' })
    const returned = await call(
      'dewi.larasati',
      'POST',
      `/revocations/${id}/decision`,
      { decision: 'RETURN', note: 'Surat tidak terbaca.' },
      { 'idempotency-key': 'decide-0001' },
    )
    expect(returned.data).toMatchObject({ status: 'RETURNED', refusal: { by: 'AGENCY', message: 'Surat tidak terbaca.' } })
    expect(
      await call('dewi.larasati', 'POST', `/revocations/${id}/decision`, { decision: 'FORWARD' }, { 'idempotency-key': 'decide-0002' }),
    ).toMatchObject({ status: 200, success: false, code: 'DECISION_NOT_ALLOWED' })
    expect((await file('ratna.pertiwi', leaf, 'ratna.pertiwi', 'key-00000001')).replayed).toBe(true)
    expect((await file('ratna.pertiwi', leaf, 'ratna.pertiwi', 'key-00000002')).data['id']).not.toBe(id)
    expect(problems()).toEqual([])
  })

  test('an idempotency key answers with the same record; another body is refused; without honoured keys a second record is pending or made', async () => {
    const one = await setUp({ bsre: { decide: 'manual' } })
    const leaf = await one.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const first = await one.file('tegar.maulana', leaf, 'surya.wibisana')
    const repeat = await one.file('tegar.maulana', leaf, 'surya.wibisana')
    expect([first.replayed, repeat.replayed, repeat.data['id'] === first.data['id']]).toEqual([false, true, true])
    expect(await one.file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000001', { reason: 'pensiun' })).toMatchObject({
      status: 200,
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(await one.file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000002')).toMatchObject({
      status: 200,
      code: 'REVOCATION_PENDING',
    })
    expect((await one.call('tegar.maulana', 'GET', '/revocations?idempotencyKey=key-00000001')).data['total']).toBe(1)

    const two = await setUp({ idempotency: false, pendingCheck: false })
    const other = await two.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    await two.file('tegar.maulana', other, 'surya.wibisana')
    await two.file('tegar.maulana', other, 'surya.wibisana')
    two.sandbox.manage.settle()
    expect(two.sandbox.manage.timesRevoked(other.serial)).toBe(2)
    expect((await two.call('tegar.maulana', 'GET', '/revocations?idempotencyKey=key-00000001')).data['total']).toBe(0)
    expect([...one.problems(), ...two.problems()]).toEqual([])
  })

  test('refusals by rule are HTTP 200; other agencies and other owners see nothing', async () => {
    const { sandbox, call, file, problems } = await setUp({ reasons: 'strict' })
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const expired = await sandbox.manage.issue({ username: 'surya.wibisana', notBefore: new Date('2023-01-01'), key: 'shared' })
    expect(await file('hadi.prakoso', leaf, 'surya.wibisana')).toMatchObject({ status: 200, code: 'CERTIFICATE_NOT_FOUND' })
    expect(await file('laras.kinanti', leaf, 'surya.wibisana')).toMatchObject({ status: 200, code: 'CERTIFICATE_NOT_FOUND' })
    expect(await file('tegar.maulana', leaf, 'laras.kinanti')).toMatchObject({ status: 200, code: 'USERNAME_MISMATCH' })
    expect(await file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000003', { reason: 'entah apa' })).toMatchObject({
      status: 200,
      code: 'REASON_UNKNOWN',
    })
    expect(await file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000004', { reason: 'penangguhan' })).toMatchObject({
      status: 200,
      code: 'SUSPENSION_NOT_REVOCATION',
    })
    expect(await file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000005', { letterIds: ['let-999999'] })).toMatchObject({
      status: 200,
      code: 'LETTER_NOT_FOUND',
    })
    expect(await file('tegar.maulana', expired, 'surya.wibisana', 'key-00000006')).toMatchObject({
      status: 200,
      code: 'CERTIFICATE_EXPIRED',
    })
    expect((await call('hadi.prakoso', 'GET', '/certificates?username=surya.wibisana')).data['total']).toBe(0)
    expect(
      (await call('tegar.maulana', 'GET', '/certificates?username=surya.wibisana')).data['items'].map(
        (one: { status: string }) => one.status,
      ),
    ).toEqual(['AKTIF', 'KEDALUWARSA'])
    expect(
      await call('petugas.bsre', 'POST', '/revocations/rev-000001/decision', { decision: 'FORWARD' }, { 'idempotency-key': 'decide-0001' }),
    ).toMatchObject({ status: 403, code: 'ROLE_NOT_ALLOWED' })
    expect(await call('tegar.maulana', 'GET', '/revocations/rev-000009')).toMatchObject({ status: 200, code: 'REVOCATION_NOT_FOUND' })
    const done = await file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000007')
    sandbox.manage.settle()
    expect(done.success).toBe(true)
    expect(await file('tegar.maulana', leaf, 'surya.wibisana', 'key-00000008')).toMatchObject({
      status: 200,
      code: 'CERTIFICATE_ALREADY_REVOKED',
    })
    expect(problems()).toEqual([])
  })

  test('malformed input: 400, 401, 413, 415, 422, each by the contract', async () => {
    const { sandbox, call, letter, problems } = await setUp()
    const user = 'tegar.maulana'
    const key = { 'idempotency-key': 'key-00000001' }
    expect(await call(user, 'GET', '/certificates')).toMatchObject({ status: 400, code: 'QUERY_INVALID' })
    expect(await call(user, 'GET', '/certificates?serial=zz&issuerDn=CN%3Dx')).toMatchObject({ status: 400, code: 'QUERY_INVALID' })
    expect(await call(user, 'GET', '/certificates?username=x&size=101')).toMatchObject({ status: 400 })
    expect(await call(user, 'POST', '/letters', new Uint8Array(0))).toMatchObject({ status: 400, code: 'LETTER_EMPTY' })
    expect(await call(user, 'POST', '/letters', new TextEncoder().encode('PK\u0003\u0004'))).toMatchObject({
      status: 422,
      code: 'LETTER_NOT_PDF',
    })
    const limit = new Uint8Array(1_048_576)
    limit.set(PDF)
    expect(await call(user, 'POST', '/letters', limit)).toMatchObject({ status: 200, success: true })
    const large = new Uint8Array(1_048_577)
    large.set(PDF)
    expect(await call(user, 'POST', '/letters', large)).toMatchObject({ status: 413, code: 'LETTER_TOO_LARGE' })
    expect(await call(user, 'POST', '/letters', {})).toMatchObject({ status: 415, code: 'CONTENT_TYPE_INVALID' })
    expect(await letter(user)).toBe(await letter(user))
    expect(await call(user, 'POST', '/revocations', { username: 'x' }, key)).toMatchObject({ status: 422, code: 'BODY_INVALID' })
    expect(await call(user, 'POST', '/revocations', { username: 'x' })).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_REQUIRED' })
    expect(await call(user, 'GET', '/reasons', undefined, { authorization: 'Bearer nobody' })).toMatchObject({
      status: 401,
      code: 'UNAUTHORIZED',
    })
    expect(await call(user, 'GET', '/reasons', undefined, { authorization: 'Bearer __proto__' })).toMatchObject({
      status: 401,
      code: 'UNAUTHORIZED',
    })
    expect(problems(false)).toEqual([])
    const token = sandbox.manage.token(user)
    const broken = await sandbox.fetch(`${sandbox.urls.ams}/revocations`, {
      method: 'POST',
      body: '{',
      headers: { ...key, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    expect([broken.status, ((await broken.json()) as { code: string }).code]).toEqual([400, 'JSON_INVALID'])
  })

  test('certificates are found by Subject DN in any order and spelling (RFC 5280 7.1), and by serial with leading zeros', async () => {
    const { sandbox, call } = await setUp()
    const serial = '00c4'.padEnd(40, 'a')
    const leaf = await sandbox.manage.issue({
      username: 'surya.wibisana',
      serial,
      description: '517059AAAABBBBCC_Tanda Tangan Elektronik',
      organization: 'Dinas "A", B+C',
    })
    const hex = Buffer.concat([Buffer.from([0x0c, 40]), Buffer.from('517059AAAABBBBCC_Tanda Tangan Elektronik')]).toString('hex')
    for (const dn of [
      leaf.subjectDn,
      `2.5.4.13=#${hex}, cn=SURYA  wibisana, o=Dinas \\22A\\22\\, B\\+C, c=id`,
      `description=517059AAAABBBBCC_Tanda Tangan Elektronik; CN=Surya Wibisana;O="Dinas \\"A\\", B+C";C=ID`,
    ]) {
      expect((await call('tegar.maulana', 'GET', `/certificates?subjectDn=${encodeURIComponent(dn)}`)).data['total'], dn).toBe(1)
    }
    const found = await call(
      'tegar.maulana',
      'GET',
      `/certificates?serial=${serial.toUpperCase()}&issuerDn=${encodeURIComponent('CN=Cabut SANDBOX CA DS G1, O=Cabut SANDBOX (bukan lembaga resmi), C=ID')}`,
    )
    expect(found.data['items'][0].serial).toBe(serial.slice(2))
    expect((await call('tegar.maulana', 'GET', '/certificates?subjectDn=' + encodeURIComponent('CN=Orang Lain'))).data['total']).toBe(0)
  })
})
