import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CabutError, type CabutErrorCode } from '@cabut/sdk'
import { workerSource } from './worker-source.js'

/** One run of text as the page draws it. Points, from the lower left corner. */
export interface PdfRun {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  /** Height of the letters. */
  readonly size: number
}

/** What a PDF holds, as far as it was read. */
export interface PdfText {
  readonly pages: number
  /** Text of the first pages, in the order of the pages. */
  readonly read: readonly { readonly width: number; readonly height: number; readonly runs: readonly PdfRun[] }[]
  /** Pictures in the file. */
  readonly images: number
  /** Attached files, counted. */
  readonly attachments: number
  /** Kinds of active content: `JavaScript`, `Launch`, `SubmitForm`, ... */
  readonly active: readonly string[]
  /** `true`: pages or runs were left out. */
  readonly limited: boolean
}

/** Bounds of one reading. */
export interface PdfLimits {
  /** Octets. @default 20971520 */
  readonly bytes?: number
  /** Pages whose text is read. @default 20 */
  readonly pages?: number
  /** Runs of text. @default 20000 */
  readonly runs?: number
  /** For the whole file, in ms. @default 20000 */
  readonly timeMs?: number
  /** Memory of the reader, in MiB. @default 512 */
  readonly memory?: number
}

/** Letters a worker reads before a new one takes its place: whatever a library keeps goes with it. */
const lettersPerWorker = 200
const codes: Readonly<Record<string, CabutErrorCode>> = { encrypted: 'letterPdfEncrypted', damaged: 'letterPdfDamaged', limit: 'letterPdfTooComplex' }

/**
 * Reads the text of a PDF and looks for what a letter should not carry. The file is a stranger's: it is read in a worker of its own, with bounded
 * memory and time, without evaluation of anything in it, without fonts or resources from anywhere.
 *
 * @throws {@link CabutError} `letterPdfEncrypted`, `letterPdfDamaged`, `letterPdfTooComplex`
 * @example
 * ```ts
 * const { pages, active, read } = await readPdfText(pdf)
 * pages // 1
 * active // []
 * read[0]?.runs[0]?.text // 'PEMERINTAH KABUPATEN CONTOH'
 * await readPdfText(pdf, { bytes: 100 }) // throws letterPdfTooComplex
 * ```
 */
export async function readPdfText(bytes: Uint8Array, limits: PdfLimits = {}): Promise<PdfText> {
  if (bytes.length > (limits.bytes ?? 20 * 1024 * 1024)) throw new CabutError('letterPdfTooComplex', { at: 'pdf', detail: 'too many octets' })
  const before = tail
  const mine = before.then(() => readNow(bytes, limits))
  // One file at a time: the time of a file is its own.
  tail = mine.then(() => undefined, () => undefined)
  return mine
}

let tail: Promise<void> = Promise.resolve()
let current: { readonly worker: Worker; readonly memory: number; left: number } | undefined

interface Answer { readonly value?: PdfText; readonly failure?: string }

async function readNow(bytes: Uint8Array, { pages = 20, runs = 20_000, timeMs = 20_000, memory = 512 }: PdfLimits): Promise<PdfText> {
  if (current !== undefined && (current.left <= 0 || current.memory !== memory)) await end()
  current ??= { worker: start(memory), memory, left: lettersPerWorker }
  const { worker } = current
  current.left -= 1
  let timer: ReturnType<typeof setTimeout> | undefined
  worker.ref()
  const answer = await new Promise<Answer>((resolve) => {
    timer = setTimeout(() => { resolve({ failure: 'limit' }) }, timeMs)
    worker.once('message', (message: Answer) => { resolve(message) })
    worker.once('error', () => { resolve({ failure: 'limit' }) })
    worker.once('exit', () => { resolve({ failure: 'limit' }) })
    worker.postMessage({ bytes: bytes.slice(), pages, runs })
  })
  clearTimeout(timer)
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
  if (answer.value !== undefined) {
    worker.unref()
    return answer.value
  }
  // After a failure nothing of that worker is used again.
  await end()
  throw new CabutError(codes[answer.failure ?? ''] ?? 'letterPdfDamaged', { at: 'pdf' })
}

async function end(): Promise<void> {
  const worker = current?.worker
  current = undefined
  worker?.on('error', () => undefined)
  await worker?.terminate()
}

function start(memory: number): Worker {
  // In a CommonJS build `import.meta` is empty.
  const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url)
  const pdfLib = require.resolve('pdf-lib')
  // The package offers its reader to `import` only: beside its CommonJS entry.
  const pdfjs = new URL('pdfjs.mjs', pathToFileURL(require.resolve('unpdf'))).href
  const worker = new Worker(workerSource, {
    eval: true, workerData: { pdfjs, pdfLib }, env: {}, execArgv: [], stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  })
  worker.unref()
  return worker
}
