import { describe, it } from 'vitest'
import { storeContract } from '../testing/index.js'
import { MemoryStore } from './memory-store.js'

const HISTORY_LIMIT = 50

describe('MemoryStore', () => {
  storeContract(
    { describe, it },
    async () => {
      let nowMs = 1_700_000_000_000
      const store = new MemoryStore({ clock: () => nowMs, historyLimit: HISTORY_LIMIT })
      const advance = (ms: number): void => {
        nowMs += ms
      }
      return { store, advance, wipe: () => store.wipe(), stop: async () => {} }
    },
    { historyLimit: HISTORY_LIMIT },
  )
})
