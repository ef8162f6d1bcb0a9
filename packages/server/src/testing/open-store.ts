import type { Store } from '../store.js'

/** Starts a store and declares its data complete: for tests, whose stores have lost nothing. */
export async function openStore(store: Store): Promise<void> {
  const state = await store.start()
  if (state.type === 'blank') await store.open(state.dataId)
}
