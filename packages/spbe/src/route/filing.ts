import { CabutError } from '@cabut/sdk'
import type { Desk } from '@cabut/sdk/desk'
import { letterKinds, type LetterKind } from '@cabut/sdk/standard'
import { z } from '@hono/zod-openapi'
import type { Call } from '../http/route.js'
import { HttpProblem } from '../problem/problem.js'
import type { FormPart } from '../upload/multipart.js'

type FileInput = Parameters<Desk['file']>[0]
type LetterInput = Parameters<Desk['attach']>[1]['letter']

// Judged by the desk, which finds everything wrong at once and has the better words; described here for the document.
const text = (description: string, pattern?: string): z.ZodUnknown =>
  z.unknown().openapi({ type: 'string', description, ...(pattern === undefined ? {} : { pattern }) })

const personFields = {
  name: text('Name').optional(), position: text('Office held').optional(), username: text('Username in AMS').optional(),
  nik: text('16 digits, as text', '^\\d{16}$').optional(), nip: text('18 digits, as text', '^\\d{18}$').optional(), niPppk: text('18 digits, as text').optional(),
  email: text('Official address, lower-case').optional(), phone: text('Telephone').optional(),
}

/** The letter's description; its bytes are the form part it names. */
export interface LetterReference { readonly part: string; readonly kind: LetterKind; readonly number?: string | undefined; readonly date?: string | undefined }

/** Schema of a letter's description. */
export const letterReference: z.ZodType<LetterReference> = z.strictObject({
  part: z.string().min(1).max(60).openapi({ description: 'Name of the form part that holds the PDF' }),
  kind: z.enum(letterKinds), number: z.string().optional(), date: z.iso.date().optional(),
}).openapi('LetterReference')

/** JSON part of a filing; what the desk judges better is `unknown` here. */
export interface Filing {
  readonly certificate: { readonly part?: string | undefined; readonly [fact: string]: unknown }
  readonly reason: string
  readonly letters: readonly LetterReference[]
  readonly applicant: Readonly<Record<string, unknown>>
  readonly opdOrigin?: string | undefined
  readonly [field: string]: unknown
}

/** Schema of the JSON part of a filing. */
export const filingSchema: z.ZodType<Filing> = z.strictObject({
  certificate: z.strictObject({
    part: z.string().min(1).max(60).optional().openapi({ description: 'Name of the form part that holds the certificate (PEM or DER)' }),
    issuerDn: text('RFC 4514').optional(), subjectDn: text('RFC 4514').optional(), username: text('Username in AMS').optional(),
    serial: z.union([z.string(), z.strictObject({ hex: z.string() }), z.strictObject({ decimal: z.string() })]).optional(),
  }).openapi({ description: 'The certificate itself, or issuer and serial, or username and Subject DN' }),
  reason: z.string().min(1).max(60).openapi({ description: 'Code of the reason catalogue', example: 'mutasi' }),
  note: z.string().max(2_000).optional(),
  letters: z.array(letterReference).max(20).default([]),
  applicant: z.looseObject(personFields).default({}).openapi('Applicant', { description: 'Who files. Person and office come from the token.' }),
  holder: z.looseObject({ id: z.string().optional(), opd: z.string().optional(), ...personFields, deceased: z.boolean().optional(), reachable: z.boolean().optional() })
    .optional().openapi('Holder', { description: 'Who owns the certificate; the applicant, where the standard lets owners file.' }),
  opdOrigin: z.string().max(200).optional(), opdDestination: z.string().max(200).optional(),
  effectiveDate: z.iso.date().optional(), invalidityDate: z.iso.date().optional(),
  onBehalf: z.enum(['deceased', 'unreachable', 'incapacitated']).optional(),
  draft: z.boolean().optional(),
}).openapi('Filing')

/** Turns a form into what the desk files. Person and office are the token's, whatever the form says. */
export function readFiling(call: Call<Filing>, id: string): FileInput {
  const { body, caller, files } = call
  const used = new Set<string>()
  const { part, ...reference } = body.certificate
  const certificate = part === undefined ? reference : { ...reference, certificate: certificateOf(take(files, part, used, 'request.certificate.part')) }
  const letters = body.letters.map((letter, index) => readLetter(files, letter, used, `request.letters.${index}.part`))
  refuseUnused(files, used)
  const opdOrigin = body.opdOrigin ?? caller.actor.opd
  const ownOffice = caller.ofService || caller.actor.role === 'personnelOffice' || opdOrigin === caller.actor.opd
  if (!ownOffice) throw new HttpProblem('spbeForbidden', {}, { at: 'request.opdOrigin', detail: 'another office' })
  const { letters: _letters, applicant, certificate: _certificate, opdOrigin: _opd, ...rest } = body
  for (const field of ['id', 'opd']) if (field in applicant) throw new HttpProblem('spbeForbidden', {}, { at: `request.applicant.${field}`, detail: 'the token says who files' })
  return {
    ...rest, id, certificate, letters, as: caller.actor,
    applicant: { ...applicant, id: caller.actor.id, ...(caller.actor.opd === undefined ? {} : { opd: caller.actor.opd }) },
    ...(opdOrigin === undefined ? {} : { opdOrigin }),
  }
}

/** One letter of a form. */
export function readLetter(files: readonly FormPart[], reference: LetterReference, used: Set<string>, at: string): LetterInput {
  const file = take(files, reference.part, used, at)
  if (file.mediaType !== 'application/pdf' && file.mediaType !== 'application/octet-stream') throw new CabutError('spbeMediaTypeUnsupported', { at, detail: 'application/pdf expected' })
  if (!beginsAsPdf(file.bytes)) throw new HttpProblem('requestInvalid', { members: { issues: [{ code: 'letterNotPdf', at }] } }, { at })
  return {
    kind: reference.kind, bytes: file.bytes,
    ...(reference.number === undefined ? {} : { number: reference.number }), ...(reference.date === undefined ? {} : { date: reference.date }),
  }
}

/** Everything sent must have been meant: a letter that nobody names would be lost without a word. */
export function refuseUnused(files: readonly FormPart[], used: ReadonlySet<string>): void {
  if (files.some(({ name }) => !used.has(name))) throw new CabutError('spbeBodyInvalid', { detail: 'a part of the form is named nowhere in the request' })
}

function take(files: readonly FormPart[], name: string, used: Set<string>, at: string): FormPart {
  const found = files.filter((file) => file.name === name)
  if (found.length !== 1 || used.has(name)) throw new CabutError('spbeBodyInvalid', { at, detail: 'exactly one part of that name expected, named once' })
  used.add(name)
  return found[0] as FormPart
}

/**
 * A PDF and nothing before it but a byte order mark and white space. Readers search the first 1,024 octets for the header (ISO 32000 7.5.2), which
 * is how one file comes to be a page or a picture for one program and a letter for another.
 */
function beginsAsPdf(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (at < 1_024 && [0x09, 0x0a, 0x0d, 0x20].includes(bytes[at] ?? -1)) at++
  return [0x25, 0x50, 0x44, 0x46, 0x2d].every((octet, index) => bytes[at + index] === octet)
}

/** PEM is text, DER is bytes. */
function certificateOf(file: FormPart): string | Uint8Array {
  return file.bytes[0] === 0x30 ? file.bytes : new TextDecoder().decode(file.bytes)
}
