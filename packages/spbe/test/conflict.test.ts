import { afterEach, describe, expect, it } from 'vitest'
import { findings, freshKey, openPortal, people, type Filed, type Portal } from './portal.js'

let portal: Portal
afterEach(async () => portal.close())

async function disposed(): Promise<Filed> {
  portal = await openPortal()
  const filed = await portal.filed()
  await portal.pass(0)
  const etag = (await portal.call('GET', `/v1/requests/${filed.id}`, { as: people.head })).headers.get('etag') as string
  const answer = await portal.call('POST', `/v1/requests/${filed.id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: etag })
  return { ...filed, etag: answer.headers.get('etag') as string }
}

describe('two officers at once', () => {
  it('of two decisions on one version one wins; the other learns the new state', async () => {
    const { id, etag } = await disposed()
    const approve = portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: { findings }, ifMatch: etag })
    const reject = portal.call('POST', `/v1/requests/${id}/reject`, { as: people.verifier, json: { reasons: ['Salah orang'] }, ifMatch: etag })
    const answers = await Promise.all([approve, reject])
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    const loser = answers.find(({ status }) => status !== 200) as Response
    expect([409, 412]).toContain(loser.status)
    const problem = await loser.json() as { code: string; current: { version: number; status: string; statusLabel: string } }
    const now = await portal.desk.get(id)
    expect(problem).toMatchObject({ current: { version: now.version, status: now.status, statusLabel: now.label.id } })
    expect(loser.headers.get('etag')).toBe(`"${now.version}"`)
    expect(['approved', 'rejected']).toContain(now.status)
  })

  it('an old version: 412 with the present one; none: 428; a weak tag does not do; a list and * do', async () => {
    const { id, etag } = await disposed()
    const verify = async (ifMatch: string | undefined): Promise<Response> => portal.call('POST', `/v1/requests/${id}/verify`, { as: people.verifier, json: { findings }, ifMatch })
    for (const [tag, status, code] of [
      [undefined, 428, 'spbePreconditionRequired'], ['"1"', 412, 'spbePreconditionFailed'], [`W/${etag}`, 412, 'spbePreconditionFailed'], [etag.replaceAll('"', ''), 412, 'spbePreconditionFailed'],
    ] as const) {
      const answer = await verify(tag)
      expect([tag, answer.status, await answer.json()]).toMatchObject([tag, status, { code, current: { status: 'disposed', statusLabel: 'Didisposisikan, belum dibaca' } }])
      expect(answer.headers.get('etag')).toBe(etag)
    }
    expect((await verify(`"1", ${etag}`)).status).toBe(200)
    expect((await verify('*')).status).toBe(200)
  })

  it('a refusal says why, what is missing and what would be allowed', async () => {
    const { id, etag } = await disposed()
    const own = await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.opd, json: { findings }, ifMatch: etag })
    expect([own.status, await own.json()]).toMatchObject([409, { code: 'workflowRefused', refusal: { code: 'notYourRole', message: 'Bukan kewenangan peran ini' }, current: { status: 'disposed' } }])
    const bare = await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: {}, ifMatch: etag, headers: { 'accept-language': 'en' } })
    const problem = await bare.json() as { refusal: { code: string; allowed: { command: string; roles: string[] }[] } }
    expect([bare.status, problem]).toMatchObject([409, { title: 'The action is not allowed in this state', refusal: { code: 'findingsMissing', message: 'Findings are missing' } }])
    expect(problem.refusal.allowed.find(({ command }) => command === 'verify')?.roles).toContain('verifier')
  })

  it('a decision repeated under its key is given once', async () => {
    const { id, etag } = await disposed()
    const key = freshKey()
    const approve = async (): Promise<Response> => portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: { findings }, ifMatch: etag, key })
    const [first, second] = [await approve(), await approve()]
    expect([first.status, second.status, second.headers.get('idempotent-replayed')]).toEqual([200, 200, 'true'])
    expect(await second.text()).toBe(await first.text())
    expect((await portal.desk.history(id)).filter(({ type }) => type === 'approved')).toHaveLength(1)
  })

  it.each([[undefined], [''], ['pendek'], ['x'.repeat(129)], ['kunci dengan spasi']])('every write asks for a usable Idempotency-Key: %s', async (key) => {
    const { id, etag } = await disposed()
    const headers = new Headers({ authorization: `Bearer ${await portal.token(people.verifier)}`, 'if-match': etag, ...(key === undefined ? {} : { 'idempotency-key': key }) })
    const answer = await portal.handler.fetch(new Request(`https://x.invalid/v1/requests/${id}/receive`, { method: 'POST', headers }))
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'spbeIdempotencyKeyInvalid', at: 'Idempotency-Key' }])
  })

  it('what was refused may be tried again under the same key once things stand otherwise', async () => {
    const { id, etag } = await disposed()
    const key = freshKey()
    const early = await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: {}, ifMatch: '*', key })
    expect(early.status).toBe(409)
    expect((await portal.call('POST', `/v1/requests/${id}/verify`, { as: people.verifier, json: { findings }, ifMatch: etag })).status).toBe(200)
    expect((await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: {}, ifMatch: '*', key })).status).toBe(200)
  })
})
