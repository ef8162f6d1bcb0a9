import { join } from 'node:path'
import { MemoryStore, type Store } from '@stripe402/server'
import type { DemoSettings } from './demo-settings.js'

/** Where the balances are, and how to leave it. */
export interface OpenStore {
  store: Store
  /** For a person: `PGlite in demo/.data`. */
  name: string
  close(): Promise<void>
}

export async function openStore(settings: DemoSettings, dataFolder: string): Promise<OpenStore> {
  void settings, join(dataFolder)
  return { store: new MemoryStore(), name: 'memory', close: async () => {} }
}
