import { html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit'
import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { attributeName, explainDifference, formatName, parseName, type NameDifference } from '@cabut/pki/name'
import { appearance } from './appearance.js'
import { call, problemOf, tokenFrom, type Authorize, type Connection, type Problem } from './connection.js'
import { instantWords, languageOf, letterWords, say } from './language.js'

interface Reason { readonly code: string; readonly title: string; readonly kind: string; readonly urgent: boolean; readonly needsNote: boolean; readonly advice?: string }
interface LetterRule { readonly kind: string; readonly demand: 'mandatory' | 'advised'; readonly reasons?: readonly string[] }
interface Offer { readonly reasons: readonly Reason[]; readonly letters: readonly LetterRule[] }

/** What the event `cabut-filed` tells the page. */
export interface FiledDetail { readonly id: string; readonly register?: string; readonly status: string }

type LetterState = 'looksFine' | 'notPdf' | 'truncated' | 'tooLarge' | 'aboveAms'
const KIB = 1024

/**
 * `<cabut-permohonan>`: files a request through the interface. The certificate is read in the page and its Subject DN compared with the one
 * the page expects; letters are checked before they are sent. What stands between its tags is shown without JavaScript: put a link there.
 *
 * ```html
 * <cabut-permohonan endpoint="/layanan/cabut" token-src="/cabut/token"><a href="/permohonan/baru">Ajukan pencabutan</a></cabut-permohonan>
 * ```
 *
 * Attributes: `endpoint`, `token-src` (as of `<cabut-status>`), `username` (filled in), `subject-dn` (expected, RFC 4514), `holder="self"`
 * where people file for themselves, `lang`. Event: `cabut-filed` with {@link FiledDetail}.
 *
 * @example
 * ```ts
 * CabutPermohonan.observedAttributes // ['endpoint', 'token-src', 'username', 'subject-dn', 'holder']
 * const element = new CabutPermohonan()
 * element.endpoint = '/layanan/cabut'
 * element.authorize = async () => 'token of this one request'
 * element.addEventListener('cabut-filed', (event) => { location.assign(`/permohonan/${(event as CustomEvent<FiledDetail>).detail.id}`) })
 * ```
 */
export class CabutPermohonan extends LitElement {
  static override styles: CSSResult = appearance
  static override properties: Record<string, object> = {
    endpoint: {}, tokenSrc: { attribute: 'token-src' }, username: {}, subjectDn: { attribute: 'subject-dn' }, holder: {},
    offer: { state: true }, certificate: { state: true }, reason: { state: true }, checks: { state: true }, problem: { state: true }, busy: { state: true }, filed: { state: true },
  }

  declare endpoint: string | undefined
  declare tokenSrc: string | undefined
  declare username: string | undefined
  declare subjectDn: string | undefined
  declare holder: string | undefined
  /** Gives the bearer token; takes the place of `token-src`. */
  authorize: Authorize | undefined
  declare private offer: Offer | 'away' | undefined
  declare private certificate: Certificate | 'unreadable' | undefined
  declare private reason: string
  declare private checks: ReadonlyMap<string, LetterState>
  declare private problem: Problem | 'lost' | undefined
  declare private busy: boolean
  declare private filed: (FiledDetail & { readonly statusLabel: string }) | undefined
  /** Kept until an answer came: sending again after a lost connection files nothing twice. */
  #key: string = crypto.randomUUID()
  /** Kept as long: a token for one request names that request, and another token would name another. */
  #token: Promise<string | undefined> | undefined

  constructor() {
    super()
    this.reason = ''
    this.checks = new Map()
    this.busy = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#load()
  }

  #connection(): Connection {
    return { endpoint: this.endpoint ?? '', language: languageOf(this), authorize: this.authorize ?? (this.tokenSrc === undefined ? async () => undefined : tokenFrom(this.tokenSrc)) }
  }

  async #load(): Promise<void> {
    this.offer = undefined
    try {
      const [reasons, standard] = await Promise.all(['/reasons', '/standard'].map(async (path) => {
        const answer = await call({ ...this.#connection(), authorize: async () => undefined }, path)
        if (!answer.ok) throw new TypeError(`HTTP ${answer.status}`)
        return answer.json() as Promise<unknown>
      }))
      this.offer = { reasons: (reasons as { reasons: readonly Reason[] }).reasons, letters: unique((standard as { letters: readonly LetterRule[] }).letters) }
    } catch {
      this.offer = 'away'
    }
  }

  async #chooseCertificate(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0]
    if (file === undefined) { this.certificate = undefined; return }
    try {
      const bytes = new Uint8Array(await file.slice(0, 256 * KIB).arrayBuffer())
      this.certificate = readCertificate(bytes[0] === 0x30 ? bytes : new TextDecoder().decode(bytes))
    } catch {
      this.certificate = 'unreadable'
    }
  }

  async #chooseLetter(kind: string, event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0]
    const checks = new Map(this.checks)
    if (file === undefined) checks.delete(kind)
    else checks.set(kind, await checkLetter(file))
    this.checks = checks
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (this.busy || !(this.certificate instanceof Object) || typeof this.offer !== 'object') return
    const form = event.target as HTMLFormElement
    const value = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement | null)?.value.trim() ?? ''
    const fileOf = (name: string): File | undefined => (form.elements.namedItem(name) as HTMLInputElement | null)?.files?.[0]
    const body = new FormData()
    const letters = this.#letters(this.offer).flatMap(({ kind }) => {
      const file = fileOf(`letter-${kind}`)
      if (file === undefined) return []
      body.append(`letter-${kind}`, new Blob([file], { type: 'application/pdf' }), 'surat.pdf')
      return [{ part: `letter-${kind}`, kind, ...some('number', value(`number-${kind}`)), ...some('date', value(`date-${kind}`)) }]
    })
    const username = value('username')
    body.append('certificate', new Blob([this.certificate.der as Uint8Array<ArrayBuffer>]), 'sertifikat.cer')
    body.append('request', JSON.stringify({
      certificate: { part: 'certificate', ...some('username', username) }, reason: this.reason, letters, ...some('note', value('note')), applicant: {},
      ...(this.holder === 'self' ? {} : { holder: { ...some('id', username), ...some('username', username), ...some('name', value('holder-name')) } }),
    }))
    this.busy = true
    this.problem = undefined
    try {
      const connection = this.#connection()
      this.#token ??= connection.authorize()
      const token = await this.#token.catch((error: unknown) => { this.#token = undefined; throw error })
      const answer = await call({ ...connection, authorize: async () => token }, '/requests', { method: 'POST', body, headers: { 'idempotency-key': this.#key } })
      if (answer.ok) {
        this.filed = await answer.json() as FiledDetail & { readonly statusLabel: string }
        const { id, register, status } = this.filed
        const detail: FiledDetail = { id, status, ...(register === undefined ? {} : { register }) }
        this.dispatchEvent(new CustomEvent('cabut-filed', { detail, bubbles: true, composed: true }))
      } else {
        this.problem = await problemOf(answer)
        // A refusal is an answer: what is sent next is another form.
        this.#key = crypto.randomUUID()
        this.#token = undefined
      }
    } catch {
      this.problem = 'lost'
    } finally {
      this.busy = false
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('[data-outcome]')?.focus()
    }
  }

  /** Letters asked for with this reason. */
  #letters({ letters }: Offer): readonly LetterRule[] {
    return letters.filter(({ reasons }) => reasons === undefined || reasons.includes(this.reason))
  }

  protected override render(): TemplateResult {
    const language = languageOf(this)
    const { offer, filed } = this
    if (offer === undefined) return html`<slot></slot>`
    if (offer === 'away') return html`<slot></slot><p class="box warn" role="status">${say(language, 'unreachable')}</p><button type="button" @click=${() => this.#load()}>${say(language, 'again')}</button>`
    if (filed !== undefined) return html`<div class="box good" role="status" tabindex="-1" data-outcome><h2>${say(language, 'filed')}</h2><p><b>${filed.register ?? filed.id}</b><br>${filed.statusLabel}</p><p>${say(language, 'keepNumber')}</p></div>`
    const chosen = offer.reasons.find(({ code }) => code === this.reason)
    const blocked = chosen?.kind === 'advice' || this.certificate === 'unreadable' || [...this.checks.values()].some((state) => state !== 'looksFine' && state !== 'aboveAms')
    return html`<form @submit=${(event: SubmitEvent) => this.#send(event)}>
${this.problem === undefined ? nothing : this.#problemBox(this.problem)}
<div class="field"><label for="c">${say(language, 'certificate')}<span class="hint">${say(language, 'certificateHint')}</span></label><input id="c" type="file" name="certificate" accept=".cer,.crt,.pem,.der" required aria-describedby="cf" @change=${(event: Event) => this.#chooseCertificate(event)}><div id="cf" aria-live="polite">${this.#certificateFacts()}</div></div>
<div class="field"><label for="u">${say(language, 'username')}<span class="hint">${say(language, 'usernameHint')}</span></label><input id="u" type="text" name="username" maxlength="200" autocomplete="off" required .value=${this.username ?? ''}></div>
${this.holder === 'self' ? nothing : html`<div class="field"><label for="h">${say(language, 'holder')}</label><input id="h" type="text" name="holder-name" maxlength="200" autocomplete="off" required></div>`}
<div class="field"><label for="r">${say(language, 'reason')}</label><select id="r" name="reason" required aria-describedby="ra" @change=${(event: Event) => { this.reason = (event.target as HTMLSelectElement).value }}><option value="">${say(language, 'choose')}</option>${offer.reasons.map(({ code, title }) => html`<option value=${code}>${title}</option>`)}</select>
<div id="ra" aria-live="polite">${chosen?.advice === undefined && chosen?.urgent !== true ? nothing : html`<div class="box ${chosen.kind === 'advice' ? 'bad' : 'warn'}">${chosen.advice ?? nothing} ${chosen.urgent ? say(language, 'urgent') : nothing}</div>`}</div></div>
<div class="field"><label for="n">${say(language, 'note')}<span class="hint">${say(language, 'noteHint')}</span></label><textarea id="n" name="note" maxlength="2000" ?required=${chosen?.needsNote === true}></textarea></div>
<h2>${say(language, 'letters')}</h2>${this.#letters(offer).map((rule) => this.#letterField(rule))}
<button ?disabled=${this.busy || blocked}>${say(language, this.busy ? 'sending' : 'send')}</button></form>`
  }

  #problemBox(problem: Problem | 'lost'): TemplateResult {
    if (problem === 'lost') return html`<div class="box bad" role="alert" tabindex="-1" data-outcome>${say(languageOf(this), 'lost')}</div>`
    return html`<div class="box bad" role="alert" tabindex="-1" data-outcome><p><b>${problem.title}</b></p>${problem.detail === undefined ? nothing : html`<p>${problem.detail}</p>`}${problem.issues === undefined ? nothing : html`<ul>${problem.issues.map(({ message }) => html`<li>${message}</li>`)}</ul>`}</div>`
  }

  #certificateFacts(): TemplateResult | typeof nothing {
    const language = languageOf(this)
    const { certificate } = this
    if (certificate === undefined) return nothing
    if (certificate === 'unreadable') return html`<div class="box bad">${say(language, 'certificateUnreadable')}</div>`
    const late = certificate.notAfter.getTime() < Date.now()
    return html`<div class="box ${late ? 'bad' : 'good'}"><dl><dt>${say(language, 'subject')}</dt><dd>${formatName(certificate.subject)}</dd><dt>${say(language, 'issuer')}</dt><dd>${formatName(certificate.issuer)}</dd>
<dt>${say(language, 'serial')}</dt><dd><code>${certificate.serial}</code></dd><dt>${say(language, 'until')}</dt><dd>${instantWords(language, certificate.notAfter.toISOString(), 'Asia/Jakarta')}</dd></dl>${late ? html`<p><b>${say(language, 'expired')}</b></p>` : nothing}</div>${this.#comparison(certificate)}`
  }

  #comparison(certificate: Certificate): TemplateResult | typeof nothing {
    if (this.subjectDn === undefined || this.subjectDn === '') return nothing
    const language = languageOf(this)
    let found: readonly NameDifference[]
    try {
      found = explainDifference(parseName(this.subjectDn), certificate.subject)
    } catch {
      return nothing
    }
    const real = found.filter(({ kind }) => kind !== 'equivalent')
    if (real.length === 0) return html`<div class="box good">${say(language, 'sameName')}</div>`
    return html`<div class="box bad"><p>${say(language, 'otherName')}</p><ul>${real.map(({ type, left, right }) => html`<li>${attributeName(type) ?? type}: <code>${left ?? say(language, 'nothing')}</code> / <code>${right ?? say(language, 'nothing')}</code></li>`)}</ul></div>`
  }

  #letterField({ kind, demand }: LetterRule): TemplateResult {
    const language = languageOf(this)
    const state = this.checks.get(kind)
    return html`<fieldset><legend>${letterWords(language, kind)} <small>(${say(language, demand)})</small></legend>
<div class="field"><label for="f-${kind}">${say(language, 'file')}</label><input id="f-${kind}" type="file" name="letter-${kind}" accept="application/pdf,.pdf" aria-describedby="s-${kind}" @change=${(event: Event) => this.#chooseLetter(kind, event)}>
<div id="s-${kind}" aria-live="polite">${state === undefined ? nothing : html`<div class="box ${state === 'looksFine' ? 'good' : state === 'aboveAms' ? 'warn' : 'bad'}">${say(language, state)}</div>`}</div></div>
<div class="field"><label for="o-${kind}">${say(language, 'number')}</label><input id="o-${kind}" type="text" name="number-${kind}" maxlength="100"></div><div class="field"><label for="d-${kind}">${say(language, 'date')}</label><input id="d-${kind}" type="date" name="date-${kind}"></div></fieldset>`
  }
}

function some(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value }
}

function unique(letters: readonly LetterRule[]): readonly LetterRule[] {
  return letters.filter(({ kind }, at) => kind !== 'answerLetter' && letters.findIndex((one) => one.kind === kind) === at)
}

/** A whole PDF of a size the desk takes: header within the first, `%%EOF` within the last 1,024 octets. What it says is judged by the service. */
export async function checkLetter(file: Blob): Promise<LetterState> {
  if (file.size > 20 * KIB * KIB) return 'tooLarge'
  const text = async (from: number, to: number): Promise<string> => new TextDecoder('latin1').decode(await file.slice(from, to).arrayBuffer())
  if (!(await text(0, KIB)).includes('%PDF-')) return 'notPdf'
  if (!(await text(Math.max(0, file.size - KIB), file.size)).includes('%%EOF')) return 'truncated'
  return file.size > KIB * KIB ? 'aboveAms' : 'looksFine'
}
