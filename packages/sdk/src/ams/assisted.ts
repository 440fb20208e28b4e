import { checkWrite } from './argument.js'
import { describeDecision, describeFiling, type AssistedTask } from './instructions.js'
import type { AmsActor, AmsDecision, AmsFiling, AmsOutcome, AmsPort, AmsReading, AmsRevocation, AmsWrite } from './port.js'
import { assumedAmsProfile, type AmsProfile } from './profile.js'

/** What the officer says about a task. A claim to be proven, never proof. */
export type AssistedAnswer =
  /** Entered and sent in AMS. `reference` is the number AMS showed, if any. */
  | { readonly done: true; readonly at: Date; readonly reference?: string }
  /** AMS refused it; what its page said. */
  | { readonly done: false; readonly message: string }
  /** The officer did not do it; nothing happened. */
  | { readonly done: 'notDone'; readonly why?: string }
  /** Not sure (the page hung, the session ended): only AMS or proof can tell. */
  | { readonly done: 'unsure' }

/** Settings of the assisted port. */
export interface AssistedAmsOptions {
  /**
   * Shows the task to the acting officer and gives back what they say. Resolve with `undefined` while nobody has answered: the outcome is then
   * `unknown` with `amsOfficerPending`, and proof finds the effect by itself. It is asked once for each write.
   */
  readonly ask?: (task: AssistedTask, actor: AmsActor) => Promise<AssistedAnswer | undefined>
  readonly profile?: Partial<AmsProfile>
}

/**
 * AMS by hand: the software says exactly what to enter, an officer acts in the AMS page with their own login, and proof finds the effect.
 * Works today, without any access to an API. Nothing is read back from AMS, no password is asked for or kept, no page is driven.
 *
 * @example
 * ```ts
 * const shown: string[] = []
 * const own = createAssistedAms({ ask: async (task) => { shown.push(task.title.en); return { done: true, at: tuesday, reference: 'AMS-0001' } } })
 * const { outcome } = await own.fileRevocation(filing, { as: staff.verifier, idempotencyKey: 'P-2026-0001.file.1' })
 * outcome // 'accepted'
 * shown // ['File the revocation in AMS']
 * await own.readRevocation('AMS-0001', { as: staff.verifier }).then((reading) => reading.outcome) // 'unavailable'
 * ```
 */
export function createAssistedAms(options: AssistedAmsOptions = {}): AmsPort {
  const profile: AmsProfile = { ...assumedAmsProfile, ...options.profile }

  async function put(task: AssistedTask, write: AmsWrite, accepted: (reference: string, at: Date) => AmsRevocation): Promise<AmsOutcome> {
    checkWrite(write)
    let answer: AssistedAnswer | undefined
    try {
      answer = await options.ask?.(task, { id: write.as.id, role: write.as.role })
    } catch {
      return { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'asking the officer failed; they may have acted' } }
    }
    if (answer === undefined) return { outcome: 'unknown', cause: { code: 'amsOfficerPending', detail: 'the task is with the officer' } }
    if (answer.done === true) return { outcome: 'accepted', revocation: accepted(answer.reference ?? `assisted-${write.idempotencyKey}`, answer.at), replayed: false }
    if (answer.done === false) return { outcome: 'refused', code: 'ASSISTED_REFUSED', message: answer.message, httpStatus: 200 }
    if (answer.done === 'notDone') return { outcome: 'notDone', cause: { code: 'amsOfficerPending', detail: 'the officer has not done it' } }
    return { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'the officer is not sure whether AMS took it' } }
  }

  const noReadBack = { outcome: 'unavailable', cause: { code: 'amsNoReadBack', detail: 'assisted: look in AMS, or wait for proof' } } as const
  const unread = async (): Promise<AmsReading<never>> => noReadBack

  return {
    kind: 'assisted',
    honoursIdempotencyKey: false,
    readsBack: false,
    letterLimit: profile.letterLimit,
    async fileRevocation(filing: AmsFiling, write: AmsWrite): Promise<AmsOutcome> {
      const large = filing.letters.findIndex((letter) => letter.bytes.byteLength > profile.letterLimit)
      if (large >= 0) return { outcome: 'notDone', cause: { code: 'amsLetterTooLarge', detail: `letters[${large}] exceeds ${profile.letterLimit} octets` } }
      // AMS files are of one kind for the record: what the officer claims, waiting for BSrE; the standard says whose turn follows.
      return put(describeFiling(filing, profile), write, (id, at) => ({
        id,
        certificate: filing.certificate,
        username: filing.username,
        reason: filing.reason,
        status: 'other',
        rawStatus: 'assisted',
        filedBy: write.as.id,
        filedAt: at,
        letters: filing.letters.map((letter, index) => ({ letterId: `assisted-${index + 1}`, sha256: letter.sha256, size: letter.bytes.byteLength })),
        idempotencyKey: write.idempotencyKey,
      }))
    },
    async decideRevocation(decision: AmsDecision, write: AmsWrite): Promise<AmsOutcome> {
      return put(describeDecision(decision), write, (_reference, at) => ({
        id: decision.revocationId,
        certificate: { issuerDn: '', serial: '' },
        username: '',
        reason: '',
        status: 'other',
        rawStatus: 'assisted',
        decidedBy: write.as.id,
        decidedAt: at,
        letters: [],
      }))
    },
    findCertificate: unread,
    readRevocation: unread,
    findRevocations: unread,
  }
}
