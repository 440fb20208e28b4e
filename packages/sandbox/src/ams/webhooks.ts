import { createHmac, randomBytes } from 'node:crypto'
import { printName } from '../authority/name.js'
import type { RevocationRecord } from '../state.js'
import type { World } from '../world.js'
import { amsTime } from './views.js'

/** Where AMS tells what happened, signed as Standard Webhooks 1.0. */
export interface WebhookTarget {
  readonly url: string
  /** `whsec_` and base64. */
  readonly secret: string
  /** @default the global fetch */
  readonly fetch?: (request: Request) => Promise<unknown>
}

/** What AMS sends about its records. There is no second attempt: whoever waits for a webhook alone waits for ever. */
export interface AmsWebhooks {
  tell(record: RevocationRecord): void
  /** Resolves when everything on its way has arrived. */
  settled(): Promise<void>
}

export function createWebhooks(world: World, target: WebhookTarget | undefined): AmsWebhooks {
  const open = new Set<Promise<unknown>>()
  let late: (() => void)[] = []

  async function deliver({ url, secret, fetch = globalThis.fetch }: WebhookTarget, id: string, body: string): Promise<void> {
    const timestamp = String(Math.floor(world.now() / 1000))
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
    await fetch(new Request(url, { method: 'POST', body, headers }))
  }

  return {
    tell(record) {
      if (target === undefined) return
      const certificate = world.certificates.get(record.certificateId)
      if (certificate === undefined) return
      const id = `msg_${randomBytes(12).toString('hex')}`
      const body = JSON.stringify({
        type: 'revocation.changed',
        timestamp: amsTime(world.amsNow()),
        data: { revocationId: record.id, status: record.status, certificate: { issuerDn: printName(world.authority.issuingName), serial: certificate.serial } },
      })
      const send = (): void => {
        const one: Promise<unknown> = deliver(target, id, body).catch(() => undefined).finally(() => open.delete(one))
        open.add(one)
      }
      const drawn = new Set(world.faults.drawDomain('ams.webhook').map((rule) => rule.kind))
      if (drawn.has('webhookLost')) return
      if (drawn.has('webhookLate')) {
        late.push(send)
        return
      }
      send()
      if (drawn.has('webhookTwice')) send()
      for (const before of late) before()
      late = []
    },
    async settled() {
      while (open.size > 0) await Promise.all(open)
    },
  }
}
