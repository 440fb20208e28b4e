import { CabutError } from '@cabut/sdk'
import type { RequestView } from '@cabut/sdk/desk'
import type { Caller } from '../http/caller.js'
import type { Standing } from '../http/conditional.js'
import type { Language } from '../problem/language.js'
import type { Service } from '../http/service.js'

/** Loads a request a caller may see. What they may not see does not exist. @throws CabutError `requestNotFound` */
export async function load(service: Pick<Service, 'desk'>, caller: Caller, id: string): Promise<RequestView> {
  const view = await service.desk.get(id, caller.reader)
  if (!mayRead(view, caller)) throw new CabutError('requestNotFound')
  return view
}

/** Persons outside the service and without an office's view see what they filed and what is about their own certificate. */
export function mayRead(view: RequestView, caller: Caller): boolean {
  if (!caller.ownOnly) return true
  const { applicant, holder } = view.state.parties
  return applicant.id === caller.actor.id || holder.id === caller.actor.id
}

/** Version and status of a request, in words. */
export function standingOf(view: RequestView, language: Language): Standing {
  return { version: view.version, status: view.status, statusLabel: view.label[language] }
}
