import { hasTakenMoney } from './has-taken-money.js'
import type { Settings } from './settings.js'
import { BlankStoreError } from './store/index.js'
import type { StripeApi } from './stripe-api.js'

/**
 * Gives the way to start a store. A blank one is opened only if Stripe never took money for this seller: an empty store
 * would answer payers who have credit that they have none, and charge them again.
 *
 * It may be called again after a failure, and after the store lost its data; it throws {@link BlankStoreError} when
 * credit is missing, or when Stripe could not be asked whether it is.
 */
export function storeStarter(settings: Settings, stripe: StripeApi): () => Promise<void> {
  let isMoneyTaken = false
  return async () => {
    if ((await settings.store.start()) !== 'blank') return
    // A yes stays true, and every request to a blank store comes through here.
    isMoneyTaken ||= await hasTakenMoney(settings, stripe).catch((cause) => {
      throw new BlankStoreError(
        'The store is blank, and Stripe did not say whether cards were charged before. Nothing is sold until it does.',
        { cause },
      )
    })
    if (isMoneyTaken) throw new BlankStoreError()
    await settings.store.open()
  }
}
