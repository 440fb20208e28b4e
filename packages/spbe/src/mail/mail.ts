import { CabutError } from '@cabut/sdk'
import type { Notice } from '@cabut/sdk/desk'
import { createTransport } from 'nodemailer'
import { shortDigest, type NoticeChannel } from './channel.js'
import { writeMail, type MessageWords } from './message.js'

/** Mail by SMTP. Durations in milliseconds. */
export interface MailOptions extends Pick<MessageWords, 'service'> {
  readonly host: string
  /** @default 465 with `secure`, else 587 */
  readonly port?: number
  /** TLS from the first octet. Without it STARTTLS is insisted on, except on loopback. @default false */
  readonly secure?: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  /** PEM of the server's own authority, where it is no public one. */
  readonly ca?: string
  /** Address it comes from. */
  readonly from: string
  /** Address of the person, from the portal's own directory: the desk holds none for this. `undefined`: not reachable by mail. */
  readonly addressOf: (notice: Notice) => Promise<string | undefined>
  /** @default 20000 */
  readonly timeout?: number
}

/** One plain address: no list, no display name, nothing that could become a second recipient or header. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/

/**
 * Mail as a channel of `createNotifier`. A recipient the server refuses for good (550-559) is not tried again; any other failure throws `CabutError`
 * `spbeChannelFailed`, and the desk tries again.
 *
 * @throws TypeError for misuse: `from` is not one plain address
 * @example
 * ```ts
 * const mail = createMailChannel({ host: 'smtp.contoh.go.id', from: 'cabut@contoh.go.id', addressOf: async () => undefined })
 * await mail.send(message, notice) // undefined
 * mail.close()
 * createMailChannel({ host: 'smtp.contoh.go.id', from: 'Cabut <cabut@contoh.go.id>', addressOf: async () => undefined }) // throws TypeError
 * ```
 */
export function createMailChannel(options: MailOptions): NoticeChannel & { close(): void } {
  if (!ADDRESS.test(options.from)) throw new TypeError('from: one plain address expected')
  const loopback = options.host === 'localhost' || options.host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(options.host)
  const timeout = options.timeout ?? 20_000
  const secure = options.secure ?? false
  const transport = createTransport({
    host: options.host, port: options.port ?? (secure ? 465 : 587), secure, ...(loopback ? {} : { requireTLS: !secure }), pool: true, maxConnections: 2,
    connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout, disableFileAccess: true, disableUrlAccess: true, logger: false,
    tls: { minVersion: 'TLSv1.2', ...(options.ca === undefined ? {} : { ca: options.ca }) }, ...(options.auth === undefined ? {} : { auth: options.auth }),
  })
  return {
    name: 'mail',
    async send(message, notice) {
      const to = await options.addressOf(notice)
      if (to === undefined) return undefined
      if (!ADDRESS.test(to)) throw new TypeError('addressOf: one plain address expected')
      const { subject, text, html } = writeMail(message, options)
      // The same for a repetition after a crash: mailboxes show it once.
      const messageId = `<${await shortDigest(message.key)}@${options.from.split('@')[1] as string}>`
      try {
        await transport.sendMail({ from: options.from, to, subject, text, html, messageId, headers: { 'Auto-Submitted': 'auto-generated' } })
        return { reference: messageId }
      } catch (error) {
        const code = (error as { responseCode?: unknown }).responseCode
        const command = (error as { command?: unknown }).command
        // The mailbox is gone (RFC 5321 4.2.1): trying again does not bring it back.
        if (command === 'RCPT TO' && typeof code === 'number' && code >= 550 && code <= 559) return undefined
        // What the server said may repeat the address: only its number goes on.
        throw new CabutError('spbeChannelFailed', { detail: typeof code === 'number' ? `SMTP ${code}` : 'the mail server cannot be reached' })
      }
    },
    close: () => transport.close(),
  }
}
