import { afterEach, describe, expect, test } from 'vitest'
import { createSandbox, type FaultRule, type FaultSetting, type Leaf, type Sandbox, type SandboxOptions } from '@cabut/sandbox'

const open: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close()
})

async function setUp(faults: FaultSetting, options: SandboxOptions = {}) {
  let clock = Date.parse('2026-05-26T07:00:00Z')
  const sandbox = await createSandbox({
    now: () => clock,
    seed: 7,
    reuseKeys: true,
    hang: 20,
    publication: { delay: 0 },
    ...options,
    faults,
  })
  open.push(sandbox)
  const token = sandbox.manage.token('tegar.maulana')
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    sandbox.fetch(sandbox.urls.ams + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    })
  async function file(leaf: Leaf, key = 'key-00000001'): Promise<Response> {
    const uploaded = await call('/letters', { method: 'POST', body: '%PDF-1.4 rekaan', headers: { 'content-type': 'application/pdf' } })
    const { data } = (await uploaded.json()) as { data: { letterId: string } }
    return call('/revocations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        username: 'surya.wibisana',
        certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial },
        reason: 'mutasi',
        letterIds: [data.letterId],
      }),
    })
  }
  const issue = (): Promise<Leaf> => sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
  const listed = (leaf: Leaf): boolean => Buffer.from(sandbox.ca.crl()).toString('hex').includes(leaf.serial)
  return {
    sandbox,
    call,
    file,
    issue,
    listed,
    tick: (ms: number) => {
      clock += ms
    },
  }
}

const rejection = async (promise: Promise<unknown>): Promise<{ name: string; code: unknown }> => {
  const error = await promise.then(
    () => {
      throw new Error('an answer came')
    },
    (reason: unknown) => reason as Error & { cause?: { code: unknown } },
  )
  return { name: error.name, code: error.cause?.code }
}

describe('transport faults look like the real thing', () => {
  const cases: [FaultRule, number, string, RegExp][] = [
    [{ kind: 'status' }, 503, 'text/plain', /upstream/],
    [{ kind: 'status', status: 502, commit: true }, 502, 'text/plain', /upstream/],
    [{ kind: 'html' }, 200, 'text/html', /^<!DOCTYPE html>/],
    [{ kind: 'refuse', code: 'GENERAL_ERROR' }, 200, 'application/json', /"success":false,"code":"GENERAL_ERROR"/],
    [{ kind: 'throttle', seconds: 3 }, 429, 'application/json', /TOO_MANY_REQUESTS/],
    [{ kind: 'empty' }, 200, 'application/json', /^$/],
    [{ kind: 'invalidJson' }, 200, 'application/json', /^\{"success":true,(?!.*\}$)/],
  ]
  test.each(cases)('%o', async (rule, status, type, body) => {
    const { call } = await setUp([{ ...rule, on: 'ams.listReasons' }])
    const response = await call('/reasons')
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([status, type])
    expect(await response.text()).toMatch(body)
    if (status === 429) expect(response.headers.get('retry-after')).toBe('3')
  })

  test('reset rejects as fetch does; timeout holds until the signal fires, or until `hang` has passed', async () => {
    const { call } = await setUp([{ kind: 'reset', times: 1 }, { kind: 'timeout' }])
    expect(await rejection(call('/reasons'))).toEqual({ name: 'TypeError', code: 'ECONNRESET' })
    expect((await rejection(call('/reasons', { signal: AbortSignal.timeout(5) }))).name).toBe('TimeoutError')
    expect(await rejection(call('/reasons'))).toEqual({ name: 'TypeError', code: 'ECONNRESET' })
  })

  test('a redirect to another host is not followed into the sandbox; only redirect: manual sees it', async () => {
    const { call } = await setUp([{ kind: 'redirect' }])
    expect(await rejection(call('/reasons'))).toEqual({ name: 'TypeError', code: 'ENOTFOUND' })
    const seen = await call('/reasons', { redirect: 'manual' })
    expect([seen.status, seen.headers.get('location')]).toEqual([302, 'http://login.lain.invalid/'])
  })

  test('truncate announces the whole length, then the connection breaks', async () => {
    const { sandbox } = await setUp([{ kind: 'truncate', on: 'ca.crl' }])
    const response = await sandbox.fetch(sandbox.urls.crl)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(400)
    await expect(response.arrayBuffer()).rejects.toThrow()
  })

  test('truncate lets an answer without a body pass: "not modified" has nothing to cut', async () => {
    const { sandbox } = await setUp([{ kind: 'truncate', on: 'ca.crl' }])
    const etag = (await sandbox.fetch(sandbox.urls.crl)).headers.get('etag') ?? ''
    expect((await sandbox.fetch(sandbox.urls.crl, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('another host does not exist', async () => {
    const { sandbox } = await setUp('none')
    expect(await rejection(sandbox.fetch('http://sandbox.cabut.invalid.evil.invalid/ams/reasons'))).toEqual({
      name: 'TypeError',
      code: 'ENOTFOUND',
    })
  })
})

describe('timeout and reset after commit: the write is done, the client does not know', () => {
  test.each(['timeoutAfterCommit', 'resetAfterCommit'] as const)(
    '%s on every write: repeating with the same key revokes exactly once',
    async (kind) => {
      const { sandbox, file, issue, call } = await setUp([{ kind, on: 'ams.fileRevocation', times: 2 }])
      const leaf = await issue()
      await rejection(file(leaf))
      await rejection(file(leaf))
      const third = (await (await file(leaf)).json()) as { data: { id: string } }
      expect(((await (await call(`/revocations/${third.data.id}`)).json()) as { data: { status: string } }).data.status).toBe('REVOKED')
      expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
      expect(sandbox.manage.log().filter((entry) => entry.type === 'FAULT')).toHaveLength(2)
    },
  )

  test('without honoured keys a blind repetition revokes twice: the log is the witness', async () => {
    const { sandbox, file, issue } = await setUp([{ kind: 'timeoutAfterCommit', on: 'ams.fileRevocation', times: 1 }], {
      idempotency: false,
      pendingCheck: false,
    })
    const leaf = await issue()
    await rejection(file(leaf))
    await file(leaf)
    sandbox.manage.settle()
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(2)
  })

  test('reset before commit leaves nothing behind', async () => {
    const { sandbox, file, issue } = await setUp([{ kind: 'reset', on: 'ams.fileRevocation' }])
    const leaf = await issue()
    await rejection(file(leaf))
    expect(sandbox.manage.revocations()).toHaveLength(0)
  })
})

describe('the authority lies', () => {
  test('notPublished: AMS says REVOKED for ever, CRL and OCSP never; only an explicit withheld publication shows it', async () => {
    const { sandbox, file, issue, listed, tick } = await setUp([{ kind: 'notPublished' }])
    const leaf = await issue()
    await file(leaf)
    sandbox.manage.settle()
    tick(40 * 86_400_000)
    sandbox.manage.publish()
    expect([sandbox.manage.revocations()[0]?.status, listed(leaf)]).toEqual(['REVOKED', false])
    sandbox.manage.publish({ withheld: true })
    expect(listed(leaf)).toBe(true)
  })

  test('wrongCertificate: another certificate appears on the CRL', async () => {
    const { sandbox, file, issue, listed } = await setUp([{ kind: 'wrongCertificate' }])
    const [meant, other] = [await issue(), await issue()]
    await file(meant)
    sandbox.manage.settle()
    expect([listed(meant), listed(other)]).toEqual([false, true])
    expect(sandbox.manage.log().find((entry) => entry.type === 'CERTIFICATE_REVOKED')).toMatchObject({
      serial: other.serial,
      data: { meant: meant.serial },
    })
  })

  test('reasonChanged: the CRL names a hold instead of affiliationChanged', async () => {
    const { sandbox, file, issue } = await setUp([{ kind: 'reasonChanged', to: 'certificateHold' }])
    await file(await issue())
    sandbox.manage.settle()
    // reasonCode extension with value 6 (RFC 5280 5.3.1)
    expect(Buffer.from(sandbox.ca.crl()).toString('hex')).toContain('0603551d1504030a0106')
  })

  test('crlRollback serves the CRL before; unrevoke takes the serial off; staleCrl is old and lacks it', async () => {
    const { sandbox, file, issue, listed } = await setUp('none')
    const leaf = await issue()
    sandbox.ca.crl()
    await file(leaf)
    sandbox.manage.settle()
    expect(listed(leaf)).toBe(true)
    const served = async (): Promise<boolean> =>
      Buffer.from(await (await sandbox.fetch(sandbox.urls.crl)).arrayBuffer())
        .toString('hex')
        .includes(leaf.serial)
    expect(await served()).toBe(true)
    sandbox.manage.faults.set([{ kind: 'crlRollback', times: 1 }])
    expect([await served(), await served()]).toEqual([false, true])
    sandbox.manage.faults.set([{ kind: 'staleCrl', times: 1 }])
    expect([await served(), await served()]).toEqual([false, true])
    sandbox.manage.faults.set([{ kind: 'unrevoke', times: 1 }])
    expect([await served(), await served(), listed(leaf)]).toEqual([false, false, false])
  })

  test('a hold stays listed until the revocation that replaces it is published', async () => {
    const { sandbox, file, issue, listed, tick } = await setUp('none', { publication: { delay: 10_000 } })
    const leaf = await issue()
    sandbox.manage.suspend(leaf.serial)
    tick(10_000)
    const reasons = (): string[] =>
      [
        ...Buffer.from(sandbox.ca.crl())
          .toString('hex')
          .matchAll(/0603551d1504030a01(..)/g),
      ].map((match) => match[1] as string)
    expect(reasons()).toEqual(['06'])
    await file(leaf)
    sandbox.manage.settle()
    expect([listed(leaf), reasons()]).toEqual([true, ['06']])
    tick(9_999)
    expect(reasons()).toEqual(['06'])
    tick(1)
    // affiliationChanged
    expect([listed(leaf), reasons()]).toEqual([true, ['03']])
  })

  test('clockSkew moves what AMS prints, not the CRL', async () => {
    const { sandbox, file, issue } = await setUp([{ kind: 'clockSkew', ms: 3_600_000 }])
    const answer = (await (await file(await issue())).json()) as { data: { filedAt: string } }
    expect(answer.data.filedAt).toBe('2026-05-26T15:00:00+07:00')
    sandbox.manage.settle()
    expect(Buffer.from(sandbox.ca.crl()).toString('latin1')).toContain('260526070000Z')
  })
})

describe('faults are seeded', () => {
  async function trace(seed: number): Promise<string[]> {
    const { sandbox, call } = await setUp('default', { seed })
    const outcomes: string[] = []
    for (let i = 0; i < 120; i++)
      outcomes.push(
        await call('/reasons', { redirect: 'manual' }).then(
          async (response) => `${response.status} ${(await response.text().catch(() => 'broken')).length}`,
          (error: unknown) => (error as Error).name,
        ),
      )
    await sandbox.close()
    return outcomes
  }

  test('the same seed gives the same faults, another seed others; the default mixture is not empty', async () => {
    const [first, again, other] = [await trace(11), await trace(11), await trace(12)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(1)
  })

  test('traffic on one endpoint does not shift the faults of another', async () => {
    const rules: FaultRule[] = [{ kind: 'status', on: 'ams.*', probability: 0.5 }]
    const statuses = async (noise: number): Promise<number[]> => {
      const { sandbox, call } = await setUp(rules, { seed: 3 })
      for (let i = 0; i < noise; i++) await call('/certificates?username=surya.wibisana')
      const seen: number[] = []
      for (let i = 0; i < 20; i++) seen.push((await call('/reasons')).status)
      await sandbox.close()
      return seen
    }
    expect(await statuses(9)).toEqual(await statuses(0))
  })

  test('after and times bound a rule; a bad rule is a TypeError', async () => {
    const { sandbox, call } = await setUp([{ kind: 'status', on: 'ams.listReasons', after: 1, times: 2 }])
    const seen: number[] = []
    for (let i = 0; i < 5; i++) seen.push((await call('/reasons')).status)
    expect(seen).toEqual([200, 503, 503, 200, 200])
    expect(() => {
      sandbox.manage.faults.set([{ kind: 'status', probability: 2 }])
    }).toThrow(TypeError)
    expect(() => {
      sandbox.manage.faults.set([{ kind: 'nothing' as never }])
    }).toThrow(TypeError)
  })
})
