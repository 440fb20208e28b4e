import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { newWebhookSecret, signWebhook, type WebhookSecret } from './sign.js'
import { verifyWebhook } from './verify.js'

// Published with the Standard Webhooks specification and by Svix, whose scheme it took over.
const vectors = [
  {
    secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl', id: 'msg_loFOjxBNrRLzqYUf', seconds: 1731705121,
    body: '{"event_type":"ping","data":{"success":true}}', signature: 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
  },
  {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1614265330,
    body: '{"test": 2432232314}', signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
] as const

describe('Standard Webhooks: signatures', () => {
  it.each(vectors)('public vector $id', async ({ secret, id, seconds, body, signature }) => {
    const at = new Date(seconds * 1_000)
    const headers = await signWebhook([secret], { id, at, body })
    expect(headers['webhook-signature']).toBe(signature)
    expect(await verifyWebhook([secret], { ...headers }, body, { now: at })).toEqual(JSON.parse(body))
  })

  it('agrees with the reference library in both directions, for any body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.json({ maxDepth: 2 }), async (bytes, body) => {
        const secret: WebhookSecret = `whsec_${btoa(String.fromCharCode(...bytes))}`
        const at = new Date()
        const peer = new Webhook(secret)
        const headers = await signWebhook([secret], { id: 'msg_1', at, body })
        expect(peer.verify(body, { ...headers })).toEqual(JSON.parse(body))
        const theirs = { 'webhook-id': 'msg_2', 'webhook-timestamp': headers['webhook-timestamp'], 'webhook-signature': peer.sign('msg_2', at, body) }
        expect(await verifyWebhook([secret], theirs, body, { now: at })).toEqual(JSON.parse(body))
      }),
      { numRuns: 50 },
    )
  })

  it('rotation: a receiver with the old or the new secret verifies', async () => {
    const [old, fresh] = [newWebhookSecret(), newWebhookSecret()]
    const headers = await signWebhook([fresh, old], { id: 'msg_3', at: new Date(), body: '{}' })
    for (const secret of [old, fresh]) {
      expect(new Webhook(secret).verify('{}', { ...headers })).toEqual({})
      expect(await verifyWebhook([secret], { ...headers }, '{}')).toEqual({})
    }
    await expect(verifyWebhook([newWebhookSecret()], { ...headers }, '{}')).rejects.toMatchObject({ code: 'spbeWebhookInvalid' })
  })

  const good = vectors[0]
  it.each([
    ['another body', { body: good.body.replace('true', 'false') }],
    ['another id', { headers: { 'webhook-id': 'msg_other' } }],
    ['another time', { headers: { 'webhook-timestamp': String(good.seconds + 1) } }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature of another version', { headers: { 'webhook-signature': good.signature.replace('v1,', 'v1a,') } }],
    ['a signature cut short', { headers: { 'webhook-signature': good.signature.slice(0, -4) } }],
    ['a replay after the window', { now: new Date((good.seconds + 301) * 1_000) }],
    ['a time in the future', { now: new Date((good.seconds - 301) * 1_000) }],
    ['a timestamp that is no number', { headers: { 'webhook-timestamp': '1e9' } }],
  ] as [string, { body?: string; headers?: Record<string, string>; now?: Date }][])('refuses %s', async (_, change) => {
    const headers = { ...(await signWebhook([good.secret], { id: good.id, at: new Date(good.seconds * 1_000), body: good.body })), ...change.headers }
    await expect(verifyWebhook([good.secret], headers, change.body ?? good.body, { now: change.now ?? new Date(good.seconds * 1_000) }))
      .rejects.toMatchObject({ code: 'spbeWebhookInvalid' })
  })

  it.each(['whsec_', 'whsec_AAAA', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${btoa('x'.repeat(65))}`] as WebhookSecret[])(
    'refuses the secret %s without repeating it', async (secret) => {
      await expect(signWebhook([secret], { id: 'm', at: new Date(0), body: '' })).rejects.toThrow(TypeError)
    },
  )
})
