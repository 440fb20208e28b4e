/** Applies `work` to each item, at most `limit` at a time, and gives the results in the order of the items. Holds no more than `limit` of them. */
export async function* inOrder<Item, Result>(items: AsyncIterable<Item>, limit: number, work: (item: Item) => Promise<Result>): AsyncGenerator<Result> {
  const open: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const promise = work(item)
      // A later one may fail first: it is heard when its turn comes.
      promise.catch(() => {})
      open.push(promise)
      if (open.length >= limit) yield await (open.shift() as Promise<Result>)
    }
    while (open.length > 0) yield await (open.shift() as Promise<Result>)
  } finally {
    await Promise.allSettled(open)
  }
}
