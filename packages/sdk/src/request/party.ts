import type { Issue } from '../issues.js'
import {
  checkEmail,
  checkNik,
  checkNip,
  checkNiPppk,
  checkPhone,
  type Checked,
  type NiPppk,
  type Nik,
  type Nip,
  type OfficialEmail,
} from './identifier.js'
import { protectPersonal } from './personal.js'

/**
 * A person as far as a request needs them. All but `id` and `opd` is personal data: shown as withheld in logs and JSON.
 * TNI, Polri and non-ASN may have none of the numbers.
 */
export interface Party {
  /** Opaque id in the desk's directory; never a NIK or NIP. */
  readonly id: string
  /** Code of the person's OPD. */
  readonly opd?: string
  readonly name?: string
  /** Office the person holds, such as `Sekretaris`. */
  readonly position?: string
  /** Username in AMS. */
  readonly username?: string
  readonly nik?: Nik
  readonly nip?: Nip
  readonly niPppk?: NiPppk
  readonly email?: OfficialEmail
  readonly phone?: string
}

/** The certificate's owner; may be beyond reach. */
export interface Holder extends Partial<Party> {
  /** Deceased: never messaged. */
  readonly deceased?: boolean
  readonly reachable?: boolean
}

/**
 * Fields of a party that are personal data (UU 27/2022): all but `id` and `opd`.
 *
 * @example
 * ```ts
 * personalFields // ['name', 'position', 'username', 'nik', 'nip', 'niPppk', 'email', 'phone']
 * ```
 */
export const personalFields: readonly (keyof Party)[] = ['name', 'position', 'username', 'nik', 'nip', 'niPppk', 'email', 'phone']

/** Checks the identifiers of a person. */
export function checkParty(party: Readonly<Record<string, unknown>>, at: string, emailDomains: readonly string[] | undefined): Checked {
  const found: Checked[] = []
  const add = (field: string, check: (value: unknown, at: string) => Checked): void => {
    if (party[field] !== undefined) found.push(check(party[field], `${at}.${field}`))
  }
  add('nik', checkNik)
  add('nip', checkNip)
  add('niPppk', checkNiPppk)
  add('email', (value, place) => checkEmail(value, place, emailDomains))
  add('phone', checkPhone)
  return {
    issues: found.flatMap(({ issues }): readonly Issue[] => issues),
    warnings: found.flatMap(({ warnings }): readonly Issue[] => warnings),
  }
}

/** A checked person, protected. */
export function makeParty<T extends Holder>(party: T): T {
  return protectPersonal({ ...party }, personalFields as readonly (keyof T & string)[])
}
