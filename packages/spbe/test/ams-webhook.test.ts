import { afterEach, describe, expect, test } from 'vitest'
import type { FaultSetting } from '@cabut/sandbox'
import { createAmsWebhook, newWebhookSecret, signWebhook } from '../src/index.js'
import { findings, openPortal, people, type Portal } from './portal.js'

const secret = newWebhookSecret()
const day = 86_400_000
const opened: Portal[] = []
afterEach(async () => { for (const portal of opened.splice(0)) await portal.close() })

const as = { head: { id: people.head.sub, role: 'head', opd: 'dinkominfo' }, verifier: { id: people.verifier.sub, role: 'verifier', opd: 'dinkominfo' } } as const

/** A desk that looks at AMS once a day, and an AMS that tells it what happened. */
async function office(faults: FaultSetting) {
  let receive: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 })
  const answers: number[] = []
  const portal = await openPortal({
    sandbox: {
      faults, bsre: { decide: 'manual' }, publication: { delay: 0 },
      webhook: { url: 'https://desk.contoh.go.id/ams', secret, fetch: async (request) => { answers.push((await receive(request)).status) } },
    },
    desk: { pace: { ams: day, proof: day } },
  })
  opened.push(portal)
  const { desk, sandbox, clock } = portal
  receive = createAmsWebhook({ desk, secrets: [secret], clock: () => new Date(clock.now) })
  const { id, leaf } = await portal.filed()
  await desk.dispose(id, { as: as.head, to: as.verifier })
  await desk.approve(id, { as: as.verifier, findings })
  const settle = async (): Promise<string> => {
    await sandbox.manage.webhooksSettled()
    await desk.runEffects()
    return (await desk.get(id)).status
  }
  expect(await settle()).toBe('atBsre')
  // The day of looking begins anew: what follows is the webhook's doing alone.
  clock.now += 1_000
  const record = sandbox.manage.revocations()[0]?.id ?? ''
  return { portal, id, leaf, record, answers, settle, receive: (request: Request) => receive(request) }
}

/** A webhook as AMS sends it, for a test to repeat and to bend. */
async function message(portal: Portal, serial: string, { key = secret, body, method = 'POST' }: { readonly key?: typeof secret; readonly body?: unknown; readonly method?: string } = {}): Promise<Request> {
  const text = JSON.stringify(body ?? { type: 'revocation.changed', data: { status: 'REVOKED', certificate: { issuerDn: portal.sandbox.ca.issuerDn, serial } } })
  const headers = { ...await signWebhook([key], { id: 'msg_1', at: new Date(portal.clock.now), body: text }) }
  return new Request('https://desk.contoh.go.id/ams', { method, headers, ...(method === 'POST' ? { body: text } : {}) })
}

describe('webhooks of AMS', () => {
  test('AMS tells, the desk looks at once and ends with the proof, a day early', async () => {
    const { portal: { sandbox, desk }, id, leaf, record, answers, settle } = await office('none')
    sandbox.manage.approve(record)
    expect(await settle()).toBe('closed')
    expect((await desk.get(id)).proof?.certificate.serial).toBe(leaf.serial)
    expect(answers.length).toBeGreaterThan(0)
    expect(new Set(answers)).toEqual(new Set([204]))
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  })

  test.each([
    ['twice', [{ kind: 'webhookTwice' }], 'closed'],
    ['only after the next one', [{ kind: 'webhookLate', times: 1 }], 'closed'],
    ['twice and out of order', [{ kind: 'webhookTwice' }, { kind: 'webhookLate', times: 1 }], 'closed'],
    ['never', [{ kind: 'webhookLost' }], 'atBsre'],
  ] as const)('sent %s: the same end, revoked once', async (_how, faults, soon) => {
    const { portal, id, leaf, record, settle } = await office(faults)
    const { desk, sandbox } = portal
    sandbox.manage.approve(record)
    expect(await settle()).toBe(soon)
    await portal.pass(2 * day, day / 4)
    expect((await desk.get(id)).status).toBe('closed')
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  })

  test('a lie moves nothing: the desk looks for itself, and AMS is asked no oftener than effects run', async () => {
    const { portal, id, leaf, settle, receive } = await office('none')
    const before = (await portal.desk.get(id)).version
    for (let n = 0; n < 20; n++) expect((await receive(await message(portal, leaf.serial))).status).toBe(204)
    expect(await settle()).toBe('atBsre')
    expect((await portal.desk.get(id)).version).toBe(before)
  })

  test('what is not AMS, and what speaks of nothing of ours', async () => {
    const { portal, leaf, receive } = await office('none')
    const code = async (request: Request): Promise<unknown> => {
      const response = await receive(request)
      return response.status === 204 ? 204 : ((await response.json()) as { code: string }).code
    }
    expect(await code(await message(portal, leaf.serial, { key: newWebhookSecret() }))).toBe('spbeWebhookInvalid')
    expect(await code(new Request('https://desk.contoh.go.id/ams', { method: 'POST', body: '{}' }))).toBe('spbeWebhookInvalid')
    expect(await code(await message(portal, leaf.serial, { method: 'GET' }))).toBe('spbeMethodNotAllowed')
    expect(await code(await message(portal, leaf.serial, { body: { padding: 'x'.repeat(70_000) } }))).toBe('spbeBodyTooLarge')
    expect((await receive(await message(portal, leaf.serial, { method: 'GET' }))).headers.get('allow')).toBe('POST')
    expect(() => createAmsWebhook({ desk: portal.desk, secrets: ['whsec_kurang'] })).toThrow(TypeError)
    const old = await message(portal, leaf.serial)
    portal.clock.now += 3_600_000
    expect(await code(old)).toBe('spbeWebhookInvalid')
    for (const body of [null, 7, [], {}, { data: null }, { data: { certificate: null } }, { data: { certificate: { issuerDn: 1, serial: {} } } }, { data: { certificate: { issuerDn: 'CN=x', serial: 'zz' } } }]) {
      expect(await code(await message(portal, leaf.serial, { body: body ?? 0 }))).toBe(204)
    }
    expect(await code(await message(portal, '0abc'))).toBe(204)
    expect(await portal.desk.lookAgain({ issuerDn: 'CN=Orang Lain,C=ID', serial: leaf.serial })).toBe(0)
    expect(await portal.desk.lookAgain({ issuerDn: portal.sandbox.ca.issuerDn, serial: `00${leaf.serial.toUpperCase()}` })).toBe(1)
  })
})
