import { type ClientId, HEADERS, type PurchaseId, serializePayment } from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import type { PaidRequest } from '../paid-request.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import type { Store } from '../store.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type StolenCards, stolenCards } from './stolen-cards.fixture.js'

/** Cards that work; the honest share them, as no address shares anything with another. */
export const WORKING: readonly string[] = [
  'visa',
  'visa_debit',
  'mastercard',
  'amex',
  'discover',
  'diners',
  'jcb',
  'unionpay',
]
const ADDRESSES = 500
const HONEST = 20

/** What an honest buyer shows beside a card. */
export interface Buyer {
  captcha?: string
  clientId?: ClientId | undefined
}

/** What an attack came to. */
export interface Attack {
  /** What the honest were answered. */
  honest: number[]
  /** How many cards their banks declined, of those that were tried by the carders. */
  declined: number
}

/** A seller whom carders have found. */
export interface Target {
  seller: Seller
  stolen: StolenCards
  statusOf(
    paymentMethodId: string,
    address: string,
    wish?: Buyer & { purchaseId?: PurchaseId | undefined },
  ): Promise<number>
  /** How many cards our server asked Stripe about; the carders' own calls use the publishable key. */
  reached(): number
  /** Tries `cards` from 500 addresses, with 20 honest buyers in between. `tick` is told how many were tried so far. */
  attack(
    cards: number,
    tick: (at: number) => void | Promise<void>,
    buyer?: (card: number) => Buyer,
  ): Promise<Attack>
}

/** Opens a seller over a store; `clock` is what the store goes by. */
export function openTarget(
  store: Store,
  clock: () => number,
  options: Pick<Stripe402Options, 'challenge' | 'limits'> = {},
): Target {
  const stripeLocal = createStripeLocal({ clock })
  const stolen = stolenCards(stripeLocal)
  const seller = openSeller({
    stripeLocal,
    stripe: stolen.stripe,
    store,
    runtime: { now: clock, sleep: async () => {} },
    ...options,
  })

  const statusOf: Target['statusOf'] = async (
    paymentMethodId,
    address,
    { captcha, clientId, ...rest } = {},
  ) => {
    const { purchaseId } = { purchaseId: somePurchaseId(), ...rest }
    const payment = serializePayment({ paymentMethodId, topUpAmount: 50_000, purchaseId, clientId })
    const request: PaidRequest = {
      method: 'POST',
      url: '/.well-known/stripe402/top-up',
      header: (name) => (name === HEADERS.PAYMENT ? payment : name === 'x-captcha' ? captcha : undefined),
      address: () => address,
    }
    return (await seller.stripe402.topUp(request)).status
  }

  return {
    seller,
    stolen,
    statusOf,
    reached: () => stripeLocal.log.find({ method: 'GET', path: '/v1/payment_methods/:id' }).length,
    async attack(cards, tick, buyer = () => ({})) {
      const honest: number[] = []
      const every = cards / HONEST
      let declined = 0
      // A card that was stopped before Stripe saw it is as good as another one, and there are thousands to make.
      let stolenCard = await stolen.next()
      for (let at = 0; at < cards; at += 1) {
        await tick(at)
        const from = at % ADDRESSES
        const status = await statusOf(stolenCard, `10.9.${from % 2}.${Math.floor(from / 2)}`)
        if (status === 402) declined += 1
        if (status !== 429) stolenCard = await stolen.next()
        if (at % every !== every - 1) continue
        const card = honest.length % WORKING.length
        const address = `2001:db8:${honest.length}::1`
        honest.push(await statusOf(`pm_card_${WORKING[card]}`, address, buyer(card)))
      }
      return { honest, declined }
    },
  }
}
