import { CabutError, commands, roles, statuses, type AllowedCommand, type RoleName } from '@cabut/sdk'
import { AlreadyRevokedError, InvalidInputError, RequestConflictError, RequestRefusedError, refusalCodes } from '@cabut/sdk'
import type { Console } from '../../console.js'
import { exitCodes, type ExitCode } from '../../exit-codes.js'

/**
 * Runs one command of a desk. What the desk refuses is explained: why, what is missing, what would be allowed instead, and to whom. Everything
 * else is thrown on.
 */
export async function explained(console: Console, run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof CabutError)) throw error
    if (error instanceof RequestRefusedError) {
      const { refused, missing, allowed, advice, status } = error.refusal
      console.document({ error: error.toJSON() })
      console.line(`${console.say({ id: 'DITOLAK', en: 'REFUSED' })}: ${console.say(refusalCodes[refused])} [${refused}]`)
      if (status !== 'none') console.line(`  ${console.say({ id: 'Keadaan', en: 'Status' })}: ${console.say(statuses[status])}`)
      if (missing !== undefined && missing.length > 0) console.line(`  ${console.say({ id: 'Kurang atau tidak sesuai', en: 'Missing or wrong' })}: ${missing.join(', ')}`)
      sayAllowed(console, allowed)
      if (advice !== undefined) console.line(`  ${console.say({ id: 'Saran', en: 'Advice' })}: ${console.say(advice)}`)
      return exitCodes.refused
    }
    if (error instanceof RequestConflictError) {
      console.document({ error: error.toJSON() })
      console.line(`${console.say(error.row)} [${error.code}]`)
      console.line(`  ${console.say({ id: 'Keadaan sekarang', en: 'Status now' })}: ${console.say(statuses[error.status])}, ${console.say({ id: 'versi', en: 'version' })} ${error.version}`)
      sayAllowed(console, error.allowed)
      return exitCodes.conflict
    }
    if (error instanceof InvalidInputError) {
      console.document({ error: error.toJSON() })
      console.line(`${console.say(error.row)} [${error.code}]`)
      for (const issue of error.issues) console.line(`  ${issue.path}: ${console.say(issue)} [${issue.code}]`)
      return exitCodes.badInput
    }
    if (error instanceof AlreadyRevokedError) {
      const { proof } = error
      console.document({ error: error.toJSON(), proof })
      console.line(`${console.say(error.row)} [${error.code}]`)
      console.line(`  ${proof.revocationDate}, ${proof.source.toUpperCase()} ${proof.thisUpdate}, sha256 ${proof.sha256}`)
      return exitCodes.revoked
    }
    const code = codes[error.code]
    if (code === undefined) throw error
    console.document({ error: error.toJSON() })
    console.line(`${console.say(error.row)} [${error.code}]`)
    return code
  }
}

const codes: Readonly<Record<string, ExitCode>> = { requestNotFound: exitCodes.notFound, requestConflict: exitCodes.conflict, requestNotProven: exitCodes.notProven }

/** What may be done now, and by whom. */
export function sayAllowed(console: Console, allowed: readonly AllowedCommand[]): void {
  if (allowed.length === 0) return
  console.line(`  ${console.say({ id: 'Yang dapat dilakukan', en: 'What may be done' })}:`)
  for (const { command, roles: by, persons } of allowed) {
    if (concluded.has(command)) continue
    const who = persons === undefined ? by.map((role) => roleTitle(console, role)).join(', ') : persons.length === 0 ? console.say({ id: 'tidak seorang pun dari daftar', en: 'nobody of the roster' }) : persons.join(', ')
    console.line(`    ${commandWord(command).padEnd(20)} ${console.say(commands[command])} (${who})`)
  }
}

/** What the desk concludes from evidence it has judged; a person hands evidence in with `desk examine`. */
export const concluded: ReadonlySet<string> = new Set(['startWrite', 'prove', 'contradict', 'expire'])

/** A role in words. */
export function roleTitle(console: Console, role: RoleName | 'ca'): string {
  return role === 'ca' ? console.say({ id: 'otoritas sertifikat (CRL/OCSP)', en: 'certificate authority (CRL/OCSP)' }) : console.say(roles[role])
}

/** The word of the command line for a command of the workflow. */
export function commandWord(command: string): string {
  const own: Readonly<Record<string, string>> = { close: 'finish', recordAmsAnswer: 'record-ams', resumeCertificate: 'resume-certificate', cancelDisposition: 'cancel-disposition', recordEvidence: 'examine' }
  return own[command] ?? command
}
