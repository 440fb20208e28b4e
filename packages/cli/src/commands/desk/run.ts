import type { RequestView } from '@cabut/sdk'
import type { Console } from '../../console.js'
import { exitCodes, type ExitCode } from '../../exit-codes.js'
import { InputError } from '../../input.js'
import { openDesk, type OpenDesk } from './open.js'
import { actingPerson, type Acting } from './person.js'
import { explained } from './refusal.js'
import { documentOf, sayView } from './view.js'

type Options = Readonly<Record<string, unknown>>

/** What a command of a desk works with. */
export interface Sitting {
  readonly console: Console
  readonly options: Options
  readonly office: OpenDesk
  readonly person: Acting
}

/** Opens the desk, runs one command as one person, and runs what has become due. Refusals are explained. */
export async function sit(console: Console, options: Options, run: (sitting: Sitting) => Promise<ExitCode>): Promise<ExitCode> {
  const office = await openDesk(options)
  try {
    return await explained(console, async () => run({ console, options, office, person: actingPerson(office.configuration, options) }))
  } finally {
    await office.close()
  }
}

/** A desk in a directory has no other worker: what a command calls for is done before it ends. On PostgreSQL a service does it. */
export async function workOff({ office, options }: Sitting): Promise<void> {
  if (options['effects'] === false || office.database.kind === 'postgres') return
  for (let round = 0; round < 20; round += 1) if (await office.desk.runEffects() === 0) return
}

/** Shows a request after an act. */
export async function told(sitting: Sitting, view: RequestView): Promise<ExitCode> {
  await workOff(sitting)
  const now = { ...await sitting.office.desk.get(view.id), warnings: view.warnings }
  sitting.console.document(documentOf(now))
  sayView(sitting.console, now, sitting.office.standard, false)
  return exitCodes.good
}

/** An option that must be there. */
export function must(options: Options, name: string): string {
  const value = options[name]
  if (typeof value === 'string' && value !== '') return value
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  throw new InputError({ id: `--${flag} wajib diisi`, en: `--${flag} is required` })
}

export function maybe(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function many(options: Options, name: string): readonly string[] {
  const value = options[name]
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : typeof value === 'string' ? [value] : []
}

/** A value of a closed list. */
export function oneOf<Word extends string>(value: string | undefined, words: readonly Word[], flag: string): Word | undefined {
  if (value === undefined) return undefined
  if ((words as readonly string[]).includes(value)) return value as Word
  throw new InputError({ id: `${flag}: salah satu dari ${words.join(', ')}`, en: `${flag}: one of ${words.join(', ')}` })
}

/** `--if-version`: refused as a conflict unless the request still has it. */
export function ifVersion(options: Options): { readonly ifVersion?: number } {
  const text = maybe(options, 'ifVersion')
  if (text === undefined) return {}
  const version = Number(text)
  if (!Number.isSafeInteger(version) || version < 1) throw new InputError({ id: '--if-version: bilangan bulat', en: '--if-version: a whole number' })
  return { ifVersion: version }
}
