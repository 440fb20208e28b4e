import { CabutError } from '@cabut/sdk'

/** A header that proves who asks; SPLP stacks two: the gateway's and the service's. Its value is asked anew for each call and never stored. */
export interface SplpCredential {
  /** Such as `APIkey`, `AuthorizationSPLP`, `Authorization`. */
  readonly header: string
  readonly value: () => string | Promise<string>
}

/** Settings of the calls. */
export interface CallSettings {
  readonly baseUrl: string
  readonly credentials: readonly SplpCredential[]
  readonly fetch: typeof globalThis.fetch
  readonly timeoutMs: number
  /** Repetitions of a reading. */
  readonly retries: number
  readonly answerLimit: number
}

/** An answer, or `undefined` when nothing usable came back: then nobody knows whether a write was done. */
export interface CallAnswer {
  readonly status: number
  readonly body: Uint8Array
}

const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/** Reads; repeated while the trouble may pass. @throws {@link CabutError} `letterTransportUnavailable` */
export async function read<T>(settings: CallSettings, path: string, understand: (answer: CallAnswer) => T | undefined): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once(settings, 'GET', path, undefined)
    const value = answer === undefined || passing.has(answer.status) ? undefined : understand(answer)
    if (value !== undefined) return value
    if (attempt >= settings.retries) throw new CabutError('letterTransportUnavailable', { detail: answer === undefined ? 'no usable answer' : `HTTP ${answer.status}` })
    await new Promise((resolve) => { setTimeout(resolve, Math.min(2_000, 50 * 2 ** attempt)) })
  }
}

/** Writes, once: what became of it is the caller's to find out. */
export async function write(settings: CallSettings, path: string, body: unknown): Promise<CallAnswer | undefined> {
  return once(settings, 'POST', path, JSON.stringify(body))
}

async function once({ baseUrl, credentials, fetch, timeoutMs, answerLimit }: CallSettings, method: string, path: string, body: string | undefined): Promise<CallAnswer | undefined> {
  const headers: Record<string, string> = { accept: 'application/json, application/pdf', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  for (const { header, value } of credentials) headers[header] = await value()
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  // An injected fetch may ignore its signal: the race ends the waiting all the same.
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => { controller.abort(); resolve(undefined) }, timeoutMs)
  })
  try {
    return await Promise.race([late, exchange(fetch, `${baseUrl}${path}`, { method, headers, redirect: 'manual', credentials: 'omit', signal: controller.signal, ...(body === undefined ? {} : { body }) }, answerLimit)])
  } finally {
    clearTimeout(timer)
  }
}

async function exchange(fetch: typeof globalThis.fetch, url: string, init: RequestInit, limit: number): Promise<CallAnswer | undefined> {
  try {
    const response = await fetch(url, init)
    // A redirect would carry the credentials elsewhere.
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel()
      return undefined
    }
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      if (size > limit) return undefined
      parts.push(part)
    }
    const body = new Uint8Array(size)
    let at = 0
    for (const part of parts) { body.set(part, at); at += part.length }
    return { status: response.status, body }
  } catch {
    return undefined
  }
}
