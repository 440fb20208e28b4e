import { CabutError } from '@cabut/sdk'
import { answerLetter, sendRefusals, type Answered, type AnswerForms } from './answer/answer-letter.js'
import { senderOffice } from './answer/answered-letter.js'
import { examineLetter, type LetterExamination } from './examination/examine-letter.js'
import { disposeLetter, type DeskDisposition } from './intake/disposition.js'
import { prepareParts, type LetterDeskOptions, type LetterDeskParts as Parts, type RequestView } from './intake/letter-desk.js'
import { resultOf, takeLetter, type TakenLetter } from './intake/take-letter.js'
import type { Delivery } from './transport/port.js'
import type { WaitingReport } from './waiting/find-waiting.js'
import { waitingFor } from './waiting/waiting-for.js'

/** One letter of the inbox and what became of it. */
export type Received =
  | ({ readonly outcome: 'taken'; readonly name: string } & Omit<TakenLetter, 'refusals' | 'failure'>)
  | { readonly outcome: 'rejected'; readonly name: string; readonly error: CabutError }
  /** Something that may pass (the desk, the store, the disk): the letter is back in the inbox. */
  | { readonly outcome: 'released'; readonly name: string; readonly error: unknown }

/** More of how answers look. */
export interface LetterDeskAnswers extends AnswerForms {
  /**
   * Statuses in which a letter is answered. With `awaitingProof` there is a first answer that says "menunggu bukti" and a second with the proof.
   * @default ['revoked', 'suspended', 'rejected', 'returned', 'failed']
   */
  readonly answerAt?: readonly RequestView['status'][]
}

/** Letters in, requests; requests decided, letters out. Holds no rule of the workflow: it gives the desk commands and reports refusals. */
export interface LetterDesk {
  /** Takes what is new in the transport; call it as often as you like. */
  receive(options?: { readonly limit?: number }): Promise<readonly Received[]>
  /**
   * Answers every letter whose requests all have an outcome and which was not answered since; offices of other holders get a notice of their own.
   * Each letter goes out once.
   */
  answer(): Promise<readonly Answered[]>
  /**
   * Examines the letter of a request anew: as it reads, and how its signatures stand today. A signer's certificate may have been revoked since it
   * came. For the verifier; decides nothing.
   */
  examine(requestId: string): Promise<LetterExamination>
  /**
   * Letters of Srikandi that wait for the request's holder, by the last import of the holder's office: before the approval, so that somebody else is
   * named in time, and again after the proof. `undefined` where no import or no name is known.
   */
  waiting(requestId: string): Promise<WaitingReport | undefined>
  /** Disposes of the letter a request came by: in the desk and, once, in Srikandi. */
  dispose(requestId: string, disposition: DeskDisposition): Promise<{ readonly requests: readonly string[]; readonly repeated: boolean }>
}

type LetterDeskParts = Parts & LetterDeskAnswers

const defaultAnswerAt: readonly RequestView['status'][] = ['revoked', 'suspended', 'rejected', 'returned', 'failed']
/** Statuses that owe no letter any more. */
const over: ReadonlySet<RequestView['status']> = new Set(['closed', 'withdrawn'])

/**
 * Joins a desk and a transport of letters.
 *
 * @throws TypeError for misuse, such as two offices of one name
 * @example
 * ```ts
 * const { desk, transport } = await openOffice()
 * const letters = createLetterDesk({ desk, transport, offices, people, registrar, officer, letterhead, signatory })
 * const received = await letters.receive()
 * received.map((one) => `${one.name} ${one.outcome}`) // ['surat.json taken']
 * await letters.answer() // []
 * ```
 */
export function createLetterDesk(options: LetterDeskOptions & LetterDeskAnswers): LetterDesk {
  const parts: LetterDeskParts = { ...options, ...prepareParts(options) }
  const answerAt = new Set(options.answerAt ?? defaultAnswerAt)
  return {
    async receive(limits) {
      const received: Received[] = []
      for (const delivery of await parts.transport.fetchNew(limits)) received.push(await takeDelivery(parts, delivery))
      return received
    },
    waiting: async (requestId) => waitingFor(parts, (await parts.desk.get(requestId)).state),
    examine: (requestId) => examineRequest(parts, requestId),
    dispose: (requestId, disposition) => disposeLetter(parts, requestId, disposition),
    async answer() {
      const answered: Answered[] = []
      for (const [slug, requests] of await parts.requestsByLetter()) {
        const due = requests.filter(({ status }) => answerAt.has(status))
        if (due.length === 0 || requests.some(({ status }) => !answerAt.has(status) && !over.has(status))) continue
        const open: RequestView[] = []
        for (const request of due) if (!(await isAnswered(parts, request))) open.push(request)
        if (open.length > 0) answered.push(...(await answerLetter(parts, slug, { requests, open })))
      }
      return answered
    },
  }
}

async function examineRequest({ desk, offices, signatures, now }: LetterDeskParts, requestId: string): Promise<LetterExamination> {
  const { state } = await desk.get(requestId)
  const letter = state.letters.filter(({ kind }) => kind === 'requestLetter').at(-1)
  if (letter === undefined) throw new CabutError('letterPdfMissing', { at: 'requestId' })
  const { bytes } = await desk.evidence(requestId, letter.sha256)
  const { issuerDn, serial, sha256 } = state.certificate
  const { subjectDn } = state.personal
  const der = sha256 === undefined ? undefined : await desk.evidence(requestId, sha256).then((found) => found.bytes, () => undefined)
  const office = offices.find(({ code }) => code === senderOffice(state))
  return examineLetter(bytes, {
    offices,
    stated: {
      ...(letter.number === undefined ? {} : { number: letter.number }), ...(letter.date === undefined ? {} : { date: letter.date }), ...(office === undefined ? {} : { office }),
      certificates: [{ ...(issuerDn === undefined ? {} : { issuerDn }), ...(serial === undefined ? {} : { serial }), ...(subjectDn === undefined ? {} : { subjectDn }), ...(der === undefined ? {} : { der }) }],
    },
    ...(signatures === undefined ? {} : { signatures: { ...signatures, at: now() } }),
  })
}

async function takeDelivery(parts: LetterDeskParts, delivery: Delivery): Promise<Received> {
  const { name } = delivery
  try {
    if (delivery.problem !== undefined) throw delivery.problem
    const { refusals, failure, ...taken } = await takeLetter(parts, delivery.row, delivery.pdf)
    if (refusals.length > 0) await sendRefusals(parts, taken.letter, refusals, delivery.pdf?.sha256 ?? '')
    if (failure !== undefined) throw failure
    await delivery.accept(resultOf(taken))
    return { outcome: 'taken', name, ...taken }
  } catch (error) {
    if (!(error instanceof CabutError) || error.retryable) return giveBack(delivery, error)
    try {
      await delivery.reject(error)
    } catch (failure) {
      return giveBack(delivery, failure)
    }
    return { outcome: 'rejected', name, error }
  }
}

/** One letter's trouble must not keep the others waiting; a claim that cannot even be given back is taken over later. */
async function giveBack(delivery: Delivery, error: unknown): Promise<Received> {
  await delivery.release().catch(() => undefined)
  return { outcome: 'released', name: delivery.name, error }
}

/** An answer letter was recorded since the present status began. */
async function isAnswered({ desk }: LetterDeskParts, { id, state }: RequestView): Promise<boolean> {
  return (await desk.history(id)).some(({ type, time }) => type === 'answered' && time >= state.since)
}
