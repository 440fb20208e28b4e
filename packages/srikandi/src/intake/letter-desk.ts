import type { By, Desk } from '@cabut/sdk/desk'
import type { LetterZone } from '../letter/date.js'
import { identitySlug, type LetterIdentity } from '../letter/identity.js'
import type { IncomingLetter, Pejabat, Tujuan } from '../letter/letter.js'
import { checkOffices, type OfficeDirectory } from '../letter/office.js'
import type { LetterTransport } from '../transport/port.js'
import { letterSlugOf } from './case-id.js'
import type { SignatureOptions } from '../examination/examine-letter.js'
import type { LetterReading } from '../reading/read-letter-pdf.js'
import type { WaitingImport } from '../waiting/find-waiting.js'
import type { RequestDetails } from './details.js'

/** A person of the desk. */
export type Person = By['as']
/** A request as the desk shows it. */
export type RequestView = Awaited<ReturnType<Desk['get']>>

/** The letterhead (kop) of the answering office. */
export interface Letterhead {
  /** Lines from the government down to the office, such as `PEMERINTAH KABUPATEN ...`, `DINAS KOMUNIKASI DAN INFORMATIKA`. */
  readonly lines: readonly [string, ...string[]]
  /** Address line below. */
  readonly address?: string
  /** Town in the date line. */
  readonly place: string
}

/** How letters and desk are joined. */
export interface LetterDeskOptions {
  readonly desk: Desk
  readonly transport: LetterTransport
  /** Offices that may send letters. */
  readonly offices: OfficeDirectory
  /** Who is who in dispositions: name or office title as in Srikandi -> person of the desk. */
  readonly people?: Readonly<Record<string, Person>>
  /** In whose name the arrival of a letter is recorded; without it somebody receives it in the desk. */
  readonly registrar?: Person
  /** In whose name answers are recorded. */
  readonly officer: Person
  readonly letterhead: Letterhead
  /** Who signs answers, and who initials them before. */
  readonly signatory: Pejabat
  readonly verifiers?: readonly Pejabat[]
  /** @default the zone of the desk's standard */
  readonly zone?: LetterZone
  /** Archive classification of answers, such as `000.8.3.3`. */
  readonly classification?: string
  /**
   * Asked when a row does not state certificate and reason as data: an officer's confirmed reading of the PDF. `reading` is what the software found.
   * Never a guess. `undefined`: the letter is put aside with the code `letterDetailsMissing`.
   */
  readonly describe?: (letter: IncomingLetter, pdf: Uint8Array, reading: LetterReading | undefined) => Promise<readonly RequestDetails[] | undefined>
  /** To whom copies of answers go (tembusan). */
  readonly copies?: readonly Tujuan[]
  /** The last export of an office's own letters from Srikandi, to warn of those that wait for a signer; `undefined`: there is none. */
  readonly waiting?: (office: string) => Promise<WaitingImport | undefined>
  /** By what signatures of letters are judged: the desk's own anchors, as a rule. Without it they are not judged, and a finding says so. */
  readonly signatures?: Omit<SignatureOptions, 'at'>
  /** For the standing of signers. @default the time of this computer */
  readonly clock?: () => Date
}

/** What the parts of the adapter share. */
export interface LetterDeskParts extends LetterDeskOptions {
  readonly zone: LetterZone
  readonly now: () => Date
  /** Finds the person a letter names. */
  person(written: string): Person | undefined
  /** How letters name a person of the desk. */
  nameOf(person: string): string | undefined
  /** Requests that came by the letter of an identity, oldest id first. */
  requestsOf(identity: LetterIdentity): Promise<readonly RequestView[]>
  /** Requests that came by a letter, grouped by its slug. */
  requestsByLetter(): Promise<ReadonlyMap<string, readonly RequestView[]>>
}

/** Checks the options once. @throws TypeError for misuse */
export function prepareParts(options: LetterDeskOptions): LetterDeskParts {
  checkOffices(options.offices)
  const people = new Map(Object.entries(options.people ?? {}).map(([written, person]) => [fold(written), person]))
  const { desk } = options
  return {
    ...options,
    zone: options.zone ?? desk.standard.zone,
    now: () => options.clock?.() ?? new Date(),
    person: (written) => people.get(fold(written)),
    nameOf: (person) => Object.entries(options.people ?? {}).find(([, { id }]) => id === person)?.[0],
    async requestsOf(identity) {
      const slug = await identitySlug(identity)
      const found: RequestView[] = []
      // Ids sort by their slug: those of one letter stand together right after it.
      for (let after = slug; ;) {
        const page = await desk.list({ after, limit: 100 })
        const own = page.filter(({ id }) => letterSlugOf(id) === slug)
        found.push(...own)
        const last = page.at(-1)
        if (last === undefined || own.length < page.length) return found
        after = last.id
      }
    },
    async requestsByLetter() {
      const letters = new Map<string, RequestView[]>()
      for (let after: string | undefined; ;) {
        const page = await desk.list({ limit: 500, ...(after === undefined ? {} : { after }) })
        for (const request of page) {
          const slug = letterSlugOf(request.id)
          if (slug !== undefined) letters.set(slug, [...(letters.get(slug) ?? []), request])
        }
        after = page.at(-1)?.id
        if (page.length < 500) return letters
      }
    },
  }
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
