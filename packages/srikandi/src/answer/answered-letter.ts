import { CabutError } from '@cabut/sdk'
import type { RequestView } from '../intake/letter-desk.js'
import { identifyLetter, identitySlug, type LetterIdentity } from '../letter/identity.js'
import { readLetterNumber } from '../letter/number.js'

/** The letter a request came by, as an answer names it. */
export interface AnsweredLetter {
  readonly identity: LetterIdentity
  readonly nomor: string
  /** `YYYY-MM-DD` */
  readonly tanggal: string
  /** Office title of the sender. */
  readonly jabatan?: string
}

/** The office that wrote the letter a request came by; its holder may be of another. */
export function senderOffice({ parties: { applicant, opdOrigin } }: RequestView['state']): string {
  return applicant.opd ?? opdOrigin
}

/** The letter that gave the requests their slug: the one whose number and date lead to it. */
export async function letterOf(slug: string, requests: readonly RequestView[]): Promise<AnsweredLetter> {
  for (const { state } of requests) {
    for (const { number: nomor, date: tanggal } of state.letters) {
      if (nomor === undefined || tanggal === undefined) continue
      const identity = identifyLetter(senderOffice(state), readLetterNumber(nomor), tanggal)
      if ((await identitySlug(identity)) !== slug) continue
      const jabatan = state.personal['applicantPosition']
      return { identity, nomor, tanggal, ...(jabatan === undefined ? {} : { jabatan }) }
    }
  }
  throw new CabutError('letterFieldInvalid', { at: 'nomor', detail: `no request of ${slug} holds its letter` })
}
