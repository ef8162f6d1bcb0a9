import type { Context } from './context.js'
import { hasTakenMoney } from './has-taken-money.js'
import { BlankStoreError } from './store/index.js'
import type { StripeApi } from './stripe-api.js'
import { cancelOrphan } from './top-up/cancel-orphan.js'

type StripeSide = Pick<Context, 'settings' | 'gateway' | 'records'>

/** So many of the latest PaymentIntents: what Stripe gives at once. */
const MOST_ORPHANS = 100

/**
 * Gives the way to start a store. A blank one is opened only if Stripe never took money for this seller: an empty store
 * would answer payers who have credit that they have none, and charge them again.
 *
 * It may be called again after a failure, and after the store lost its data; it throws {@link BlankStoreError} when
 * credit is missing, or when Stripe could not be asked whether it is.
 */
export function storeStarter(context: StripeSide, stripe: StripeApi): () => Promise<void> {
  const { settings } = context
  let isMoneyTaken = false
  return async () => {
    const state = await settings.store.start()
    if (state.type === 'ready') return
    // A yes stays true, and every request to a blank store comes through here.
    await refuseIfMoneyWasTaken()
    await cancelLatestOrphans(context).catch(refuseToGuess)
    // Tidying up takes as long as Stripe does: another process may have opened the store and sold, and the store be lost again.
    await refuseIfMoneyWasTaken()
    await settings.store.open(state.dataId)
  }

  async function refuseIfMoneyWasTaken(): Promise<void> {
    isMoneyTaken ||= await hasTakenMoney(settings, stripe).catch(refuseToGuess)
    if (isMoneyTaken) throw new BlankStoreError()
  }
}

/** What was begun before the data were lost, and might still be confirmed by a process that slept through it. */
async function cancelLatestOrphans(context: StripeSide): Promise<void> {
  let seen = 0
  for await (const intent of context.records.intents(null)) {
    await cancelOrphan(context, intent)
    seen += 1
    if (seen === MOST_ORPHANS) return
  }
}

function refuseToGuess(cause: unknown): never {
  throw new BlankStoreError(
    'The store is blank, and Stripe did not say whether cards were charged before. Nothing is sold until it does, or until ' +
      'the credit is rebuilt from Stripe with: npx stripe402 reconcile --rebuild',
    { cause },
  )
}
