#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { commands } from './commands/index.js'
import { chooseLanguage } from './language.js'
import { runProgram } from './program.js'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const args = process.argv.slice(2)

// `cabut ... | head`: whoever reads has read enough. The verdict stays in the exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })

process.exitCode = await runProgram(commands, args, {
  language: chooseLanguage(args, process.env),
  version: manifest.version,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
})
