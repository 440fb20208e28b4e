import type { Desk, RequestView } from '@cabut/sdk/desk'
import type { Caller } from '../http/caller.js'
import { load } from './access.js'

/** Who wants to hear of a request. */
export interface Onlooker {
  /** As it is after a change, by the onlooker's own rights. */
  seen(view: RequestView): void
  /** It cannot be seen any more; nothing follows. */
  gone(): void
}

/**
 * Looks at requests for whoever follows them: after a change once for each request and sight, however many share that sight. Changes that come
 * while it looks are answered by one more look. Who sees a request by other rights gets a look of their own. Nothing is kept once the last
 * onlooker has left.
 */
export interface Lookout {
  /** Follows a request until the answer is called. The onlooker's first look is their own affair. */
  follow(id: string, caller: Caller, onlooker: Onlooker): () => void
}

/** One request as one kind of caller sees it. */
interface Post {
  readonly onlookers: Set<Onlooker>
  look(): void
}

/** Everything that decides what a caller sees of a request: who asks for the same gets the same. */
function sightOf({ reader, ownOnly, actor }: Caller): string {
  const { id, role, opd } = reader.as ?? {}
  return JSON.stringify([id ?? null, role ?? null, opd ?? null, ownOnly ? actor.id : null])
}

/** Makes the lookout of a desk. It listens to the desk only while somebody follows something. */
export function createLookout(desk: Desk): Lookout {
  const requests = new Map<string, Map<string, Post>>()
  let stopListening: (() => void) | undefined

  function post(id: string, caller: Caller): Post {
    const onlookers = new Set<Onlooker>()
    let looking = false
    let changed = false
    async function look(): Promise<void> {
      do {
        changed = false
        const view = await load({ desk }, caller, id).catch(() => undefined)
        for (const one of [...onlookers]) {
          try {
            if (view === undefined) one.gone()
            else one.seen(view)
          } catch {
            // One onlooker's fault is not the others', and no fault of the service.
            onlookers.delete(one)
          }
        }
      } while (changed && onlookers.size > 0)
      looking = false
    }
    return {
      onlookers,
      look() {
        changed = true
        if (looking) return
        looking = true
        void look()
      },
    }
  }

  return {
    follow(id, caller, onlooker) {
      const sight = sightOf(caller)
      const posts = requests.get(id) ?? new Map<string, Post>()
      const mine = posts.get(sight) ?? post(id, caller)
      requests.set(id, posts.set(sight, mine))
      mine.onlookers.add(onlooker)
      stopListening ??= desk.onChange((state) => { for (const one of requests.get(state.id)?.values() ?? []) one.look() })
      return () => {
        mine.onlookers.delete(onlooker)
        if (mine.onlookers.size > 0 || posts.get(sight) !== mine) return
        posts.delete(sight)
        if (posts.size > 0 || requests.get(id) !== posts) return
        requests.delete(id)
        if (requests.size > 0) return
        stopListening?.()
        stopListening = undefined
      }
    },
  }
}
