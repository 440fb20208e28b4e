import { lintStandard, type Severity } from '@cabut/sdk/standard'
import { exitCodes } from '../exit-codes.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { readStandardSource } from './standard.js'

const severities: Readonly<Record<Severity, Text>> = {
  error: { id: 'GALAT', en: 'ERROR' },
  warning: { id: 'PERINGATAN', en: 'WARNING' },
  note: { id: 'CATATAN', en: 'NOTE' },
}

/** `cabut standard lint ID|FILE`: what contradicts, is missing or is out of date, with the clause and how to mend or read it. Exit code 22 with errors. */
export const standardLint: CommandSpec = {
  usage: 'standard lint <id-or-file>',
  summary: { id: 'periksa standar pelayanan: pertentangan, kekosongan, peraturan usang (kode keluar 22 bila ada galat)', en: 'lint a service standard: contradictions, gaps, laws out of date (exit code 22 with errors)' },
  async run(console, [which = '']) {
    const findings = lintStandard(await readStandardSource(which))
    const counts = { error: 0, warning: 0, note: 0 }
    for (const { severity } of findings) counts[severity] += 1
    console.document({ standard: which, counts, findings })
    for (const finding of findings) {
      const { severity, clause, code, path, proposal } = finding
      console.line(`${console.say(severities[severity])}  ${clause}  ${finding[console.language]}  [${code}]`)
      console.line(`    ${console.say({ id: 'usul', en: 'proposal' })}: ${console.say(proposal)}`)
      console.line(`    ${console.say({ id: 'data', en: 'data' })}: ${path}`)
    }
    if (findings.length > 0) console.line()
    console.line(console.say({
      id: `${counts.error} galat, ${counts.warning} peringatan, ${counts.note} catatan`,
      en: `${counts.error} errors, ${counts.warning} warnings, ${counts.note} notes`,
    }))
    return counts.error > 0 ? exitCodes.standardDefective : exitCodes.good
  },
}
