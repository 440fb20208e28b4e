import { describe, test } from 'vitest'
import { createMemoryStore, storeContract, type Store } from './index.js'

describe('store contract on MemoryStore', () => {
  for (const { name, run } of storeContract(async () => createMemoryStore())) test(name, run)
})

describe('store contract on MemoryStore, given Buffers, whose `slice` copies nothing', () => {
  const given = (store: Store): Store => ({
    ...store,
    append: async (scope, write) => {
      const memory = write.evidence?.map(({ bytes }) => Buffer.from(bytes)) ?? []
      const outcome = await store.append(scope, { ...write, ...(write.evidence === undefined ? {} : { evidence: write.evidence.map((item, place) => ({ ...item, bytes: memory[place] ?? item.bytes })) }) })
      for (const buffer of memory) buffer.fill(0)
      return outcome
    },
  })
  for (const { name, run } of storeContract(async () => given(createMemoryStore()))) test(name, run)
})
