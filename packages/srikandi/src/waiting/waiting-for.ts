import type { LetterDeskParts, RequestView } from '../intake/letter-desk.js'
import { findWaiting, type WaitingReport } from './find-waiting.js'

/** Letters that wait for the holder of a request, as far as the last import of the holder's office shows; `undefined` without an import or a name. */
export async function waitingFor({ waiting, zone }: LetterDeskParts, { personal, parties }: RequestView['state']): Promise<WaitingReport | undefined> {
  const { holder, holderPosition } = personal
  if (waiting === undefined || holder === undefined) return undefined
  const imported = await waiting(parties.opdOrigin)
  if (imported === undefined) return undefined
  return findWaiting({ ...imported, zone: imported.zone ?? zone }, { nama: holder, ...(holderPosition === undefined ? {} : { jabatan: holderPosition }) })
}

/** How many letters wait for any of these holders, and by which import; `undefined` where none does. */
export async function countWaiting(parts: LetterDeskParts, states: readonly RequestView['state'][]): Promise<{ readonly letters: number; readonly notice: string } | undefined> {
  let letters = 0
  let notice: string | undefined
  for (const state of states) {
    const report = await waitingFor(parts, state)
    if (report === undefined || report.letters.length === 0) continue
    letters += report.letters.length
    notice ??= report.notice.id
  }
  return notice === undefined ? undefined : { letters, notice }
}
