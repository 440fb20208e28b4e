import type { ServiceHours } from '../calendar/service-hours.js'
import type {
  ClockStart,
  ClockStop,
  CommandName,
  ComponentName,
  FindingName,
  GuardName,
  LetterKind,
  LimitKind,
  PartyName,
  RoleName,
} from './vocabulary.js'

/** The same sentence in Indonesian and English. */
export interface Text {
  readonly id: string
  readonly en: string
}

/**
 * Whether the published standard says it: `stated`, `silent` (the source was read and says nothing) or `unknown` (we could not read it).
 * A reading of ours stands beside a silence, never instead of it.
 */
export type Saying = 'stated' | 'silent' | 'unknown'

/** Something left out of the verbatim text because it is personal data; the role stands for the person. */
export interface Omission {
  readonly what: 'personName' | 'privateNumber' | 'identityNumber'
  readonly role: string
  readonly clause: string
}

/** One of the 14 components: what the source prints, and how we read it. */
export interface Component {
  readonly name: ComponentName
  /** Pointer into the source, such as `Service Delivery 3` or `3`. */
  readonly clause: string
  readonly says: Saying
  /** The source's words, one line each, untouched but for omitted personal data. Empty where it is silent. */
  readonly verbatim: readonly string[]
  /** Our reading, where the words alone do not decide. */
  readonly reading?: Text
  readonly omitted?: readonly Omission[]
}

/** An office in the procedure, described by role: names of persons are never part of a standard. */
export interface RoleDefinition {
  readonly role: RoleName
  readonly title: Text
  readonly party: PartyName | 'none'
  /** How many people hold it, where the standard says. */
  readonly headcount?: number
}

/** One step of the procedure; the steps form a directed graph without cycles. A return for repair is `otherwise`, not an edge. */
export interface Step {
  /** Unique within the standard, kebab-case. */
  readonly name: string
  /** Clause of the procedure, such as `2.5`; one clause may be several steps. `-` marks a step Cabut adds. */
  readonly clause: string
  readonly title: Text
  /** Who acts in the world. */
  readonly actor: RoleName
  /** `stated`: the source names the actor; `silent`: our reading. */
  readonly actorSays: Saying
  /** The actor the source prints, where we read another. */
  readonly printedActor?: RoleName
  /** What is done to the request; absent for an act outside the desk (writing a letter, logging in to AMS). */
  readonly command?: CommandName
  /** Who gives the command in the desk; `system` where the desk observes another party's act. */
  readonly role: RoleName
  readonly guards: readonly GuardName[]
  /** What the service clock does at this step. */
  readonly clock: 'before' | 'starts' | 'runs' | 'stops' | 'after'
  /** Whose time it is while the request waits for this step. */
  readonly attributedTo: 'applicant' | 'dinkominfo' | 'bsre' | 'publication'
  readonly informs: readonly PartyName[]
  /** Document or state the step brings forth. */
  readonly produces?: Text
  /** A step that may be left out. */
  readonly optional?: boolean
  readonly next: readonly string[]
  /** What happens when the step's check fails: the command given, and the step from which the applicant starts again. */
  readonly otherwise?: { readonly command: 'return' | 'reject'; readonly to?: string }
}

/** Someone other than the ordinary applicant may file. */
export interface OnBehalf {
  readonly role: RoleName
  readonly when: 'deceased' | 'unreachable' | 'incapacitated'
  readonly letters: readonly LetterKind[]
}

/** Who files, and how. */
export interface Filing {
  /** `owner`: the certificate owner, in AMS. `opd`: the OPD, by letter. */
  readonly by: 'owner' | 'opd'
  readonly role: RoleName
  readonly onBehalf: readonly OnBehalf[]
  /** One letter, many holders. AMS takes at most 100 rows in a batch. */
  readonly batch: { readonly offered: boolean; readonly maxHolders?: number }
}

/** Which step files the revocation in AMS, and who does it. BSrE decides and revokes in every case. */
export interface AmsFiling {
  readonly fileAt: 'submit' | 'execute'
  readonly fileBy: RoleName
  /** `true` where the agency's verifier must forward in AMS what the owner filed there. */
  readonly decide: boolean
  readonly step: string
}

/** A document that must accompany a request, and on what condition. */
export interface LetterRequirement {
  readonly kind: LetterKind
  /** Reasons (codes of the reason catalogue) that call for it; absent: every request. */
  readonly reasons?: readonly string[]
  /** Only when someone files on behalf of the holder. */
  readonly onBehalfOnly?: boolean
  readonly signedBy: readonly RoleName[]
  /** `waivedWhenElectronic`: a wet stamp is needed only on paper. */
  readonly stamp: 'none' | 'required' | 'waivedWhenElectronic'
  /** Its text may stand inside a letter of this kind. */
  readonly within?: LetterKind
  readonly clause: string
  readonly says: Saying
  /** `advised`: asked for, never a ground for refusal; an office may not demand what its published standard does not. */
  readonly demand: 'mandatory' | 'advised'
}

/**
 * A span of time, counted by kind. `amount` is minutes for `workingMinutes`, hours for `wallHours`, days for the day kinds; for `sameDay`
 * minutes that never reach beyond closing, 0 for closing itself.
 */
export interface Limit {
  readonly kind: LimitKind
  readonly amount: number
}

/** The service's own limit. */
export interface TimeLimit extends Limit {
  readonly start: ClockStart
  readonly stop: ClockStop
  /** Warn when this share of the limit is used, 0..1. */
  readonly warnAt: number
}

/** Urgent handling, for a compromised key. */
export interface Expedite {
  readonly reasons: readonly string[]
  /** Runs outside service hours too. */
  readonly limit: Limit
  /** 'Surat menyusul': the letter may follow within this limit; closing waits for it. `null`: not allowed. */
  readonly letterToFollow: Limit | null
  /** One person may execute alone, to be ratified by the supervisor within this limit. `null`: never. */
  readonly ratification: Limit | null
}

/** A way to complain. */
export interface ComplaintChannel {
  readonly kind: 'faceToFace' | 'letterBox' | 'srikandi' | 'phone' | 'whatsapp' | 'email' | 'website' | 'lapor' | 'socialMedia' | 'officer'
  /** Public address of an office. Never a person's. */
  readonly value?: string
  readonly direct: boolean
  readonly clause: string
}

/** A class of complaint with its own limit. */
export interface ComplaintClass {
  readonly id: string
  readonly title: Text
  readonly limit: Limit | null
  readonly supervisory?: boolean
  readonly clause: string
}

/** One station of a complaint's way, in order. */
export interface ComplaintStation {
  readonly role: RoleName
  readonly act: 'submit' | 'receive' | 'respond' | 'escalate' | 'resolve' | 'receiveAnswer'
  readonly title: Text
  readonly clause: string
}

/** A law the standard rests on. */
export interface LegalBasis {
  readonly clause: string
  readonly verbatim: string
  readonly form: 'UU' | 'PP' | 'Perpres' | 'Permen' | 'Perda' | 'Perkada' | 'other'
  readonly number: string
  readonly year: number
  /** As the source stands, judged against the table of laws (`lawStatusTable`). */
  readonly status: 'inForce' | 'amended' | 'repealed' | 'unknown'
  /** Laws it says amend this one. */
  readonly amendedBy?: readonly { readonly form: LegalBasis['form']; readonly number: string; readonly year: number }[]
}

/** Where one datum comes from. `path` is dotted, such as `timeLimit.start`; it speaks for everything below it that has no entry of its own. */
export interface Provenance {
  readonly path: string
  readonly clause: string
  readonly says: Saying
  /** Key of an entry in docs/divergences.md, where the datum is our reading. */
  readonly divergence?: string
}

/**
 * A service standard (Standar Pelayanan) as data: what a region published, how we read it, and everything the desk needs to run it.
 * A new region is a new object of this shape; no code changes.
 *
 * @example
 * const standard = loadStandard('kabupaten-purbalingga')
 * standard.timeLimit // { kind: 'workingMinutes', amount: 170, start: 'receipt', stop: 'answerLetter', warnAt: 0.75 }
 */
export interface ServiceStandard {
  readonly format: 'cabut-standard/1'
  readonly id: string
  /** Version of this encoding, not of the decree. */
  readonly version: string
  readonly title: Text
  readonly region: {
    readonly name: string
    readonly kind: 'kota' | 'kabupaten' | 'provinsi' | 'kementerian' | 'lembaga'
    readonly invented?: boolean
  }
  readonly office: Text
  readonly decree: { readonly says: Saying; readonly text?: string }
  readonly valid: { readonly says: Saying; readonly from?: string; readonly until?: string }
  readonly zone: 'WIB' | 'WITA' | 'WIT'
  readonly components: readonly Component[]
  readonly provenance: readonly Provenance[]

  readonly parties: readonly PartyName[]
  readonly roles: readonly RoleDefinition[]
  readonly steps: readonly Step[]
  /** A disposition by the head precedes verification. */
  readonly disposition: boolean
  readonly filing: Filing
  readonly ams: AmsFiling
  readonly letters: readonly LetterRequirement[]
  /** What verification must record. */
  readonly findings: readonly FindingName[]
  readonly fourEyes: boolean
  /** Who decides where nobody else is eligible (component 10). */
  readonly supervision: { readonly role: RoleName; readonly title: Text }
  readonly headcount: { readonly says: Saying; readonly persons?: number }
  readonly suspensionOffered: boolean
  readonly reasons: { readonly catalogue: string; readonly offered: readonly string[] | 'all' }
  readonly timeLimit: TimeLimit
  readonly serviceHours: ServiceHours
  readonly expedite: Expedite
  readonly fee: { readonly amount: number; readonly currency: 'IDR' }
  readonly product: { readonly service: 'revocation' | 'issuance' | 'renewal' | 'suspension'; readonly title: Text }
  readonly complaints: {
    readonly channels: readonly ComplaintChannel[]
    readonly classes: readonly ComplaintClass[]
    readonly flow: readonly ComplaintStation[]
  }
  readonly legalBasis: readonly LegalBasis[]
  readonly facilities: { readonly says: Saying; readonly items: readonly string[] }
  readonly competence: { readonly says: Saying; readonly items: readonly string[] }
  readonly guarantee: { readonly says: Saying; readonly items: readonly string[] }
  readonly safety: { readonly says: Saying; readonly items: readonly string[] }
  readonly evaluation: {
    readonly every: number
    readonly unit: 'month'
    readonly by: readonly RoleName[]
    readonly form: 'meeting' | 'review'
  }
}
