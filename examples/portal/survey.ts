import { createHash, createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { surveyIndex, type SurveyAnswer } from '@cabut/sdk/report'
import { sameSecret } from './session.js'

/** The anonymous survey (SKM, Permenpan RB 14/2017): one answer for each closed request, and nothing that says whose. */
export interface Survey {
  /** The one-time ticket of a closed request, for the link its applicant is shown. */
  ticketOf(requestId: string): string
  open(ticket: string): boolean
  /** `false`: the ticket is not ours or was used. */
  answer(ticket: string, scores: SurveyAnswer): boolean
  answers(): readonly SurveyAnswer[]
}

interface Kept { readonly secret: string; readonly used: readonly string[]; readonly answers: readonly SurveyAnswer[] }

/** Answers in a file of their own, without times, and sorted: neither their order nor their place tells who gave which. */
export function createSurvey(folder: string): Survey {
  const file = join(folder, 'survei.json')
  let kept: Kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Kept : { secret: randomBytes(32).toString('hex'), used: [], answers: [] }
  const save = (next: Kept): void => {
    writeFileSync(`${file}.baru`, JSON.stringify(next), { mode: 0o600 })
    renameSync(`${file}.baru`, file)
    kept = next
  }
  if (!existsSync(file)) save(kept)
  const spent = (ticket: string): string => createHash('sha256').update(ticket).digest('hex')
  const macOf = (requestId: string): string => createHmac('sha256', kept.secret).update(requestId).digest('hex').slice(0, 32)
  const open = (ticket: string): boolean => {
    const [, id = '', mac = ''] = /^([A-Za-z0-9._-]{8,60})~([0-9a-f]{32})$/.exec(ticket) ?? []
    return mac !== '' && sameSecret(macOf(id), mac) && !kept.used.includes(spent(ticket))
  }
  return {
    ticketOf: (requestId) => `${requestId}~${macOf(requestId)}`,
    open,
    answer(ticket, scores) {
      surveyIndex([scores])
      if (!open(ticket)) return false
      save({ ...kept, used: [...kept.used, spent(ticket)].sort(), answers: [...kept.answers, scores].sort((a, b) => a.join('').localeCompare(b.join(''))) })
      return true
    },
    answers: () => kept.answers,
  }
}
