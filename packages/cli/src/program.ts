import type { PkiError } from '@cabut/pki'
import { Command, CommanderError } from 'commander'
import { createConsole, type Console } from './console.js'
import { exitCodes, exitCodeTexts, type ExitCode } from './exit-codes.js'
import { InputError } from './input.js'
import type { Language, Text } from './language.js'
import { pkiErrorWords } from './wording/pki-errors.js'
import { systemErrorWords } from './wording/system-errors.js'
import { groupSummaries, usageWords } from './wording/usage.js'

/** One command of `cabut`: its words, and a lazy import of what it does. */
export interface CommandSpec {
  /** Words and arguments, as commander writes them: `certificate show <file>`. */
  readonly usage: string
  readonly summary: Text
  readonly options?: readonly { readonly flags: string; readonly text: Text; readonly many?: boolean; readonly required?: boolean }[]
  run(console: Console, args: readonly string[], options: Readonly<Record<string, unknown>>): Promise<ExitCode>
}

const words = {
  description: {
    id: 'Pencabutan sertifikat elektronik BSrE: dicabut berarti terbukti.',
    en: 'Revocation of BSrE electronic certificates: revoked means proven.',
  },
  lang: { id: 'bahasa: id atau en (bawaan id, atau CABUT_LANG)', en: 'language: id or en (default id, or CABUT_LANG)' },
  json: { id: 'tulis satu dokumen JSON', en: 'write one JSON document' },
  help: { id: 'tampilkan bantuan', en: 'show help' },
  version: { id: 'tampilkan versi', en: 'show the version' },
  exit: { id: 'Kode keluar', en: 'Exit codes' },
} as const

/** What a run of the command line needs from its surroundings. */
export interface Surroundings {
  readonly language: Language
  readonly version: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** Runs one command line and answers its exit code; never throws. */
export async function runProgram(specs: readonly CommandSpec[], args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { language, out, err } = surroundings
  let code: ExitCode = exitCodes.good
  const program = new Command('cabut').description(words.description[language]).version(surroundings.version, '-V, --version', words.version[language])
  configure(program, surroundings)
  const codes = Object.entries(exitCodes).map(([name, code]) => `${code} ${exitCodeTexts[name as keyof typeof exitCodes][language]}`)
  program.addHelpText('after', `\n${words.exit[language]}: ${codes.join(', ')}`)
  for (const spec of specs) {
    const path = spec.usage.split(' ')
    let parent = program
    while (path.length > 1 && !/^[<[]/.test(path[1] ?? '<')) {
      const group = path.shift() ?? ''
      parent = parent.commands.find((known) => known.name() === group) ?? configure(parent.command(group).summary(groupSummaries[group]?.[language] ?? ''), surroundings)
    }
    const command = configure(parent.command(path.join(' ')), surroundings).description(spec.summary[language])
    for (const option of spec.options ?? []) {
      const flags = option.many === true ? option.flags.replace('>', '...>') : option.flags
      if (option.required === true) command.requiredOption(flags, option.text[language])
      else command.option(flags, option.text[language])
    }
    command.option('--json', words.json[language])
    command.action(async (...received: unknown[]) => {
      const options = command.opts<Record<string, unknown>>()
      const given = received.slice(0, -2).flat().filter((value): value is string => typeof value === 'string')
      code = await spec.run(createConsole(language, options['json'] === true, out), given, options)
    })
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.good : exitCodes.badInput
    return explain(error, language, err)
  }
}

function configure(command: Command, { language, out, err }: Surroundings): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help', words.help[language])
    .helpCommand(false)
    .option('--lang <id|en>', words.lang[language])
    .configureOutput({ writeOut: out, writeErr: err, outputError: (text, write) => write(`cabut: ${usageWords(text)[language]}\n`) })
    .configureHelp({
      styleTitle: (title) => language === 'id' ? (titles[title] ?? title) : title,
      styleUsage: (usage) => language === 'id' ? usage.replaceAll('[options]', '[pilihan]').replace('[command]', '[perintah]') : usage,
      // `certificate [options]` says nothing: the name and its arguments do.
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map((one) => one.required ? `<${one.name()}${one.variadic ? '...' : ''}>` : `[${one.name()}${one.variadic ? '...' : ''}]`)].join(' '),
    })
    .showHelpAfterError(language === 'id' ? '(lihat --help)' : '(see --help)')
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': 'Pemakaian:', 'Options:': 'Pilihan:', 'Commands:': 'Perintah:', 'Arguments:': 'Argumen:', 'Global Options:': 'Pilihan umum:',
}

/** Bad input is the person's to mend (code 2); anything else is a failure (code 1). The words come from the error's own table. */
function explain(error: unknown, language: Language, err: (text: string) => void): ExitCode {
  if (error instanceof InputError) {
    err(`cabut: ${error.text[language]}\n`)
    return exitCodes.badInput
  }
  const system = systemErrorWords(error)
  if (system !== undefined) {
    err(`cabut: ${system[language]}\n`)
    return exitCodes.badInput
  }
  const row = titleOf(error)
  if (row !== undefined) {
    err(`cabut: ${row.title[language]} [${row.code}]${row.detail === undefined ? '' : `: ${row.detail}`}\n`)
    return row.badInput ? exitCodes.badInput : exitCodes.failed
  }
  // A bug: who looks for it asks for the place.
  err(`cabut: ${error instanceof Error ? (process.env['CABUT_DEBUG'] === '1' ? error.stack ?? error.message : error.message) : String(error)}\n`)
  return exitCodes.failed
}

interface Explained { readonly code: string; readonly title: Text; readonly detail?: string; readonly badInput: boolean }

function titleOf(error: unknown): Explained | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  if (error.name === 'PkiError') return { code: error.code, title: pkiErrorWords(error as PkiError), badInput: true }
  if (error.name !== 'CabutError' || !('row' in error)) return undefined
  const row = error.row as Text & { httpStatus: number }
  const detail = 'at' in error && typeof error.at === 'string' ? { detail: error.at } : 'detail' in error && typeof error.detail === 'string' ? { detail: error.detail } : {}
  return { code: error.code, title: row, ...detail, badInput: row.httpStatus >= 400 && row.httpStatus < 500 }
}
