import { deflateSync } from 'node:zlib'

/** Writes small PDF files and appends revisions to them, as signing software does: independent of the reader under test. */

export type XrefStyle = 'table' | 'stream'

export interface SignPlan {
  readonly field?: string
  readonly subFilter?: string
  /** Makes the CMS message over the covered octets. */
  readonly message: (covered: Buffer) => Buffer
  /** More entries of the signature dictionary, such as `/M (...)`. */
  readonly entries?: string
  /** Draws something on the page. */
  readonly visible?: boolean
  readonly room?: number
  /** Changes ByteRange before the message is made. */
  readonly range?: (range: [number, number, number, number]) => readonly number[]
  readonly type?: string
  /** Objects written in the same revision. */
  readonly objects?: ReadonlyMap<number, string | Buffer>
  /** Signs this empty field instead of adding one. */
  readonly into?: number
}

const header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'

/** One PDF file and what its next revision would build on. */
export class PdfFile {
  bytes: Buffer
  readonly style: XrefStyle
  catalogExtra = ''
  formExtra = '/SigFlags 3'
  pageExtra = ''
  readonly fields: number[] = []
  readonly annotations: number[] = []
  #next = 6
  #previous = -1
  readonly #offsets = new Map<number, number>()

  constructor(options: { style?: XrefStyle; content?: string; resources?: string; objects?: ReadonlyMap<number, string | Buffer>; next?: number; catalog?: string; page?: string } = {}) {
    this.style = options.style ?? 'table'
    this.catalogExtra = options.catalog ?? ''
    this.pageExtra = options.page ?? ''
    this.#resources = options.resources ?? '/Font << /F1 5 0 R >>'
    this.#next = options.next ?? 6
    this.bytes = Buffer.from(header, 'latin1')
    this.append(new Map<number, string | Buffer>([
      [1, this.catalog()], [2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'], [3, this.page()],
      [4, streamObject(options.content ?? 'BT /F1 12 Tf 72 720 Td (Surat permohonan pencabutan) Tj ET', '', this.style === 'stream')],
      [5, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'], ...(options.objects ?? []),
    ]))
  }

  readonly #resources: string

  number(): number {
    return this.#next++
  }

  catalog(): string {
    const form = this.fields.length === 0 ? '' : `/AcroForm << /Fields [${this.fields.map((n) => `${n} 0 R`).join(' ')}] ${this.formExtra} >>`
    return `<< /Type /Catalog /Pages 2 0 R ${form} ${this.catalogExtra} >>`
  }

  page(): string {
    const annotations = this.annotations.length === 0 ? '' : `/Annots [${this.annotations.map((n) => `${n} 0 R`).join(' ')}]`
    return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << ${this.#resources} >> ${annotations} ${this.pageExtra} >>`
  }

  /** Appends a revision with these objects; strings are written as they are. */
  append(objects: ReadonlyMap<number, string | Buffer>, style: XrefStyle = this.style, trailer = ''): this {
    const parts: Buffer[] = [this.bytes]
    let at = this.bytes.length
    const put = (part: string | Buffer): void => {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part
      parts.push(bytes)
      at += bytes.length
    }
    const entries = new Map<number, number>()
    for (const [number, body] of objects) {
      this.#next = Math.max(this.#next, number + 1)
      entries.set(number, at)
      put(`${number} 0 obj\n`)
      put(body)
      put('\nendobj\n')
    }
    const previous = this.#previous < 0 ? '' : `/Prev ${this.#previous}`
    const start = at
    const first = this.#previous < 0
    if (style === 'table') {
      put('xref\n')
      const numbers = [...entries.keys()].sort((a, b) => a - b)
      if (first) put('0 1\n0000000000 65535 f \n')
      for (const number of numbers) put(`${number} 1\n${String(entries.get(number)).padStart(10, '0')} 00000 n \n`)
      put(`trailer\n<< /Size ${this.#next} /Root 1 0 R ${previous} ${trailer} >>\n`)
    } else {
      const own = this.number()
      entries.set(own, at)
      const numbers = [...entries.keys()].sort((a, b) => a - b)
      const data = Buffer.concat(numbers.map((number) => {
        const row = Buffer.alloc(7)
        row.writeUInt8(1, 0)
        row.writeUInt32BE(entries.get(number)!, 1)
        return row
      }))
      // With a PNG "up" predictor, as most writers do.
      const rows: Buffer[] = []
      for (let i = 0; i < numbers.length; i++) {
        const row = Buffer.alloc(8, 0)
        row[0] = 2
        for (let k = 0; k < 7; k++) row[k + 1] = (data[i * 7 + k]! - (i === 0 ? 0 : data[(i - 1) * 7 + k]!)) & 255
        rows.push(row)
      }
      const packed = deflateSync(Buffer.concat(rows))
      put(`${own} 0 obj\n<< /Type /XRef /Size ${this.#next} /Root 1 0 R ${previous} ${trailer} /W [1 4 2] /Index [${numbers.map((n) => `${n} 1`).join(' ')}] /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 7 >> /Length ${packed.length} >>\nstream\n`)
      put(packed)
      put('\nendstream\nendobj\n')
    }
    put(`startxref\n${start}\n%%EOF\n`)
    this.#previous = start
    for (const [number, offset] of entries) this.#offsets.set(number, offset)
    this.bytes = Buffer.concat(parts)
    return this
  }

  /** Appends an empty signature field to the form and the page. */
  addEmptyField(name: string): number {
    const number = this.number()
    this.fields.push(number)
    this.annotations.push(number)
    this.append(new Map([[number, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${name}) /F 132 /Rect [0 0 0 0] /P 3 0 R >>`], [1, this.catalog()], [3, this.page()]]))
    return number
  }

  /** Appends a revision with a signature. */
  sign(plan: SignPlan): this {
    const field = plan.into ?? this.number()
    const signature = this.number()
    const appearance = plan.visible === true ? this.number() : undefined
    if (plan.into === undefined) {
      this.fields.push(field)
      this.annotations.push(field)
    }
    const room = plan.room ?? 24_000
    const placeholder = '0'.repeat(2 * room)
    const rangePlace = '[0000000000 0000000000 0000000000 0000000000]'
    const objects = new Map<number, string | Buffer>([
      [signature, `<< /Type /${plan.type ?? 'Sig'} /Filter /Adobe.PPKLite /SubFilter /${plan.subFilter ?? 'ETSI.CAdES.detached'} ${plan.entries ?? ''} /ByteRange ${rangePlace} /Contents <${placeholder}> >>`],
      [field, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${plan.field ?? `Tanda tangan ${this.fields.length}`}) /V ${signature} 0 R /F 132 /P 3 0 R /Rect [${appearance === undefined ? '0 0 0 0' : '50 50 200 100'}] ${appearance === undefined ? '' : `/AP << /N ${appearance} 0 R >>`} >>`],
      ...(appearance === undefined ? [] : [[appearance, streamObject('q 1 0 0 1 0 0 cm Q', '/Type /XObject /Subtype /Form /BBox [0 0 150 50]')] as const]),
      [1, this.catalog()], [3, this.page()], ...(plan.objects ?? []),
    ])
    this.append(objects)
    const { bytes } = this
    const open = bytes.indexOf(`<${placeholder}>`, this.#offsets.get(signature), 'latin1')
    const close = open + placeholder.length + 2
    const honest: [number, number, number, number] = [0, open, close, bytes.length - close]
    const range = plan.range?.(honest) ?? honest
    const rangeAt = bytes.indexOf(rangePlace, this.#offsets.get(signature), 'latin1')
    const written = `[${range.join(' ')}`
    bytes.write(`${written.padEnd(rangePlace.length - 1)}]`, rangeAt, 'latin1')
    const [a = 0, b = 0, c = 0, d = 0] = range
    const message = plan.message(Buffer.concat([bytes.subarray(a, a + b), bytes.subarray(c, c + d)]))
    if (message.length > room) throw new Error(`the message needs ${message.length} octets`)
    bytes.write(message.toString('hex'), open + 1, 'latin1')
    return this
  }

  /** Appends a document security store. */
  addStore(store: { certificates?: readonly Buffer[]; crls?: readonly Buffer[]; ocsp?: readonly Buffer[] }): this {
    const objects = new Map<number, string | Buffer>()
    const list = (items: readonly Buffer[] = []): string => `[${items.map((item) => {
      const number = this.number()
      objects.set(number, streamObject(item, '', true))
      return `${number} 0 R`
    }).join(' ')}]`
    const dss = this.number()
    objects.set(dss, `<< /Type /DSS /Certs ${list(store.certificates)} /CRLs ${list(store.crls)} /OCSPs ${list(store.ocsp)} >>`)
    this.catalogExtra += ` /DSS ${dss} 0 R`
    objects.set(1, this.catalog())
    return this.append(objects)
  }
}

/** A stream object's body. */
export function streamObject(content: string | Buffer, entries = '', compress = false): Buffer {
  const raw = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  const data = compress ? deflateSync(raw) : raw
  return Buffer.concat([Buffer.from(`<< ${entries} /Length ${data.length}${compress ? ' /Filter /FlateDecode' : ''} >>\nstream\n`, 'latin1'), data, Buffer.from('\nendstream')])
}
