import { html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit'
import { appearance } from './appearance.js'
import { call, events, tokenFrom, type Authorize, type Connection } from './connection.js'
import { instantWords, languageOf, say, type Language } from './language.js'

interface Ticket { readonly timeline: readonly { readonly at: string; readonly label: string }[] }
interface RequestJson {
  readonly version: number
  readonly status: string
  readonly statusLabel: string
  readonly clock: {
    readonly state: 'notStarted' | 'running' | 'paused' | 'stopped'; readonly elapsedMinutes: number; readonly dueAt?: string; readonly provisional: boolean; readonly breached: boolean
    readonly timeToProof?: { readonly minutes: number }
  }
}

/** What the event `cabut-status` tells the page. */
export interface StatusDetail { readonly status: string; readonly version: number; readonly label: string }

const tones: Readonly<Record<string, string>> = {
  revoked: 'good', closed: 'good', resumed: 'good', rejected: 'bad', failed: 'bad', contradicted: 'bad', returned: 'warn', parked: 'warn', suspended: 'warn', awaitingProof: 'warn',
}
/** Steps shown at once, newest first; the others behind a summary. */
const SHOWN = 4
/** A stream that says nothing for this long is taken to be held back by a proxy. */
const SILENCE = 25_000

/**
 * `<cabut-status>`: where a request stands, live. What stands between its tags is shown until the first answer came, and without JavaScript.
 *
 * ```html
 * <cabut-status endpoint="/layanan/cabut" request="P-..." token-src="/cabut/token"><a href="/permohonan/P-...">Lihat status</a></cabut-status>
 * ```
 *
 * Attributes: `endpoint` (base of the interface), `request` (its id), `token-src` (an address of the page that gives `{"token"}`), `lang`,
 * `time-zone` (default Asia/Jakarta), `poll` (seconds between looks where streams do not arrive, default 15).
 * Event: `cabut-status` with {@link StatusDetail} whenever the version changes.
 *
 * @example
 * ```ts
 * CabutStatus.observedAttributes // ['endpoint', 'request', 'token-src', 'time-zone', 'poll']
 * const element = new CabutStatus()
 * element.poll // 15
 * element.timeZone // 'Asia/Jakarta'
 * element.addEventListener('cabut-status', (event) => { document.title = (event as CustomEvent<StatusDetail>).detail.label })
 * ```
 */
export class CabutStatus extends LitElement {
  static override styles: CSSResult = appearance
  static override properties: Record<string, object> = {
    endpoint: {}, request: {}, tokenSrc: { attribute: 'token-src' }, timeZone: { attribute: 'time-zone' }, poll: { type: Number }, now: { state: true }, failed: { state: true },
  }

  declare endpoint: string | undefined
  declare request: string | undefined
  declare tokenSrc: string | undefined
  declare timeZone: string
  declare poll: number
  /** Gives the bearer token; takes the place of `token-src`. */
  authorize: Authorize | undefined
  declare private now: { readonly request: RequestJson; readonly ticket: Ticket } | undefined
  declare private failed: boolean
  #watch: AbortController | undefined
  #etag: string | undefined

  constructor() {
    super()
    this.timeZone = 'Asia/Jakarta'
    this.poll = 15
    this.failed = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#begin()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#watch?.abort()
  }

  protected override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const other = (['request', 'endpoint'] as const).some((name) => changed.has(name) && changed.get(name) !== undefined)
    if (other) this.#begin()
  }

  #begin(): void {
    this.#watch?.abort()
    this.#watch = new AbortController()
    this.#etag = undefined
    this.now = undefined
    void this.#follow(this.#watch.signal)
  }

  /** Reads once, then listens; where listening does not work, asks again and again, less and less often while the service is away. */
  async #follow(signal: AbortSignal): Promise<void> {
    let pause = this.poll * 1000
    while (!signal.aborted) {
      if (await this.#look(signal)) {
        pause = this.poll * 1000
        await this.#listen(signal)
      } else pause = Math.min(pause * 2, 120_000)
      await new Promise<void>((done) => {
        const timer = setTimeout(done, pause)
        signal.addEventListener('abort', () => { clearTimeout(timer); done() }, { once: true })
      })
    }
  }

  #connection(language: Language): Connection | undefined {
    if (this.endpoint === undefined || this.request === undefined) return undefined
    return { endpoint: this.endpoint, language, authorize: this.authorize ?? (this.tokenSrc === undefined ? async () => undefined : tokenFrom(this.tokenSrc)) }
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    const connection = this.#connection(languageOf(this))
    if (connection === undefined) return false
    const path = `/requests/${encodeURIComponent(this.request ?? '')}`
    try {
      const answer = await call(connection, path, { signal, headers: this.#etag === undefined ? {} : { 'if-none-match': this.#etag } })
      if (answer.status === 304) return true
      const ticket = await call(connection, `${path}/ticket`, { signal })
      if (!answer.ok || !ticket.ok) throw new TypeError(`HTTP ${answer.status}`)
      const request = await answer.json() as RequestJson
      const before = this.now?.request.version
      this.#etag = answer.headers.get('etag') ?? undefined
      this.now = { request, ticket: await ticket.json() as Ticket }
      this.failed = false
      if (before !== request.version) {
        const detail: StatusDetail = { status: request.status, version: request.version, label: request.statusLabel }
        this.dispatchEvent(new CustomEvent('cabut-status', { detail, bubbles: true, composed: true }))
      }
      return true
    } catch {
      if (!signal.aborted) this.failed = this.now === undefined
      return false
    }
  }

  async #listen(outer: AbortSignal): Promise<void> {
    const connection = this.#connection(languageOf(this))
    if (connection === undefined) return
    const inner = new AbortController()
    const stop = (): void => inner.abort()
    outer.addEventListener('abort', stop, { once: true })
    let silence = setTimeout(stop, SILENCE)
    try {
      const answer = await call(connection, `/requests/${encodeURIComponent(this.request ?? '')}/live`, { signal: inner.signal, headers: { accept: 'text/event-stream' } })
      if (!answer.ok || answer.body === null) return
      for await (const { event, data } of events(answer.body)) {
        clearTimeout(silence)
        silence = setTimeout(stop, SILENCE)
        if (event !== 'status') continue
        const told = JSON.parse(data) as { version?: number }
        if (told.version !== this.now?.request.version) await this.#look(outer)
      }
    } catch {
      // The next look makes good what was missed.
    } finally {
      clearTimeout(silence)
      outer.removeEventListener('abort', stop)
      stop()
    }
  }

  protected override render(): TemplateResult {
    const language = languageOf(this)
    if (this.now === undefined) return html`<slot></slot>${this.failed ? html`<p class="box warn" role="status">${say(language, 'unreachable')}</p>` : nothing}`
    const { request: { status, statusLabel, clock }, ticket } = this.now
    const steps = ticket.timeline.filter(({ label }, at, all) => label !== all[at - 1]?.label).map(({ at, label }) => html`<li class="step"><b>${label}</b><small>${instantWords(language, at, this.timeZone)}</small></li>`).reverse()
    const earlier = steps.splice(SHOWN)
    return html`<p role="status"><span class="badge ${tones[status] ?? ''}">${statusLabel}</span></p>
<div class="box ${clock.breached ? 'bad' : 'info'}"><p><b>${say(language, 'clock')}:</b> ${say(language, clock.state)}${clock.state === 'notStarted' ? nothing : html`, ${say(language, 'used', String(Math.floor(clock.elapsedMinutes)))}`}.
${clock.dueAt === undefined ? nothing : html`${say(language, 'due')}: ${instantWords(language, clock.dueAt, this.timeZone)}${clock.provisional ? ` (${say(language, 'provisional')})` : ''}.`}${clock.breached ? html` <b>${say(language, 'breached')}</b>` : nothing}</p>
${clock.timeToProof === undefined ? nothing : html`<p><small>${say(language, 'toProof', String(Math.floor(clock.timeToProof.minutes)))}.</small></p>`}</div>
<h2>${say(language, 'timeline')}</h2><ol>${steps}</ol>${earlier.length === 0 ? nothing : html`<details><summary>${say(language, 'earlier', String(earlier.length))}</summary><ol>${earlier}</ol></details>`}`
  }
}
