import type { Notice } from '@cabut/sdk/desk'

/** What goes out of the house by mail, WhatsApp or webhook: code, status and link. Never a name, NIK, DN or reason. */
export interface StatusMessage {
  /** The same for a repetition: receivers drop what they have. */
  readonly key: string
  /** Register number, else the id of the request. */
  readonly code: string
  readonly status: { readonly id: string; readonly en: string }
  readonly link?: string
}

/** How the office calls itself in messages. */
export interface MessageWords {
  /** @default 'Layanan pencabutan sertifikat elektronik' */
  readonly service?: string
  /** Address where people see their request, after logging in. */
  readonly link?: (requestId: string) => string
}

/** The message of a notice. */
export function messageOf(notice: Notice, words: MessageWords): StatusMessage {
  const { key, requestId, register, text } = notice
  return { key, code: register ?? requestId, status: { id: text.id, en: text.en }, ...(words.link === undefined ? {} : { link: words.link(requestId) }) }
}

/** A mail's words: Indonesian first, English below. */
export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Writes a mail. Everything that comes from outside is text in it, never markup, and never a second header.
 *
 * @throws TypeError for a link that is no http address
 * @example
 * ```ts
 * const { subject, html } = writeMail({ ...message, status: { id: 'Selesai <b>', en: 'Done' } }, { service: 'Layanan Dinkominfo' })
 * subject // 'Permohonan SP/2026/00001: Selesai <b>'
 * html.includes('Selesai &#60;b&#62;') // true
 * writeMail({ ...message, link: 'javascript:alert(1)' }, {}) // throws TypeError
 * ```
 */
export function writeMail({ code, status, link }: StatusMessage, words: MessageWords): MailText {
  const service = oneLine(words.service ?? 'Layanan pencabutan sertifikat elektronik')
  const [shownCode, id, en] = [oneLine(code), oneLine(status.id), oneLine(status.en)]
  const address = link === undefined ? undefined : new URL(link)
  if (address !== undefined && address.protocol !== 'https:' && address.protocol !== 'http:') throw new TypeError('link: an http address expected')
  const text = [
    `Permohonan ${shownCode}`, '', id, ...(address === undefined ? [] : ['', `Lihat permohonan (perlu masuk): ${address.href}`]), '',
    'Demi keamanan, pesan ini tidak memuat data pribadi. Kami tidak pernah meminta kata sandi, passphrase, atau NIK lewat surel.', '',
    '--', service, '', `English: request ${shownCode}. ${en}`, '',
  ].join('\n')
  const html = [
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>', escape(`Permohonan ${shownCode}`), '</title></head><body>',
    '<h1>', escape(`Permohonan ${shownCode}`), '</h1><p>', escape(id), '</p>',
    ...(address === undefined ? [] : ['<p><a href="', escape(address.href), '">Lihat permohonan (perlu masuk)</a></p>']),
    '<p>Demi keamanan, pesan ini tidak memuat data pribadi. Kami tidak pernah meminta kata sandi, passphrase, atau NIK lewat surel.</p><hr><p>', escape(service), '</p>',
    '<p lang="en">', escape(`Request ${shownCode}. ${en}`), '</p></body></html>',
  ].join('')
  return { subject: `Permohonan ${shownCode}: ${id}`, text, html }
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim().slice(0, 300)
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
