import { PkiError } from '../errors.js'
import { signatureFields } from './field.js'
import type { PdfDocument } from './pdf/document.js'
import { pageNumbers } from './pdf/page.js'
import { isSpace } from './pdf/parse.js'
import { dictionaryOf, isKind, nameText, sameValue, type PdfDictionary, type PdfValue } from './pdf/value.js'
import type { Afterwards, LaterChange, LaterChangeCode } from './report.js'

/** Changes kept for the report. */
const maxChanges = 100

const harmless: ReadonlySet<LaterChangeCode> = /* @__PURE__ */ new Set(['evidence', 'documentTimestamp', 'signature', 'visibleSignature', 'metadata'])

/**
 * What happened to the file after a revision. The two states of the document are compared object by object, and only what is known to be harmless is called
 * so: a key of the catalog that holds evidence, a signature field appended to the form and to a page, evidence objects that nothing else uses. Everything
 * else is a change of content.
 */
export function changesAfter(document: PdfDocument, revision: number, end: number): Afterwards {
  const octets = document.bytes.length - end
  const changes = new Map<string, LaterChange>()
  const add = (code: LaterChangeCode, object?: number): void => {
    if (changes.size < maxChanges || !harmless.has(code)) changes.set(`${code} ${object ?? ''}`, { code, ...(object !== undefined && { object }) })
  }
  for (let at = document.end; at < document.bytes.length; at++) {
    if (isSpace(document.bytes[at])) continue
    add('trailingOctets')
    break
  }
  try {
    if (revision > 0) new Comparison(document, revision, end, add).run()
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    add('content')
  }
  const list = [...changes.values()].sort((a, b) => Number(harmless.has(a.code)) - Number(harmless.has(b.code))).slice(0, maxChanges)
  return { octets, changes: list, contentChanged: list.some(({ code }) => !harmless.has(code)) }
}

/** When no revision could be told. */
export function unknownAfterwards(octets: number): Afterwards {
  return { octets, changes: [{ code: 'rewritten' }], contentChanged: true }
}

/**
 * A later signature that draws on a page is harmless only if it vouches for what it drew: others could paint over the letter and call it a signature.
 * `soundFields` are the field objects of signatures that are intact, in good standing, and unchanged since.
 */
export function judgeAppearances(afterwards: Afterwards, soundFields: ReadonlySet<number>): Afterwards {
  const isPainted = afterwards.changes.some(({ code, object }) => code === 'visibleSignature' && (object === undefined || !soundFields.has(object)))
  return isPainted ? { ...afterwards, contentChanged: true } : afterwards
}

type Add = (code: LaterChangeCode, object?: number) => void

/** What an object of the signed revision is, where a change of it may be harmless. */
type Role = 'catalog' | 'form' | 'fields' | 'page' | 'annotations' | 'signatureField' | 'evidence' | 'metadata'

class Comparison {
  readonly #document: PdfDocument
  readonly #revision: number
  readonly #end: number
  readonly #add: Add
  readonly #roles = new Map<number, Role>()
  #content: ReadonlySet<number> | undefined

  constructor(document: PdfDocument, revision: number, end: number, add: Add) {
    this.#document = document
    this.#revision = revision
    this.#end = end
    this.#add = add
  }

  run(): void {
    const document = this.#document
    const changed = this.#changedNumbers()
    if (this.#reachesBeyond()) this.#add('content')
    const rootThen = document.sections[this.#revision]!.trailer.entries.get('Root')
    const rootNow = document.sections[0]!.trailer.entries.get('Root')
    if (!sameValue(rootThen, rootNow)) {
      this.#add('rewritten')
      return
    }
    this.#assignRoles()
    for (const number of changed) this.#judge(number)
    const infoThen = document.sections[this.#revision]!.trailer.entries.get('Info')
    const infoNow = document.sections[0]!.trailer.entries.get('Info')
    if (!sameValue(infoThen, infoNow)) this.#add('metadata')
  }

  /** Objects that later sections speak of. */
  #changedNumbers(): Set<number> {
    const numbers = new Set<number>()
    for (let i = 0; i < this.#revision; i++) for (const number of this.#document.sections[i]!.entries.keys()) numbers.add(number)
    return numbers
  }

  /**
   * True when something the signed revision refers to lies, wholly or in part, behind the signed octets: room that was left to be filled later. An object that
   * cannot be read counts too.
   */
  #reachesBeyond(): boolean {
    const document = this.#document
    for (let i = this.#revision; i < document.sections.length; i++) if (document.sections[i]!.extent > this.#end) return true
    for (const number of document.numbers()) {
      const extent = document.extentOf(number, this.#revision)
      if (extent !== undefined && extent > this.#end) return true
    }
    return false
  }

  #assignRoles(): void {
    const document = this.#document
    const revision = this.#revision
    const assign = (value: PdfValue | undefined, role: Role): void => {
      if (isKind(value, 'reference') && !this.#roles.has(value.number)) this.#roles.set(value.number, role)
    }
    const catalog = document.catalog(revision).entries
    assign(document.sections[revision]!.trailer.entries.get('Root'), 'catalog')
    assign(catalog.get('AcroForm'), 'form')
    assign(document.dictionary(catalog.get('AcroForm'), revision)?.entries.get('Fields'), 'fields')
    for (const field of signatureFields(document, revision)) if (field.dictionary === undefined && field.fieldObject !== undefined) this.#roles.set(field.fieldObject, 'signatureField')
    for (const page of pageNumbers(document, revision)) {
      if (!this.#roles.has(page)) this.#roles.set(page, 'page')
      assign(dictionaryOf(document.object(page, revision))?.entries.get('Annots'), 'annotations')
    }
    assign(catalog.get('Metadata'), 'metadata')
    assign(document.sections[revision]!.trailer.entries.get('Info'), 'metadata')
    const evidence = catalog.get('DSS')
    assign(evidence, 'evidence')
    const dss = document.dictionary(evidence, revision)?.entries
    for (const key of ['Certs', 'CRLs', 'OCSPs', 'VRI']) assign(dss?.get(key), 'evidence')
    for (const value of document.dictionary(dss?.get('VRI'), revision)?.entries.values() ?? []) {
      assign(value, 'evidence')
      for (const inner of document.dictionary(value, revision)?.entries.values() ?? []) assign(inner, 'evidence')
    }
  }

  #judge(number: number): void {
    const document = this.#document
    if (document.sameEntry(number, this.#revision)) return
    const before = document.object(number, this.#revision)
    // A number that was free in the signed revision is reached only through another change, which is judged; unless a reference was left dangling there.
    if (before === null) {
      if (this.#isContent(number)) this.#add('content', number)
      return
    }
    const after = document.object(number)
    if (sameValue(before, after)) return
    const role = this.#roles.get(number)
    // Cross-reference streams are replaced by their own number; nothing but the chain reads them.
    if (typeOf(before) === 'XRef' && typeOf(after) === 'XRef') return
    const fail = (code: LaterChangeCode = 'content'): void => this.#add(code, number)
    if (role === 'fields' || role === 'annotations') this.#judgeList(before, after, fail)
    else if (role === 'evidence') this.#judgeEvidence(before, after, number, fail)
    else if (role === 'metadata') this.#judgeMetadata(before, after, number, fail)
    else if (!isKind(before, 'dictionary') || !isKind(after, 'dictionary')) fail()
    else if (role === 'catalog') this.#judgeCatalog(before, after, fail)
    else if (role === 'form') this.#judgeForm(before, after, fail)
    else if (role === 'page') this.#judgeKeys(before, after, fail, (key) => key === 'Annots' && (this.#judgeValue(before.entries.get(key), after.entries.get(key), fail), true))
    else if (role === 'signatureField') this.#judgeFilledField(before, after, number, fail)
    else fail(isField(before) ? 'formField' : typeOf(before) === 'Annot' ? 'annotation' : 'content')
  }

  /** Every key that differs must be one `permitted` takes. */
  #judgeKeys(before: PdfDictionary, after: PdfDictionary, fail: (code?: LaterChangeCode) => void, permitted: (key: string) => boolean): void {
    for (const key of new Set([...before.entries.keys(), ...after.entries.keys()])) {
      if (!sameValue(before.entries.get(key), after.entries.get(key)) && !permitted(key)) fail()
    }
  }

  #judgeCatalog(before: PdfDictionary, after: PdfDictionary, fail: (code?: LaterChangeCode) => void): void {
    this.#judgeKeys(before, after, fail, (key) => {
      const [then, now] = [before.entries.get(key), after.entries.get(key)]
      if (key === 'DSS') {
        this.#judgeEvidenceShape(now, fail)
        return true
      }
      if (key === 'Metadata' || key === 'Version' || key === 'Extensions') {
        this.#add('metadata')
        return true
      }
      if (key !== 'AcroForm') return false
      const [formThen, formNow] = [this.#document.resolve(then, this.#revision), this.#document.resolve(now)]
      if (formThen === null && isKind(formNow, 'dictionary')) {
        // The first form of the document has nothing to disturb.
        for (const [inner, value] of formNow.entries) {
          if (inner === 'Fields') this.#judgeList(null, this.#document.resolve(value), fail)
          else if (inner !== 'SigFlags' && inner !== 'DR' && inner !== 'DA') fail('formField')
        }
        return true
      }
      if (!isKind(formThen, 'dictionary') || !isKind(formNow, 'dictionary')) return false
      this.#judgeForm(formThen, formNow, fail)
      return true
    })
  }

  #judgeForm(before: PdfDictionary, after: PdfDictionary, fail: (code?: LaterChangeCode) => void): void {
    this.#judgeKeys(before, after, () => fail('formField'), (key) => {
      if (key === 'SigFlags') return true
      if (key !== 'Fields') return false
      this.#judgeValue(before.entries.get(key), after.entries.get(key), fail)
      return true
    })
  }

  /** A list that may have moved into an object of its own, or to another. */
  #judgeValue(before: PdfValue | undefined, after: PdfValue | undefined, fail: (code?: LaterChangeCode) => void): void {
    this.#judgeList(this.#document.resolve(before, this.#revision), this.#document.resolve(after), fail)
  }

  /** Fields or annotations: all that were there in the same order, and behind them only new signature fields. */
  #judgeList(before: PdfValue, after: PdfValue, fail: (code?: LaterChangeCode) => void): void {
    const then = isKind(before, 'array') ? before.items : []
    if (!isKind(after, 'array') || (before !== null && !isKind(before, 'array'))) return fail()
    for (const [i, item] of then.entries()) if (!sameValue(item, after.items[i])) return fail()
    for (const item of after.items.slice(then.length)) this.#judgeNewField(item, fail)
  }

  #judgeNewField(item: PdfValue, fail: (code?: LaterChangeCode) => void): void {
    const document = this.#document
    if (!isKind(item, 'reference')) return fail('annotation')
    const known = this.#roles.get(item.number)
    // A field that existed without a place on the page may get one when it is signed: it is judged by itself.
    if (known === 'signatureField') return
    const field = document.object(item.number)
    if (document.object(item.number, this.#revision) !== null || !isKind(field, 'dictionary')) return fail('annotation')
    if (nameText(field.entries.get('FT')) !== 'Sig') return fail(field.entries.has('FT') ? 'formField' : 'annotation')
    for (const key of field.entries.keys()) if (!newFieldKeys.has(key)) return fail('formField')
    const [type, subtype] = [field.entries.get('Type'), field.entries.get('Subtype')]
    if ((type !== undefined && nameText(type) !== 'Annot') || (subtype !== undefined && nameText(subtype) !== 'Widget')) return fail('formField')
    this.#noteSignature(field, item.number, fail)
  }

  /** An empty signature field that was there and has been signed. */
  #judgeFilledField(before: PdfDictionary, after: PdfDictionary, number: number, fail: (code?: LaterChangeCode) => void): void {
    this.#judgeKeys(before, after, () => fail('formField'), (key) => key === 'V' || key === 'AP' || key === 'M' || key === 'AS' || key === 'F' || key === 'P' || key === 'MK')
    this.#noteSignature(after, number, fail)
  }

  #noteSignature(field: PdfDictionary, number: number, fail: (code?: LaterChangeCode) => void): void {
    const document = this.#document
    const value = field.entries.get('V')
    const signature = document.resolve(value)
    if (isKind(value, 'reference') && document.object(value.number, this.#revision) !== null) return fail('formField')
    if (signature !== null && (!isKind(signature, 'dictionary') || !signature.entries.has('ByteRange'))) return fail('formField')
    const visible = isVisible(document, field)
    // What draws on a page and is signed by nobody is an annotation.
    if (signature === null && visible) return fail('annotation')
    if (visible) this.#add('visibleSignature', number)
    else if (isKind(signature, 'dictionary') && nameText(signature.entries.get('SubFilter')) === 'ETSI.RFC3161') this.#add('documentTimestamp', number)
    else this.#add('signature', number)
  }

  /** An evidence object of the signed revision that was extended. It must be used by nothing else: the same array could be the content of a page. */
  #judgeEvidence(before: PdfValue, after: PdfValue, number: number, fail: (code?: LaterChangeCode) => void): void {
    if (this.#isContent(number) || isKind(before, 'stream') || (isKind(before, 'array') !== isKind(after, 'array'))) return fail()
    if (isKind(after, 'array')) this.#judgeEvidenceList(after, fail)
    else this.#judgeEvidenceShape(after, fail)
    this.#add('evidence', number)
  }

  #judgeEvidenceList(list: PdfValue, fail: (code?: LaterChangeCode) => void): void {
    for (const item of isKind(list, 'array') ? list.items : []) if (!isKind(item, 'reference') || !isKind(this.#document.object(item.number), 'stream')) fail()
  }

  #judgeEvidenceShape(value: PdfValue | undefined, fail: (code?: LaterChangeCode) => void): void {
    if (!isKind(this.#document.resolve(value), 'dictionary')) fail()
    this.#add('evidence')
  }

  #judgeMetadata(before: PdfValue, after: PdfValue, number: number, fail: (code?: LaterChangeCode) => void): void {
    const isXmp = typeOf(before) === 'Metadata' && typeOf(after) === 'Metadata' && isKind(after, 'stream')
    const isInfo = isKind(before, 'dictionary') && isKind(after, 'dictionary') && [...after.entries.values()].every((value) => isKind(value, 'string') || isKind(value, 'name') || isKind(value, 'reference'))
    if (this.#isContent(number) || (!isXmp && !isInfo)) return fail()
    this.#add('metadata', number)
  }

  /** True when the signed revision reaches an object by another way than as evidence or metadata. */
  #isContent(number: number): boolean {
    this.#content ??= reachable(this.#document, this.#revision)
    return this.#content.has(number)
  }
}

const newFieldKeys: ReadonlySet<string> = /* @__PURE__ */ new Set(['FT', 'T', 'V', 'F', 'P', 'Rect', 'Type', 'Subtype', 'AP', 'DA', 'Lock', 'SV', 'MK', 'BS', 'Border', 'Ff', 'TU', 'TM', 'M', 'NM', 'AS', 'StructParent', 'Q', 'DR'])

function typeOf(value: PdfValue): string | undefined {
  return nameText(dictionaryOf(value)?.entries.get('Type'))
}

function isField(dictionary: PdfDictionary): boolean {
  return dictionary.entries.has('FT') || (dictionary.entries.has('T') && dictionary.entries.has('Kids'))
}

function isVisible(document: PdfDocument, field: PdfDictionary): boolean {
  const rectangle = document.items(field.entries.get('Rect')).map((value) => document.resolve(value))
  const [left, bottom, right, top] = rectangle
  if (rectangle.length !== 4 || typeof left !== 'number' || typeof bottom !== 'number' || typeof right !== 'number' || typeof top !== 'number') return field.entries.has('AP')
  const flags = document.resolve(field.entries.get('F'))
  // Hidden and NoView (ISO 32000-1 section 12.5.3).
  const hidden = typeof flags === 'number' && (flags & 0x22) !== 0
  return left !== right && bottom !== top && !hidden && field.entries.has('AP')
}

/** Every object reachable from the catalog of a revision, its DSS and Metadata left aside. */
function reachable(document: PdfDocument, revision: number): Set<number> {
  const seen = new Set<number>()
  const stack: PdfValue[] = []
  for (const [key, value] of document.catalog(revision).entries) if (key !== 'DSS' && key !== 'Metadata') stack.push(value)
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (isKind(value, 'reference')) {
      if (seen.has(value.number)) continue
      seen.add(value.number)
      stack.push(document.object(value.number, revision))
    } else if (isKind(value, 'array')) for (const item of value.items) stack.push(item)
    else for (const item of dictionaryOf(value)?.entries.values() ?? []) stack.push(item)
  }
  return seen
}
