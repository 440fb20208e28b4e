import { CabutError } from '@cabut/sdk'
import { RequestRefusedError, wordsOf } from '@cabut/sdk/desk'
import { sha256Hex } from '../letter/identity.js'
import type { Disposition } from '../letter/letter.js'
import { letterOf } from '../answer/answered-letter.js'
import { letterSlugOf } from './case-id.js'
import { writeInstruction } from './instruction.js'
import type { LetterDeskParts, Person, RequestView } from './letter-desk.js'

/** What a letter's disposition could not bring about, and why. */
export interface DispositionProblem {
  /** Place in the row, such as `disposisi[1]`. */
  readonly at: string
  readonly request: string
  readonly code: string
  readonly id: string
  readonly en: string
}

/** Commands by which the desk disposes; which of them applies is the desk's word (`allowed`). */
const disposals = ['dispose', 'redispose'] as const

/**
 * Brings the dispositions of a letter into the desk: each one that is not in the request's history yet, in the letter's order. What the
 * desk refuses is reported; the workflow's rules stay the desk's.
 */
export async function followDispositions(parts: LetterDeskParts, request: RequestView, dispositions: readonly Disposition[]): Promise<readonly DispositionProblem[]> {
  const { desk } = parts
  const problems: DispositionProblem[] = []
  // Each disposition of the history answers for one of the letter.
  const known = (await desk.history(request.id)).filter(({ type }) => type === 'disposed').map((event) => disposalKey(event.actor.id, String((event.data as { to?: unknown }).to), wordsOf(event).join('\n')))
  for (const [index, disposition] of dispositions.entries()) {
    const at = `disposisi[${index}]`
    const problem = (code: string, row: { readonly id: string; readonly en: string }): void => { problems.push({ at, request: request.id, code, id: row.id, en: row.en }) }
    const from = parts.person(disposition.dari)
    const to = parts.person(disposition.kepada)
    if (from === undefined || to === undefined) {
      const unknown = new CabutError('letterDispositionUnknown', { at })
      problem(unknown.code, unknown.row)
      continue
    }
    try {
      const place = known.indexOf(disposalKey(from.id, to.id, disposition.instruksi))
      if (place >= 0) known.splice(place, 1)
      else if (disposition.status !== 'dibatalkan') await dispose(parts, request.id, disposition, { from, to: to.id })
      if (index === dispositions.length - 1) await follow(parts, request.id, disposition, { from, to })
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error
      problem(error.refusal.refused, { id: error.row.id, en: error.message })
    }
  }
  return problems
}

async function dispose({ desk }: LetterDeskParts, id: string, { instruksi }: Disposition, { from, to }: { readonly from: Person; readonly to: string }): Promise<void> {
  const { allowed } = await desk.get(id)
  const command = disposals.find((name) => allowed.some((one) => one.command === name)) ?? 'dispose'
  await desk[command](id, { as: from, to, ...(instruksi === undefined ? {} : { note: instruksi }) })
}

/** What became of the last disposition in the letter: cancelled unread, or read by whom it was disposed to. */
async function follow({ desk }: LetterDeskParts, id: string, { status }: Disposition, { from, to }: { readonly from: Person; readonly to: Person }): Promise<void> {
  const { state } = await desk.get(id)
  if (state.disposition?.to !== to.id || state.disposition.read) return
  if (status === 'dibatalkan') await desk.cancelDisposition(id, { as: from })
  else if (status !== 'belumDibaca') await desk.receive(id, { as: to })
}

/** A disposition given in the desk, to be carried into Srikandi as well. */
export interface DeskDisposition {
  readonly as: Person
  /** Id of the person. */
  readonly to: string
  /** @default what the verifier found, once it was found */
  readonly instruksi?: string
}

/**
 * Disposes of a whole letter: of all its requests in the desk, then once in Srikandi. A repetition after a crash does what is missing.
 *
 * @throws {@link CabutError} `letterDispositionUnknown` when letters have no name for one of the two; what the desk and the transport throw
 */
export async function disposeLetter(parts: LetterDeskParts, requestId: string, { as, to, instruksi: given }: DeskDisposition): Promise<{ readonly requests: readonly string[]; readonly repeated: boolean }> {
  const slug = letterSlugOf(requestId)
  if (slug === undefined) throw new CabutError('letterFieldInvalid', { at: 'requestId', detail: 'the request did not come by letter' })
  const [dari, kepada] = [parts.nameOf(as.id), parts.nameOf(to)]
  if (dari === undefined || kepada === undefined) throw new CabutError('letterDispositionUnknown', { at: dari === undefined ? 'as' : 'to' })
  const requests = (await parts.requestsByLetter()).get(slug) ?? []
  const { identity } = await letterOf(slug, requests)
  const found = requests.find(({ id }) => id === requestId)?.state.findings
  const instruksi = given ?? (found === undefined ? undefined : writeInstruction(found))
  const disposition: Disposition = { dari, kepada, status: 'belumDibaca', ...(instruksi === undefined ? {} : { instruksi }) }
  const disposed: string[] = []
  let number = 0
  for (const { id, state } of requests) {
    const before = (await parts.desk.history(id)).filter(({ type }) => type === 'disposed')
    const same = state.disposition?.by === as.id && state.disposition.to === to
    if (!same) await dispose(parts, id, disposition, { from: as, to })
    number = Math.max(number, before.length + (same ? 0 : 1))
    disposed.push(id)
  }
  const key = `${slug}-${number}-${(await sha256Hex(new TextEncoder().encode(disposalKey(as.id, to, instruksi)))).slice(0, 8)}`
  const { repeated } = await parts.transport.dispose(key, identity, disposition)
  return { requests: disposed, repeated }
}

function disposalKey(from: string, to: string, note: unknown): string {
  return JSON.stringify([from, to, typeof note === 'string' ? note : ''])
}
