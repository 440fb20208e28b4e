import { CabutError } from '@cabut/sdk'
import { joinPieces } from './body.js'

/** Limits in octets unless said otherwise. */
export interface MultipartLimits {
  /** One part. */
  readonly part: number
  /** The whole body, delimiters included. */
  readonly total: number
  readonly parts: number
  /** Headers of one part. @default 8192 */
  readonly headers?: number
}

/** One part of a form (RFC 7578). `fileName` is what the client says: it is shown, never used as a path. */
export interface FormPart {
  readonly name: string
  readonly fileName?: string
  /** Lower-case, without parameters. */
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const CR = 13
const LF = 10
const DASH = 45

/**
 * Reads multipart/form-data from a stream, counting octets while they come: a body that grows beyond a limit is refused at that octet and the
 * rest is not read. A body that ends before its closing delimiter is an error of its own, so that half a letter is never taken for a letter.
 *
 * @param contentType - value of the header, with its boundary
 * @throws {@link CabutError} `spbeMediaTypeUnsupported`, `spbeBodyInvalid`, `spbeBodyTooLarge`, `spbeBodyTruncated`
 */
export async function readMultipart(body: ReadableStream<Uint8Array> | null, contentType: string | null, limits: MultipartLimits): Promise<readonly FormPart[]> {
  const boundary = boundaryOf(contentType)
  if (body === null) throw new CabutError('spbeBodyTruncated', { detail: 'no body' })
  const source = new ByteSource(body, limits.total)
  try {
    const delimiter = ascii(`\r\n--${boundary}`)
    // The first delimiter has no line break before it; a preamble (RFC 2046 5.1.1) is not something a browser or curl sends.
    await source.expect(delimiter.subarray(2), 'no opening delimiter')
    const parts: FormPart[] = []
    while (!(await atEnd(source))) {
      if (parts.length >= limits.parts) throw new CabutError('spbeBodyTooLarge', { detail: `more than ${limits.parts} parts` })
      const headers = readHeaders(await source.until(ascii('\r\n\r\n'), limits.headers ?? 8_192, 'headers of a part'))
      const bytes = await source.until(delimiter, limits.part, `parts[${parts.length}]`)
      parts.push({ ...headers, bytes })
    }
    return parts
  } finally {
    await source.close()
  }
}

/** After a delimiter: `--` closes the form, a line break opens the next part. */
async function atEnd(source: ByteSource): Promise<boolean> {
  const [first, second] = await source.take(2)
  if (first === DASH && second === DASH) return true
  if (first === CR && second === LF) return false
  throw new CabutError('spbeBodyInvalid', { detail: 'a delimiter is followed by something else' })
}

function boundaryOf(contentType: string | null): string {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'multipart/form-data') throw new CabutError('spbeMediaTypeUnsupported', { detail: 'multipart/form-data expected' })
  // RFC 2046 5.1.1: 1 to 70 of a small set of characters, not ending in a space.
  const match = /;\s*boundary=(?:"([0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?])"|([0-9A-Za-z'+_\-.]{1,70}))\s*(?:;|$)/i.exec(contentType ?? '')
  const boundary = match?.[1] ?? match?.[2]
  if (boundary === undefined) throw new CabutError('spbeBodyInvalid', { detail: 'no usable boundary' })
  return boundary
}

function readHeaders(bytes: Uint8Array): Omit<FormPart, 'bytes'> {
  const text = decode(bytes)
  let name: string | undefined
  let fileName: string | undefined
  let mediaType = 'text/plain'
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw new CabutError('spbeBodyInvalid', { detail: 'a header of a part is malformed' })
    const field = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (field === 'content-disposition') {
      if (name !== undefined || !/^form-data\s*(?:;|$)/i.test(value)) throw new CabutError('spbeBodyInvalid', { detail: 'Content-Disposition: form-data expected' })
      name = parameter(value, 'name')
      fileName = parameter(value, 'filename')
    } else if (field === 'content-type') {
      mediaType = value.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    } else if (field === 'content-transfer-encoding' && value.toLowerCase() !== 'binary' && value.toLowerCase() !== '8bit') {
      // RFC 7578 4.7 deprecates it; decoding twice is how two readers come to see two different letters.
      throw new CabutError('spbeBodyInvalid', { detail: 'Content-Transfer-Encoding is not supported' })
    }
  }
  if (name === undefined) throw new CabutError('spbeBodyInvalid', { detail: 'a part has no name' })
  return { name, mediaType, ...(fileName === undefined ? {} : { fileName }) }
}

/** A quoted parameter as browsers write it (WHATWG: `"`, CR and LF percent-encoded). */
function parameter(value: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}="([^"\\r\\n]{0,1000})"`, 'i').exec(value)
  return match?.[1]?.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n')
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CabutError('spbeBodyInvalid', { detail: 'headers of a part are not UTF-8' })
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Bytes of a stream with a memory of what was not used yet. */
class ByteSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #limit: number
  #seen = 0
  #rest: Uint8Array = new Uint8Array(0)
  #ended = false

  constructor(stream: ReadableStream<Uint8Array>, limit: number) {
    this.#reader = stream.getReader()
    this.#limit = limit
  }

  /** Everything before the mark, which is swallowed; at most `limit` octets. */
  async until(mark: Uint8Array, limit: number, at: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    let size = 0
    for (;;) {
      const found = indexOf(this.#rest, mark)
      const usable = found >= 0 ? found : Math.max(0, this.#rest.length - mark.length + 1)
      size += usable
      if (size > limit) throw new CabutError('spbeBodyTooLarge', { at, detail: `more than ${limit} octets` })
      pieces.push(this.#rest.subarray(0, usable))
      this.#rest = this.#rest.subarray(found >= 0 ? found + mark.length : usable)
      if (found >= 0) return joinPieces(pieces, size)
      await this.#more()
    }
  }

  async take(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count) await this.#more()
    const taken = this.#rest.subarray(0, count)
    this.#rest = this.#rest.subarray(count)
    return taken
  }

  async expect(mark: Uint8Array, detail: string): Promise<void> {
    const found = await this.take(mark.length)
    if (indexOf(found, mark) !== 0) throw new CabutError('spbeBodyInvalid', { detail })
  }

  async close(): Promise<void> {
    // Also after an error: the sender learns that nobody reads on.
    await this.#reader.cancel().catch(() => undefined)
  }

  async #more(): Promise<void> {
    let chunk
    try {
      chunk = this.#ended ? { done: true as const, value: undefined } : await this.#reader.read()
    } catch (cause) {
      throw new CabutError('spbeBodyTruncated', { cause })
    }
    if (chunk.done || chunk.value === undefined) {
      this.#ended = true
      throw new CabutError('spbeBodyTruncated', { detail: `it ended after ${this.#seen} octets` })
    }
    this.#seen += chunk.value.length
    if (this.#seen > this.#limit) throw new CabutError('spbeBodyTooLarge', { detail: `more than ${this.#limit} octets` })
    this.#rest = this.#rest.length === 0 ? chunk.value : joinPieces([this.#rest, chunk.value], this.#rest.length + chunk.value.length)
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array): number {
  const first = mark[0] as number
  for (let at = bytes.indexOf(first); at >= 0 && at <= bytes.length - mark.length; at = bytes.indexOf(first, at + 1)) {
    let matched = 1
    while (matched < mark.length && bytes[at + matched] === mark[matched]) matched++
    if (matched === mark.length) return at
  }
  return -1
}
