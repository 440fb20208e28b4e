import { commands } from '../src/commands/index.js'
import type { Language } from '../src/language.js'
import { runProgram } from '../src/program.js'

/** What one run of `cabut` wrote and exited with. */
export interface Run { readonly code: number; readonly out: string; readonly err: string }

/** Runs a command line in this process, as `bin.ts` would. */
export async function cabut(args: readonly string[], language: Language = 'en'): Promise<Run> {
  let out = ''
  let err = ''
  const code = await runProgram(commands, args, { language, version: '0.0.0', out: (text) => { out += text }, err: (text) => { err += text } })
  return { code, out, err }
}
