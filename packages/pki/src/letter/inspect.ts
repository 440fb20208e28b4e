import { readCertificate, type Certificate } from '../certificate/index.js'
import { PkiError } from '../errors.js'
import { checkJudgingTime } from '../judging-time.js'
import type { CertificateInput } from '../status/index.js'
import { EvidenceBag } from './evidence.js'
import { signatureFields, type FilledField } from './field.js'
import type { LetterOptions } from './options.js'
import { PdfDocument } from './pdf/document.js'
import { dictionaryOf, isKind } from './pdf/value.js'
import type { LetterProblem, LetterReport } from './report.js'
import { SignatureInspection } from './signature.js'
import { readPages, searchForm, type PageFindings } from './text.js'

const maxSignatures = 64

/**
 * Reads every signature of a PDF and says, of each, whether the signed octets are intact, who signed (up to a pinned anchor, at the proven time), when (claimed
 * and proven, apart), and what was changed afterwards (ISO 32000-1 section 12.8, ETSI EN 319 142-1, RFC 5652, RFC 3161). A letter without a signature is a
 * report too: see {@link LetterReport.kind}.
 *
 * Throws {@link PkiError}: `pdfMalformed`, `pdfEncrypted`, `pdfTooLarge`, `pdfStream` for a file that cannot be read as a PDF, or the codes of
 * {@link readCertificate} for an anchor; `TypeError` for an empty list of anchors, an invalid time, and a `maxAge` or `skew` that is NaN. Never for what a signature holds.
 *
 * @example
 * ```ts
 * const evidence = { anchors: [rootPem], intermediates: [issuing], crls: [crl, rootCrl], fetch: false, at } as const
 * const { signatures } = await inspectLetter(letter, evidence)
 * signatures.map(({ integrity, signer, level, afterwards }) => [integrity, signer?.standing, level, afterwards.contentChanged]) // [['intact', 'good', 'B-B', false]]
 * const unsigned = await inspectLetter(unsignedLetter, evidence)
 * unsigned.kind // 'unsigned'
 * ```
 */
export async function inspectLetter(pdf: Uint8Array, options: LetterOptions): Promise<LetterReport> {
  const anchors = readList(options.anchors)
  const timestampAnchors = options.timestampAnchors === undefined ? anchors : readList(options.timestampAnchors)
  if (!isNonEmpty(anchors) || !isNonEmpty(timestampAnchors)) throw new TypeError('at least one anchor is needed')
  const at = options.at ?? new Date()
  checkJudgingTime({ at, maxAge: options.maxAge, skew: options.skew })
  if (pdf.length > (options.maxBytes ?? 67_108_864)) throw new PkiError('pdfTooLarge', 0)
  const document = new PdfDocument(pdf, { left: options.maxUnpackedBytes ?? 8_388_608 + 16 * pdf.length })
  const fields = signatureFields(document)
  const filled = fields.filter((field): field is FilledField => field.dictionary !== undefined)
  if (filled.length > maxSignatures) throw new PkiError('pdfTooLarge', undefined, 'too many signatures')
  const embedded = new EvidenceBag()
  const given = new EvidenceBag()
  given.certificates.push(...readList(options.intermediates ?? []))
  for (const crl of options.crls ?? []) given.addCrl(crl)
  for (const answer of options.ocsp ?? []) given.addOcsp(answer)
  const inspection = new SignatureInspection({ document, anchors, timestampAnchors, at, options, embedded, given })
  const found = await inspection.run(filled)
  const removed = findRemoved(document, filled)
  const pages = readPages(document)
  const sought = searchForm(pages.text)
  const claims = (options.claimPhrases ?? []).filter((phrase) => searchForm(phrase) !== '' && sought.includes(searchForm(phrase)))
  return {
    kind: found.signatures.length > 0 ? 'signed' : claims.length > 0 ? 'claimsElectronicSignature' : pages.images > 0 && pages.visibleCharacters === 0 ? 'imageOnly' : 'unsigned',
    at, ...found, emptyFields: fields.filter(({ dictionary }) => dictionary === undefined).map(({ name }) => name),
    pages: pages.pages, images: pages.images, characters: pages.characters, claims,
    problems: [...removed, ...embedded.problems, ...given.problems, ...problemsOf(pages)],
  }
}

function readList(inputs: readonly CertificateInput[]): Certificate[] {
  return inputs.map((input) => (typeof input === 'string' || input instanceof Uint8Array ? readCertificate(input) : input))
}

function isNonEmpty(list: readonly Certificate[]): list is readonly [Certificate, ...Certificate[]] {
  return list.length > 0
}

function problemsOf({ unreadable, limited }: PageFindings): LetterProblem[] {
  return [...new Set(unreadable)].map((number): LetterProblem => ({ code: 'objectUnreadable', detail: `object ${number}` })).concat(limited ? [{ code: 'textLimit' }] : [])
}

/** Signature dictionaries of any revision that no field shows today. */
function findRemoved(document: PdfDocument, filled: readonly FilledField[]): LetterProblem[] {
  const shown = new Set(filled.map(({ dictionary }) => dictionary))
  const problems: LetterProblem[] = []
  for (const number of document.numbers()) {
    try {
      for (const value of document.versions(number)) {
        const entries = dictionaryOf(value)?.entries
        if (entries === undefined || shown.has(dictionaryOf(value)!) || !isKind(entries.get('ByteRange'), 'array') || !isKind(entries.get('Contents'), 'string')) continue
        if (problems.length < maxSignatures) problems.push({ code: 'signatureRemoved', detail: `object ${number}` })
      }
    } catch (error) {
      // An object nobody can read is no signature; where a page or a signature needs it, that is told there.
      if (!(error instanceof PkiError)) throw error
    }
  }
  return problems
}
