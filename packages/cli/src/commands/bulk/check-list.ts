import { readFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { checkStatus } from '@cabut/pki/status'
import { inspectLetter } from '@cabut/pki/letter'
import { allowPlainHttp, basic, createEsign, type EsignOptions } from '@cabut/sdk'
import { allowIdentityInUrl } from '@cabut/sdk/esign'
import { checkRows, findThroughEsign, requestIdOf, type Candidate, type CheckOptions, type RowVerdict } from '@cabut/sdk/bulk'
import { letterKinds } from '@cabut/sdk/standard'
import { InputError, readInput } from '../../input.js'
import type { OpenDesk } from '../desk/open.js'
import { rowsOf, type JobSettings, type ListFile } from './job.js'

/** What is said of a whole list. */
export type ListSettings = Pick<JobSettings, 'applicant' | 'reason' | 'effectiveDate' | 'invalidityDate' | 'onBehalf'> & { readonly letterKinds: readonly string[]; readonly picks?: string; readonly ask: boolean }

/** Checks a list with all this desk has: its standard, its e-Sign service, its anchors, its requests. Files nothing. */
export async function* checkList(list: ListFile, office: OpenDesk, settings: ListSettings, onIgnored?: (headings: readonly string[]) => void): AsyncGenerator<RowVerdict> {
  const { standard, desk, anchors, intermediates, fetch } = office
  const own = requestIdOf(list.sha256, 1).replace(/\d+$/, '')
  const pick = await picker(settings)
  const findByPerson = esignOf(office)
  const trust = { anchors, intermediates, ...(fetch === false ? { fetch: false as const } : { fetch }) }
  let first = true
  yield* checkRows(() => {
    // Told once, however often the list is read.
    const rows = rowsOf(list, first ? onIgnored : undefined)
    first = false
    return rows
  }, {
    standard, desk, applicant: settings.applicant, letters: letterKinds.filter((kind) => settings.letterKinds.includes(kind)), now: new Date(), isOwn: (id) => id.startsWith(own),
    ...(settings.reason === undefined ? {} : { reason: settings.reason }), ...(settings.effectiveDate === undefined ? {} : { effectiveDate: settings.effectiveDate }),
    ...(settings.invalidityDate === undefined ? {} : { invalidityDate: settings.invalidityDate }), ...(settings.onBehalf === undefined ? {} : { onBehalf: settings.onBehalf }),
    ...(findByPerson === undefined ? {} : { findByPerson }), ...(pick === undefined ? {} : { pick }),
    findBySignature: async (file) => {
      const report = await inspectLetter(await readInput(within(list.path, file)), { ...trust, fetch: false })
      return { found: report.signatures.flatMap(({ certificate, integrity }) => (certificate === undefined || integrity !== 'intact' ? [] : [certificate])) }
    },
    ...(fetch === false ? {} : { status: (certificate) => checkStatus(certificate, { ...trust, fetchIssuers: true }) }),
  } satisfies CheckOptions)
}

/** A file a list names lies in the list's folder, or below it. */
function within(list: string, file: string): string {
  const folder = dirname(resolve(list))
  const path = resolve(folder, file)
  if (!path.startsWith(folder + sep)) throw new InputError({ id: 'daftar menyebut berkas di luar foldernya', en: 'the list names a file outside its folder' })
  return path
}

function esignOf({ configuration: { esign } }: OpenDesk): CheckOptions['findByPerson'] | undefined {
  const [username, password] = [process.env['CABUT_ESIGN_USERNAME'], process.env['CABUT_ESIGN_PASSWORD']]
  if (esign === undefined || username === undefined || password === undefined) return undefined
  const allow: NonNullable<EsignOptions['allow']>[number][] = []
  if (esign.plainHttp === true) allow.push(allowPlainHttp)
  // The chain of a person carries the identity in its URL; where the agency does not permit that, such rows stay unresolved.
  if (esign.identityInUrl === true) allow.push(allowIdentityInUrl)
  return findThroughEsign(createEsign({ baseUrl: esign.url, credential: basic(username, password), allow }))
}

/** A person's choices: from a file {row: serial}, and at the terminal. */
async function picker({ picks, ask }: ListSettings): Promise<CheckOptions['pick'] | undefined> {
  const chosen = picks === undefined ? {} : await readPicks(picks)
  if (picks === undefined && !ask) return undefined
  let turn: Promise<unknown> = Promise.resolve()
  return (row, candidates) => {
    const known = chosen[String(row)]
    if (known !== undefined || !ask) return Promise.resolve(known)
    const answer = turn.then(() => askFor(row, candidates))
    turn = answer.catch(() => {})
    return answer
  }
}

async function askFor(row: number, candidates: readonly Candidate[]): Promise<string | undefined> {
  const lines = candidates.map(({ serial, subjectDn, notBefore, notAfter }, index) => `  ${index + 1}. ${serial}  ${notBefore.slice(0, 10)} - ${notAfter.slice(0, 10)}  ${subjectDn}`)
  process.stderr.write(`baris ${row}:\n${lines.join('\n')}\n`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return candidates[Number(await terminal.question('pilih nomor (kosong: lewati): ')) - 1]?.serial
  } finally {
    terminal.close()
  }
}

async function readPicks(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value === 'object' && value !== null && Object.values(value).every((serial) => typeof serial === 'string')) return value as Record<string, string>
  } catch {
    // Told below.
  }
  throw new InputError({ id: `${path}: bukan berkas pilihan {"baris": "nomor seri"}`, en: `${path}: no file of picks {"row": "serial"}` })
}
