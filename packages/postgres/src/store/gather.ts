/** How calls are gathered. */
export interface GatherOptions {
  /** Groups on their way at a time. */
  readonly lanes: number
  /** Calls in a group. */
  readonly most: number
}

/**
 * Gathers calls into groups without waiting for any: those of one turn of the event loop go together at its end where a lane is free; what comes
 * while all are busy goes together as soon as one is free again. Whoever is alone loses nothing; under load a way to the database is shared.
 *
 * @param run answers a group, in its order; when it rejects, every call of the group does
 */
export function gather<Item, Result>({ lanes, most }: GatherOptions, run: (items: readonly Item[]) => Promise<readonly Result[]>): (item: Item) => Promise<Result> {
  interface Call { readonly item: Item; readonly resolve: (result: Result) => void; readonly reject: (error: unknown) => void }
  const waiting: Call[] = []
  let busy = 0

  function depart(): void {
    while (busy < lanes && waiting.length > 0) {
      const group = waiting.splice(0, most)
      busy += 1
      run(group.map(({ item }) => item)).then(
        results => { group.forEach(({ resolve }, index) => resolve(results[index] as Result)) },
        (error: unknown) => { for (const { reject } of group) reject(error) },
      ).finally(() => {
        busy -= 1
        depart()
      })
    }
  }

  return item => new Promise((resolve, reject) => {
    if (waiting.push({ item, resolve, reject }) === 1 && busy < lanes) setImmediate(depart)
  })
}
