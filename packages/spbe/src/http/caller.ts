import { CabutError } from '@cabut/sdk'
import type { Reader } from '@cabut/sdk/desk'
import type { RoleName } from '@cabut/sdk/standard'
import type { Principal } from '../identity/verify.js'
import { HttpProblem } from '../problem/problem.js'

/** A person acting in one role, with what that role may see. */
export interface Caller {
  readonly actor: { readonly id: string; readonly role: RoleName; readonly opd?: string }
  /** What the desk is asked with: outside the office's own requests nothing exists. */
  readonly reader: Reader
  /** Sees only requests they filed or whose certificate is theirs. */
  readonly ownOnly: boolean
  /** Belongs to the office that runs the service. */
  readonly ofService: boolean
}

/** Roles on the applicant's side; every other role belongs to the office that runs the service. The desk draws the same line. */
const applicantSide: ReadonlySet<RoleName> = new Set<RoleName>(['holder', 'applicant', 'opdHead', 'opdOfficer', 'personnelOffice'])

/**
 * Chooses the role somebody acts in: the one named by the `Cabut-Role` header, else the first the token gives; and says what that role sees:
 * the service sees all its requests, an office its own, a holder theirs.
 *
 * @throws HttpProblem `spbeForbidden` for a role the token does not give, `spbePersonUnmapped` for an office role without an office
 */
export function readCaller(principal: Principal, chosen: string | null): Caller {
  const role = chosen === null ? principal.roles[0] : principal.roles.find((one) => one === chosen)
  if (role === undefined) throw new HttpProblem('spbeForbidden', { members: { roles: principal.roles } }, { at: 'Cabut-Role', detail: 'the token does not give this role' })
  const ofService = !applicantSide.has(role)
  const actor = { id: principal.id, role, ...(principal.opd === undefined ? {} : { opd: principal.opd }) }
  if (ofService) return { actor, reader: {}, ownOnly: false, ofService }
  // The personnel office files for people of every office, and sees what it filed.
  if (role === 'personnelOffice') return { actor, reader: {}, ownOnly: true, ofService }
  if (principal.opd === undefined) throw new CabutError('spbePersonUnmapped', { detail: 'a role outside the service needs an office' })
  // Holders are persons; every other outsider speaks for an office.
  return { actor, reader: { as: actor }, ownOnly: role === 'holder' || role === 'applicant', ofService }
}
