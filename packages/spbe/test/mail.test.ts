import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { Notice } from '@cabut/sdk/desk'
import { createGatewayChannel, createMailChannel, createNotifier, writeMail, type NoticeChannel } from '../src/mail/index.js'
import { newWebhookSecret, verifyWebhook } from '../src/index.js'
import { findings, openPortal, people, type Portal } from './portal.js'

interface Received { readonly to: readonly string[]; readonly raw: string }
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => { for (const close of closers.splice(0).reverse()) await close() })

/** A real SMTP server on loopback. `answer` may refuse a recipient by code. */
async function smtp(answer: (address: string, time: number) => number | undefined = () => undefined): Promise<{ port: number; mails: Received[]; attempts: () => number }> {
  const mails: Received[] = []
  let attempts = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], logger: false,
    onRcptTo({ address }, _session, done) {
      const code = answer(address, ++attempts)
      if (code === undefined) done()
      else done(Object.assign(new Error(`no ${address} here`), { responseCode: code }))
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(pieces).toString() })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(() => new Promise<void>((resolve) => { server.close(() => resolve()) }))
  return { port: (server.server.address() as AddressInfo).port, mails, attempts: () => attempts }
}

function mailTo(port: number, address: string | undefined = 'umpeg@dindik.contoh.go.id'): NoticeChannel {
  const channel = createMailChannel({ host: '127.0.0.1', port, from: 'cabut@contoh.go.id', addressOf: async () => address, timeout: 3_000 })
  closers.push(() => channel.close())
  return channel
}

/** Bodies as a mail program shows them. */
function decoded(raw: string): string {
  return raw.replace(/=\r?\n/g, '').replace(/((?:=[0-9A-F]{2})+)/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString()).replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, '$1')
}

const notice: Notice = {
  key: 'P-1.submitted.applicant.2026', requestId: 'P-1', register: 'SP/2026/00001', party: 'applicant', person: 'surya.wibisana', opd: 'dindik', subject: 'submitted',
  text: { id: 'Permohonan Anda telah diterima.', en: 'Your request has been received.' },
}

describe('mail of a whole service', () => {
  it('every step is told once, by code, status and link alone, however often the server refused at first', async () => {
    const server = await smtp((_address, time) => (time <= 2 ? 451 : undefined))
    const notify = createNotifier([mailTo(server.port)], { link: (id) => `https://portal.contoh.go.id/permohonan/${id}` })
    const portal: Portal = await openPortal({ desk: { notify } })
    closers.push(() => portal.close())
    const { id, leaf } = await portal.filed()
    await portal.pass(60_000, 5_000)
    await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })
    await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: { findings }, ifMatch: '*' })
    await portal.pass(3 * 3_600_000, 600_000)
    const view = await portal.desk.get(id)
    expect(view.status).toBe('closed')
    expect(server.attempts()).toBe(server.mails.length + 2)
    const ids = server.mails.map(({ raw }) => /^Message-ID: (<[0-9a-f]{32}@contoh\.go\.id>)\r$/im.exec(raw)?.[1])
    expect(new Set(ids).size).toBe(server.mails.length)
    expect(server.mails.length).toBe(view.state.notices.length)
    const all = server.mails.map(({ raw }) => decoded(raw)).join('\n')
    expect(all).toContain('Permohonan Anda telah diterima.')
    expect(all).toContain('pencabutannya terbukti')
    expect(all).toContain(`https://portal.contoh.go.id/permohonan/${id}`)
    for (const secret of ['Surya Wibisana', 'surya.wibisana', 'mutasi', leaf.serial, 'CN=', '000.8.3.3/15']) expect(all.includes(secret), secret).toBe(false)
    for (const { to, raw } of server.mails) expect([to, /^Auto-Submitted: auto-generated\r$/im.test(raw), /Content-Type: text\/plain/.test(raw), /Content-Type: text\/html/.test(raw)]).toEqual([['umpeg@dindik.contoh.go.id'], true, true, true])
    expect(view.state.notices.every(({ channel }) => channel === 'mail')).toBe(true)
  })

  it('a dead mailbox: the second channel tells; none left: a person must', async () => {
    const server = await smtp(() => 550)
    const secret = newWebhookSecret()
    const posted: { headers: Headers; body: string }[] = []
    let status = 202
    const gateway = createGatewayChannel({
      url: 'http://127.0.0.1:9/wa', secrets: [secret], recipientOf: async ({ person }) => `wa-${person}`,
      fetch: (async (_url: string, init: RequestInit) => { posted.push({ headers: new Headers(init.headers), body: init.body as string }); return new Response(null, { status }) }) as typeof fetch,
    })
    const notify = createNotifier([mailTo(server.port), gateway])
    expect(await notify(notice)).toMatchObject({ channel: 'whatsapp', reference: expect.stringMatching(/^msg_[0-9a-f]{32}$/) as string })
    const [first] = posted as [typeof posted[number]]
    expect(await verifyWebhook([secret], first.headers, first.body)).toEqual({ type: 'request.notice', recipient: 'wa-surya.wibisana', code: 'SP/2026/00001', status: notice.text })
    status = 410
    expect(await notify(notice)).toBeUndefined()
    status = 503
    await expect(notify(notice)).rejects.toMatchObject({ code: 'spbeChannelFailed', detail: 'the gateway answered 503' })
    // A repetition carries the same id.
    expect(posted.map(({ headers }) => headers.get('webhook-id'))).toEqual(Array(3).fill(first.headers.get('webhook-id')))
    const works = await smtp()
    status = 200
    expect(await createNotifier([mailTo(works.port), gateway])(notice)).toMatchObject({ channel: 'mail+whatsapp' })
    expect(await createNotifier([mailTo(works.port, '')])(notice).catch((error: unknown) => error)).toMatchObject({ code: 'spbeChannelFailed' })
  })

  it('no server, a refusal, no STARTTLS off loopback: tried again, and no error repeats the address', async () => {
    const busy = await smtp(() => 452)
    for (const channel of [mailTo(busy.port), mailTo(9)]) {
      const error = await createNotifier([channel])(notice).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'spbeChannelFailed', retryable: true })
      expect(JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause)).not.toContain('umpeg@')
    }
  })

  it.each(['a@b.go.id, c@d.go.id', 'Surya <a@b.go.id>', 'a@b.go.id\r\nBcc: c@d.go.id', 'a', '@b', 'a@', '"a b"@c.go.id'])('one plain address and nothing else: %j', async (address) => {
    const server = await smtp()
    await expect(mailTo(server.port, address).send({ key: 'k', code: 'c', status: notice.text }, notice)).rejects.toThrow(TypeError)
    expect(() => createMailChannel({ host: '127.0.0.1', from: address, addressOf: async () => undefined })).toThrow(TypeError)
    expect(server.attempts()).toBe(0)
  })

  it('what stands in code or status stays text: no markup, no second header, no direction marks', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&\r\nBcc: semua@contoh.go.id\u202egpj.exe'
    const { subject, text, html } = writeMail({ key: 'k', code: evil, status: { id: evil, en: evil }, link: 'https://portal.contoh.go.id/?a="><script>' }, { service: evil })
    expect(html).not.toMatch(/<img|<script|"'|\u202e/)
    expect(subject).not.toMatch(/[\r\n\u202e]/)
    expect(text).not.toMatch(/^Bcc:|\u202e/m)
    expect(() => writeMail({ key: 'k', code: 'c', status: notice.text, link: 'javascript:alert(1)' }, {})).toThrow(TypeError)
  })
})
