import type { Stripe402 } from '../create-stripe402.js'
import { BlankStoreError } from '../store/index.js'

/**
 * A blank store may be the wrong one: what is written to it would be a second ledger beside the server's.
 *
 * @throws BlankStoreError when nobody ever declared the store complete.
 */
export async function refuseBlank({ settings }: Pick<Stripe402, 'settings'>): Promise<void> {
  if ((await settings.store.start()).type === 'ready') return
  throw new BlankStoreError(
    'This store is blank. If your server uses another one, set what that uses (REDIS_URL, REDIS_CLUSTER, DATABASE_URL, DATABASE_SCHEMA). ' +
      'If it lost its data, rebuild the credit from Stripe with: npx stripe402 reconcile --rebuild (what was spent is ' +
      'forgiven). If nobody ever paid, start the server first.',
  )
}
