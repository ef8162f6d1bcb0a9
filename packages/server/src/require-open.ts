import type { ClientId } from '@stripe402/core'
import type { Context } from './context.js'
import { BlankStoreError } from './store/index.js'

/**
 * Lets pass only what a complete store says of a client: one that lost its data knows neither what was bought nor what was kept.
 *
 * @throws BlankStoreError
 */
export async function requireOpen({ settings }: Context, clientId: ClientId): Promise<void> {
  if (!(await settings.store.isOpen(clientId))) throw new BlankStoreError()
}
