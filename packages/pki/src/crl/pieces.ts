/** A file that a CRL (RFC 5280 section 5) is read from by position, into given memory: a `FileHandle` of node:fs/promises is one. */
export interface CrlFile {
  /** Reads up to `length` octets from `position` of the file into `memory` at `offset`; 0 octets at its end. */
  read(memory: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
}

/** Where `readCrlStream` reads a CRL (RFC 5280 section 5) from: a file, a stream, or pieces in order. */
export type CrlSource = CrlFile | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Octets asked of a byte stream at once: large enough for reading to be cheap, small enough to stay in the processor's cache until it is hashed and scanned. */
const pieceBytes = 262_144

/** The octets of a source, piece by piece; a piece is gone when the next is asked for. */
export async function* piecesOf(source: CrlSource): AsyncIterable<Uint8Array> {
  // A Readable of Node's also has a method `read`, of another meaning.
  if (!('getReader' in source)) {
    yield* Symbol.asyncIterator in source ? source : readAhead(source)
    return
  }
  const reader = byteReader(source)
  if (reader !== undefined) {
    yield* refilled(reader)
    return
  }
  const whole = source.getReader()
  try {
    for (let next = await whole.read(); !next.done; next = await whole.read()) yield next.value
  } finally {
    await whole.cancel().catch(() => undefined)
  }
}

/** Octets asked of a file at once: reading on another thread costs a message to and fro. */
const fileBytes = 524_288

/** The next piece is being read, on a thread of the platform's, while the last one is worked on. */
async function* readAhead(file: CrlFile): AsyncIterable<Uint8Array> {
  let [filling, spare] = [new Uint8Array(fileBytes), new Uint8Array(fileBytes)]
  let position = 0
  let reading = file.read(filling, 0, fileBytes, 0)
  try {
    for (;;) {
      const { bytesRead } = await reading
      if (bytesRead === 0) return
      position += bytesRead
      const filled = filling
      ;[filling, spare] = [spare, filled]
      reading = file.read(filling, 0, fileBytes, position)
      yield filled.subarray(0, bytesRead)
    }
  } finally {
    // Whoever closes the file afterwards must find nobody reading.
    await reading.catch(() => undefined)
  }
}

/** The reader that fills the memory it is given, which only byte streams have. */
function byteReader(source: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return source.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}

/** One memory for every piece: it goes to the stream and comes back filled. New memory for each would wait for the collector. */
async function* refilled(reader: ReadableStreamBYOBReader): AsyncIterable<Uint8Array> {
  let memory = new ArrayBuffer(pieceBytes)
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(memory))
      if (done) return
      yield value
      memory = value.buffer
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
