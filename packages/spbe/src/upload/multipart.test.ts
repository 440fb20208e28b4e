import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMultipart, type MultipartLimits } from './multipart.js'

const limits: MultipartLimits = { part: 1_000, total: 5_000, parts: 4 }
const type = 'multipart/form-data; boundary=batas'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A stream in pieces of a size, ending as told. */
function stream(data: Uint8Array, piece = data.length || 1, end: 'close' | 'error' = 'close'): ReadableStream<Uint8Array> & { pulled: () => number } {
  let at = 0
  const made = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < data.length) controller.enqueue(data.subarray(at, (at += piece)))
      else if (end === 'error') controller.error(new Error('connection reset'))
      else controller.close()
    },
  }, { highWaterMark: 0 })
  return Object.assign(made, { pulled: () => at })
}

const form = (...parts: string[]): Uint8Array => bytes(`${parts.map((part) => `--batas\r\n${part}\r\n`).join('')}--batas--\r\n`)
const field = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`

describe('multipart/form-data (RFC 7578)', () => {
  it('agrees with the platform on what FormData prints, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), data: fc.uint8Array({ maxLength: 200 }) }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        async (files, piece) => {
          const data = new FormData()
          for (const file of files) data.append(file.name, new Blob([file.data], { type: 'application/pdf' }), 'surat "1".pdf')
          const printed = new Response(data)
          const parts = await readMultipart(stream(new Uint8Array(await printed.clone().arrayBuffer()), piece), printed.headers.get('content-type'), limits)
          expect(parts.map(({ name, bytes: read }) => [name, [...read]])).toEqual(files.map((file) => [file.name, [...file.data]]))
          expect(parts.every(({ fileName, mediaType }) => fileName === 'surat "1".pdf' && mediaType === 'application/pdf')).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('takes a form without parts to read and a part without content', async () => {
    expect(await readMultipart(stream(bytes('--batas--\r\n')), type, limits)).toEqual([])
    expect(await readMultipart(stream(form(field('a', ''))), type, limits)).toMatchObject([{ name: 'a', bytes: new Uint8Array(0) }])
  })

  const whole = form(field('request', '{}'), field('letter', 'x'.repeat(300)))
  it('a cut at any octet is an error of its own, by end and by reset', async () => {
    // Behind the closing delimiter nothing is missing any more.
    for (let length = 0; length < whole.length - 2; length++) {
      for (const end of ['close', 'error'] as const) {
        await expect(readMultipart(stream(whole.subarray(0, length), 50, end), type, limits)).rejects.toMatchObject({ code: 'spbeBodyTruncated', httpStatus: 400, retryable: true })
      }
    }
  })

  it.each([
    ['a part above its limit', form(field('a', 'x'.repeat(1_001))), 'spbeBodyTooLarge', 'parts[0]'],
    ['a body above its limit', form(...Array.from({ length: 4 }, () => field('a', 'x'.repeat(999))), field('a', 'x'.repeat(999))), 'spbeBodyTooLarge', undefined],
    ['too many parts', form(...Array.from({ length: 5 }, () => field('a', ''))), 'spbeBodyTooLarge', undefined],
    ['headers that do not end', bytes(`--batas\r\nX: ${'y'.repeat(900)}`), 'spbeBodyTooLarge', 'headers of a part'],
    ['a part without a name', form('Content-Disposition: form-data\r\n\r\nx'), 'spbeBodyInvalid', undefined],
    ['a part without headers', form('\r\n\r\nx'), 'spbeBodyInvalid', undefined],
    ['a second disposition', form('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"\r\n\r\nx'), 'spbeBodyInvalid', undefined],
    ['another disposition', form('Content-Disposition: attachment; name="a"\r\n\r\nx'), 'spbeBodyInvalid', undefined],
    ['a transfer encoding', form('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\neA=='), 'spbeBodyInvalid', undefined],
    ['another boundary', bytes('--lain\r\n'), 'spbeBodyInvalid', undefined],
    ['junk behind a delimiter', bytes('--batasX\r\n\r\n--batas--'), 'spbeBodyInvalid', undefined],
  ] as [string, Uint8Array, string, string | undefined][])('refuses %s', async (_, data, code, at) => {
    await expect(readMultipart(stream(data, 64), type, { ...limits, total: 4_800, headers: 800 })).rejects.toMatchObject({ code, at })
  })

  it('stops reading at the first octet too many', async () => {
    const endless = stream(form(field('a', 'x'.repeat(2_000_000))), 500)
    await expect(readMultipart(endless, type, limits)).rejects.toMatchObject({ code: 'spbeBodyTooLarge' })
    expect(endless.pulled()).toBeLessThan(3_000)
  })

  it.each([
    [null, 'spbeMediaTypeUnsupported'], ['application/json', 'spbeMediaTypeUnsupported'], ['multipart/form-data', 'spbeBodyInvalid'],
    ['multipart/form-data; boundary=', 'spbeBodyInvalid'], [`multipart/form-data; boundary=${'b'.repeat(71)}`, 'spbeBodyInvalid'],
  ] as [string | null, string][])('content type %s', async (contentType, code) => {
    await expect(readMultipart(stream(whole), contentType, limits)).rejects.toMatchObject({ code })
  })

  it('a name with a path is data, and kept as it was said', async () => {
    const [part] = await readMultipart(stream(form('Content-Disposition: form-data; name="letter"; filename="../../etc/passwd"\r\nContent-Type: Application/PDF; x=1\r\n\r\n%PDF')), type, limits)
    expect(part).toMatchObject({ fileName: '../../etc/passwd', mediaType: 'application/pdf' })
  })

  it('reads 20 MB in one pass', async () => {
    const letter = new Uint8Array(20 * 1_048_576).fill(45) // hyphens: every octet may begin a delimiter's tail
    const data = new FormData()
    data.append('letter', new Blob([letter]))
    const printed = new Response(data)
    const started = performance.now()
    const [part] = await readMultipart(printed.body, printed.headers.get('content-type'), { part: letter.length, total: letter.length + 1_000, parts: 1 })
    expect(part?.bytes.length).toBe(letter.length)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
