/** A word in both languages; Indonesian first, since that is what officers and citizens read. */
export interface Label {
  readonly id: string
  readonly en: string
}

/**
 * Every role a workflow knows. Which of them exist in a service, and who does which step, is data of the standard; the names are fixed,
 * so that turns mean the same everywhere. `holder` owns the certificate; `applicant` is whoever filed.
 *
 * @example
 * ```ts
 * roles.verifier // { id: 'Petugas verifikasi', en: 'Verification officer' }
 * ```
 */
export const roles = {
  holder: { id: 'Pemilik sertifikat', en: 'Certificate holder' },
  applicant: { id: 'Pemohon', en: 'Applicant' },
  opdHead: { id: 'Kepala OPD/UPT', en: 'Head of the office (OPD/UPT)' },
  opdOfficer: { id: 'Petugas OPD', en: 'Officer of the OPD' },
  personnelOffice: { id: 'Badan kepegawaian', en: 'Personnel office' },
  registrar: { id: 'Petugas penerima surat', en: 'Registrar of letters' },
  head: { id: 'Kepala Dinas', en: 'Head of the service' },
  coordinator: { id: 'Koordinator', en: 'Coordinator' },
  verifier: { id: 'Petugas verifikasi', en: 'Verification officer' },
  supervisor: { id: 'Atasan langsung (pengawasan internal)', en: 'Supervisor (component 10)' },
  complaintOfficer: { id: 'Pejabat pengaduan', en: 'Complaint officer' },
  onCallOfficer: { id: 'Petugas siaga', en: 'Officer on call' },
  bsre: { id: 'BSrE', en: 'BSrE' },
  system: { id: 'Sistem', en: 'System' },
} as const

/** One role of the closed registry. */
export type RoleName = keyof typeof roles

/**
 * Forms of acting in another's office; with a mandate (`a.n.`, `u.b.`) the responsibility stays with the mandator, so four eyes count both.
 *
 * @example
 * ```ts
 * delegations.plh // { id: 'Plh.', en: 'Acting (office holder away)', mandate: false }
 * ```
 */
export const delegations = {
  plt: { id: 'Plt.', en: 'Acting (vacant office)', mandate: false },
  plh: { id: 'Plh.', en: 'Acting (office holder away)', mandate: false },
  an: { id: 'a.n.', en: 'In the name of', mandate: true },
  ub: { id: 'u.b.', en: 'By further mandate', mandate: true },
} as const

/** How somebody acts in the place of another, by the words Indonesian offices write before a title; see {@link delegations}. */
export type DelegationKind = keyof typeof delegations

/** Somebody else's office, used by the acting person. Recorded with every event it was used for. */
export interface Delegation {
  readonly kind: DelegationKind
  /** Person whose office is used. */
  readonly of: string
}

/** Who acts. `id` names a person (an opaque id of the desk's directory, never a NIK): four eyes are counted by it, under whatever role. */
export interface Actor {
  readonly id: string
  readonly role: RoleName
  /** Code of the person's OPD. */
  readonly opd?: string
  readonly delegation?: Delegation
}

/**
 * Whether two ids name one person. Case and surrounding space do not make another person: four eyes must not be had by a capital letter.
 * `undefined` is nobody, not even the same nobody.
 *
 * @example
 * ```ts
 * samePerson('tegar.maulana', ' Tegar.Maulana') // true
 * samePerson(undefined, undefined) // false
 * ```
 */
export function samePerson(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return left !== undefined
  return left !== undefined && right !== undefined && folded(left) === folded(right)
}

/**
 * Whether a person is one of several, by {@link samePerson}.
 *
 * @example
 * ```ts
 * among(['surya.wibisana', 'laras.kinanti'], 'Laras.Kinanti') // true
 * ```
 */
export function among(people: readonly string[], id: string): boolean {
  for (const one of people) if (samePerson(one, id)) return true
  return false
}

function folded(id: string): string {
  return id.normalize('NFKC').trim().toLowerCase()
}

/**
 * The desk itself: runs effects, never decides.
 *
 * @example
 * ```ts
 * const decision = decide(rules, requestAt('verifying'), { type: 'approve' }, systemActor, instantOf('09:45'))
 * isRefusal(decision) && decision.refused // 'notYourRole'
 * ```
 */
export const systemActor: Actor = { id: 'system', role: 'system' }

/** A person of the desk, for four eyes: who could decide if somebody else cannot. */
export interface RosterEntry {
  readonly id: string
  readonly role: RoleName
  readonly opd?: string
  /** Away now: not counted. */
  readonly absent?: boolean
}
