import { CabutError } from '@cabut/sdk'
import type { Delivery, Notice } from '@cabut/sdk/desk'
import { checkAddress } from '../webhook/webhooks.js'
import { secretBytes, signWebhook, type WebhookSecret } from '../webhook/sign.js'
import { messageOf, type MessageWords, type StatusMessage } from './message.js'

/** A way to reach people. */
export interface NoticeChannel {
  /** Name in the history: `mail`, `whatsapp`, ... */
  readonly name: string
  /**
   * Sends. `undefined`: this person cannot be reached this way, and trying again would not help.
   *
   * @throws CabutError `spbeChannelFailed`: not now; the desk tries again
   */
  send(message: StatusMessage, notice: Notice): Promise<{ readonly reference?: string } | undefined>
}

/**
 * The desk's `notify` over several channels: every one is tried, because a mailbox dies with its owner's transfer. It counts as told when one of
 * them took it. When none did and one may yet, the desk's own outbox tries again; when none ever will, a person tells the applicant.
 *
 * @example
 * ```ts
 * const mail = { name: 'mail', send: async () => undefined }
 * const whatsapp = { name: 'whatsapp', send: async ({ link }: StatusMessage) => ({ reference: `wa:${link}` }) }
 * const notify = createNotifier([mail, whatsapp], { link: (id) => `https://portal.contoh.go.id/permohonan/${id}` })
 * await notify(notice) // { channel: 'whatsapp', reference: 'wa:https://portal.contoh.go.id/permohonan/P-2026-0001' }
 * ```
 */
export function createNotifier(channels: readonly [NoticeChannel, ...NoticeChannel[]], words: MessageWords = {}): (notice: Notice) => Promise<Delivery | undefined> {
  return async (notice) => {
    const message = messageOf(notice, words)
    const outcomes = await Promise.allSettled(channels.map((channel) => channel.send(message, notice)))
    const sent = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' && outcome.value !== undefined ? [{ name: channels[index]?.name as string, ...outcome.value }] : []))
    const [first] = sent
    if (first !== undefined) return { channel: sent.map(({ name }) => name).join('+'), ...(first.reference === undefined ? {} : { reference: first.reference }) }
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason instanceof CabutError ? failed.reason : new CabutError('spbeChannelFailed', { detail: 'a channel failed' })
    return undefined
  }
}

/** A gateway for WhatsApp, SMS or another mailbox: one signed POST a message (Standard Webhooks). Durations in milliseconds. */
export interface GatewayOptions {
  /** @default 'whatsapp' */
  readonly name?: string
  /** https, or http on loopback. */
  readonly url: string
  readonly secrets: readonly [WebhookSecret, ...WebhookSecret[]]
  /** How the gateway knows the person; an id of theirs, better than a telephone number. `undefined`: not reachable this way. */
  readonly recipientOf: (notice: Notice) => Promise<string | undefined>
  readonly timeout?: number
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch
  /** @default the time of this computer */
  readonly clock?: () => Date
}

/**
 * A gateway as a channel of {@link createNotifier}: one signed POST a message, with code, status, link and the recipient's id. An answer of 404, 410 or 422
 * says that the gateway does not reach this person; everything else but 2xx throws `CabutError` `spbeChannelFailed`, and the desk tries again.
 *
 * @throws TypeError for a wrong address, or a secret of fewer than 24 octets
 * @example
 * ```ts
 * const settings = { url: 'https://pesan.contoh.go.id/kirim', secrets: [secret], recipientOf: async () => 'pegawai-17' } as const
 * await createGatewayChannel({ ...settings, fetch: async () => new Response(null, { status: 410 }) }).send(message, notice) // undefined
 * await createGatewayChannel({ ...settings, fetch: async () => new Response(null, { status: 503 }) }).send(message, notice) // throws spbeChannelFailed
 * ```
 */
export function createGatewayChannel(options: GatewayOptions): NoticeChannel {
  checkAddress('gateway', options.url)
  for (const secret of options.secrets) secretBytes(secret, 24)
  const fetch = options.fetch ?? ((input, init): Promise<Response> => globalThis.fetch(input, init))
  return {
    name: options.name ?? 'whatsapp',
    async send({ key, code, status, link }, notice) {
      const recipient = await options.recipientOf(notice)
      if (recipient === undefined) return undefined
      const id = `msg_${await shortDigest(key)}`
      const body = JSON.stringify({ type: 'request.notice', recipient, code, status, ...(link === undefined ? {} : { link }) })
      const headers = await signWebhook(options.secrets, { id, at: options.clock?.() ?? new Date(), body })
      let answered
      try {
        const response = await fetch(options.url, { method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(options.timeout ?? 15_000), headers: { 'Content-Type': 'application/json', ...headers } })
        await response.body?.cancel().catch(() => undefined)
        answered = response.status
      } catch {
        throw new CabutError('spbeChannelFailed', { detail: 'the gateway does not answer' })
      }
      if (answered >= 200 && answered < 300) return { reference: id }
      // The gateway knows nobody of that id, or never again.
      if (answered === 404 || answered === 410 || answered === 422) return undefined
      throw new CabutError('spbeChannelFailed', { detail: `the gateway answered ${answered}` })
    },
  }
}

/** 128 bits of a digest: an id that repetitions share and that tells nothing. */
export async function shortDigest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
