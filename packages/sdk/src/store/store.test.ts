import { describe, test } from 'vitest'
import { createMemoryStore, storeContract } from './index.js'

describe('store contract on MemoryStore', () => {
  for (const { name, run } of storeContract(async () => createMemoryStore())) test(name, run)
})
