/**
 * The whole body of an answer, or `undefined` when it has more than `limit` octets. Stops reading there: a peer cannot fill our memory.
 */
export async function readCapped(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const announced = Number(response.headers.get('content-length') ?? Number.NaN)
  if (announced > limit) {
    await response.body?.cancel().catch(() => undefined)
    return undefined
  }
  if (response.body === null) return new Uint8Array(0)
  const reader = response.body.getReader()
  const parts: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > limit) {
      await reader.cancel().catch(() => undefined)
      return undefined
    }
    parts.push(value)
  }
  if (parts.length === 1 && parts[0] !== undefined) return parts[0]
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** JSON of a UTF-8 body, or why it is none. Never quotes the body: an error page may hold personal data. */
export function parseJson(body: Uint8Array): { readonly json: unknown } | { readonly fault: string } {
  if (body.byteLength === 0) return { fault: 'an empty body' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return { fault: 'a body that is not UTF-8' }
  }
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return { fault: /^\s*</.test(text) ? 'HTML instead of JSON' : 'invalid JSON' }
  }
}
