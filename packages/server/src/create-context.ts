import { captureQueue } from './capture-queue.js'
import type { Context } from './context.js'
import { holdKeeper } from './hold-keeper.js'
import { type RegularSweep, regularSweep } from './regular-sweep.js'
import type { Settings } from './settings.js'
import { storeStarter } from './start-store.js'
import type { StripeApi } from './stripe-api.js'
import { stripeCards } from './stripe-cards.js'
import { stripeGateway } from './stripe-gateway.js'
import { stripeRecords } from './stripe-records.js'

/** A context, and the sweeping that begins with its start. */
export interface Running {
  context: Context
  sweeping: RegularSweep
}

/**
 * Joins an engine to its doors. Whatever it does to the world goes through `settings.store`, `settings.runtime` and
 * `stripe`, and through nothing else: whoever holds these three can stop the world at any moment.
 */
export function createContext(settings: Settings, stripe: StripeApi = settings.stripe): Running {
  const { store, runtime } = settings
  const gateway = stripeGateway(settings, stripe)
  const records = stripeRecords(settings, stripe)
  const startStore = storeStarter({ settings, gateway, records }, stripe)
  let started: Promise<void> | undefined
  let isStarted = false

  function start(): Promise<void> {
    sweeping.begin()
    started ??= begin()
    return started
  }

  async function begin(): Promise<void> {
    try {
      await startStore()
      isStarted = true
    } catch (error) {
      // The next request or sweep tries again: a store that was down at boot may come up.
      startAgain()
      throw error
    }
  }

  function startAgain(): void {
    started = undefined
    isStarted = false
  }

  const context: Context = {
    settings,
    gateway,
    cards: stripeCards(settings, stripe),
    records,
    captures: captureQueue(store, runtime),
    holds: holdKeeper(settings),
    start,
    isStarted: () => isStarted,
    startAgain,
  }
  const sweeping = regularSweep(context)
  return { context, sweeping }
}
