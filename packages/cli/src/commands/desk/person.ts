import { userInfo } from 'node:os'
import type { Actor, AllowedCommand, CommandName, RoleName } from '@cabut/sdk'
import { InputError } from '../../input.js'
import type { DeskConfiguration } from './configuration.js'

/** Options that say who acts. */
export const personOptions = [
  { flags: '--as <id>', text: { id: 'bertindak sebagai orang ini dari daftar (atau CABUT_AS)', en: 'act as this person of the roster (or CABUT_AS)' } },
  { flags: '--role <name>', text: { id: 'dalam peran ini, bila orangnya punya beberapa', en: 'in this role, where the person has several' } },
] as const

/** A person at the terminal, with the roles the roster gives them. */
export interface Acting {
  readonly id: string
  readonly entries: DeskConfiguration['roster']
  /** The actor for a command: the role asked for, else the first of theirs that may give it, else their first. */
  actorFor(command: CommandName | undefined, allowed?: readonly AllowedCommand[]): Actor
  readonly roles: readonly RoleName[]
}

/**
 * Who acts. Where the roster ties people to accounts of this machine, the account decides; otherwise `--as` or `CABUT_AS` does.
 *
 * @throws InputError: nobody, somebody not on the roster, or somebody else's account
 */
export function actingPerson({ roster }: DeskConfiguration, options: Readonly<Record<string, unknown>>, login: string = userInfo().username): Acting {
  const tied = roster.some((person) => person.login !== undefined)
  const own = roster.find((person) => person.login === login)
  const asked = options['as'] ?? process.env['CABUT_AS']
  const id = typeof asked === 'string' && asked !== '' ? asked : own?.id
  if (id === undefined) throw new InputError({ id: 'siapa yang bertindak? sebutkan --as atau CABUT_AS', en: 'who acts? name --as or CABUT_AS' })
  const entries = roster.filter((person) => person.id === id)
  const [first] = entries
  if (first === undefined) throw new InputError({ id: `${id}: tidak ada dalam daftar petugas meja ini`, en: `${id}: not on the roster of this desk` })
  if (tied && own?.id !== id) throw new InputError({ id: `${id}: bukan akun Anda di mesin ini`, en: `${id}: not your account on this machine` })
  const role = options['role']
  const chosen = typeof role === 'string' ? entries.filter((person) => person.role === role) : entries
  if (chosen.length === 0) throw new InputError({ id: `${id}: tidak punya peran itu`, en: `${id}: does not have that role` })
  return {
    id, entries: chosen, roles: chosen.map((person) => person.role),
    actorFor(command, allowed) {
      const fitting = command === undefined ? undefined : chosen.find((person) => allowed?.some((one) => one.command === command && one.roles.includes(person.role)))
      const { role: as, opd } = fitting ?? chosen[0] ?? first
      return { id, role: as, ...(opd === undefined ? {} : { opd }) }
    },
  }
}

/** An actor of the roster, by id and one of the roles. */
export function rosterActor({ roster }: DeskConfiguration, id: string, wanted: readonly RoleName[]): Actor {
  const entry = roster.find((person) => person.id === id && wanted.includes(person.role)) ?? roster.find((person) => person.id === id)
  if (entry === undefined) throw new InputError({ id: `${id}: tidak ada dalam daftar petugas meja ini`, en: `${id}: not on the roster of this desk` })
  return { id, role: entry.role, ...(entry.opd === undefined ? {} : { opd: entry.opd }) }
}
