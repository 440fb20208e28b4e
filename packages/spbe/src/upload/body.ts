import { CabutError } from '@cabut/sdk'

/** The body as bytes, refused at the first octet beyond the limit. @throws {@link CabutError} `spbeBodyTooLarge`, `spbeBodyTruncated` */
export async function readBytes(request: Request | Response, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? '0')
  if (declared > limit) throw new CabutError('spbeBodyTooLarge', { detail: `more than ${limit} octets` })
  if (request.body === null) return new Uint8Array(0)
  const reader = request.body.getReader()
  const pieces: Uint8Array[] = []
  let size = 0
  for (;;) {
    let chunk
    try {
      chunk = await reader.read()
    } catch (cause) {
      throw new CabutError('spbeBodyTruncated', { cause })
    }
    if (chunk.done) break
    size += chunk.value.length
    if (size > limit) {
      await reader.cancel().catch(() => undefined)
      throw new CabutError('spbeBodyTooLarge', { detail: `more than ${limit} octets` })
    }
    pieces.push(chunk.value)
  }
  return joinPieces(pieces, size)
}

/** Pieces of `size` octets altogether, as one. */
export function joinPieces(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const joined = new Uint8Array(size)
  let offset = 0
  for (const piece of pieces) {
    joined.set(piece, offset)
    offset += piece.length
  }
  return joined
}

/** JSON of a body or a part. Duplicate names and prototypes are left to the schema, which takes own members only. */
export function parseJson(bytes: Uint8Array, at?: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new CabutError('spbeBodyInvalid', { detail: 'not JSON in UTF-8', ...(at === undefined ? {} : { at }) })
  }
}
