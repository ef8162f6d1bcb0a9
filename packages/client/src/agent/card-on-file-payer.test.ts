import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { PaymentRequired } from '@stripe402/core'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../client-store.js'
import { AuthenticationRequiredError } from '../errors.js'
import type { PaymentContext } from '../payer.js'
import { openShop } from '../testing/shop.fixture.js'
import { wrapFetch } from '../wrap-fetch.js'
import { type CardOnFileOptions, type CardOnFilePayer, cardOnFilePayer } from './card-on-file-payer.js'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function agent(options: Partial<CardOnFileOptions>): { payer: CardOnFilePayer; paidFetch: typeof fetch } {
  const payer = cardOnFilePayer({ paymentMethodId: 'pm_good', budget: { usd: 60_000 }, ...options })
  return { payer, paidFetch: wrapFetch(fetch, { payer, store: memoryStore() }) }
}

/** A session with this id at one and the same shop. */
function sessionOf(id: string): { challenge: PaymentRequired; context: PaymentContext } {
  const origin = 'https://shop.example'
  return {
    challenge: {
      stripe402Version: 1,
      resource: { url: id },
      accepts: [{ scheme: 'stripe', currency: 'usd', amount: 100, minTopUp: 5000, publishableKey: 'pk' }],
    },
    context: {
      id,
      origin,
      url: `${origin}/${id}`,
      currency: 'usd',
      method: 'GET',
      attempt: 1,
      reason: 'payment',
      signal: AbortSignal.abort(),
      savedCard: async () => null,
    },
  }
}

describe('cardOnFilePayer', () => {
  test('pays by itself, with the least that pays for the request, and counts it', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({})
    expect((await paidFetch(shop.url('/paid/7001'))).status).toBe(200)
    expect((await shop.state()).charges.map(({ amount }) => amount)).toEqual([7100])
    expect(payer.remaining('usd')).toBe(52_900)
  })

  test('holds its highest price for credit as well, and spends credit up to it without buying', async () => {
    const shop = openShop()
    const { paidFetch } = agent({ perRequest: 20_000, topUpAmount: 50_000 })
    const prices = [100, 20_000, 20_001, 15_000]
    const statuses: number[] = []
    for (const price of prices) statuses.push((await paidFetch(shop.url(`/paid/${price}`))).status)
    expect(statuses).toEqual([200, 200, 402, 200])
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('makes a PaymentMethod with the seller’s key when none is stored', async () => {
    const shop = openShop()
    const keys: string[] = []
    const { paidFetch } = agent({
      paymentMethodId: undefined,
      async createPaymentMethod({ publishableKey }) {
        keys.push(publishableKey)
        return 'pm_good_made'
      },
    })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(keys).toEqual(['pk_test_shop'])
  })

  test('refuses a price above the cap of one request and returns the 402', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({})
    const response = await paidFetch(shop.url('/paid/10001'))
    expect(response.status).toBe(402)
    expect(await response.json()).toMatchObject({ accepts: [{ amount: 10_001 }] })
    expect((await shop.state()).charges).toEqual([])
    expect(payer.remaining('usd')).toBe(60_000)
  })

  test('refuses what the budget does not cover, other currencies, and absurd minimums', async () => {
    for (const state of [{ minTopUp: 60_100 }, { currencies: ['eur'] }, { minTopUp: 2 ** 53 - 1 }]) {
      const shop = openShop()
      await shop.set(state)
      const { payer, paidFetch } = agent({})
      expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
      expect((await shop.state()).charges).toEqual([])
      expect(payer.remaining('usd')).toBe(60_000)
    }
  })

  test('spends no more than the budget over many requests', async () => {
    const shop = openShop()
    await shop.set({ minTopUp: 20_000 })
    const { payer, paidFetch } = agent({})
    const statuses: number[] = []
    for (let call = 0; call < 10; call++) statuses.push((await paidFetch(shop.url('/paid/9000'))).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(6)
    expect((await shop.state()).charges).toHaveLength(3)
    expect(payer.remaining('usd')).toBe(0)
  })

  test('tries a refused card once and gives the budget back', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({ paymentMethodId: 'pm_declined' })
    const response = await paidFetch(shop.url('/paid/100'))
    expect(await response.json()).toMatchObject({ errorCode: 'card_declined' })
    expect(await shop.seen()).toHaveLength(2)
    expect(payer.remaining('usd')).toBe(60_000)
  })

  test.each(['pm_busy', 'pm_misconfigured', 'pm_declined'])(
    'gives the budget back when it is certain that %s was not charged',
    async (paymentMethodId) => {
      const shop = openShop()
      const { payer, paidFetch } = agent({ paymentMethodId })
      for (let call = 0; call < 3; call++) await paidFetch(shop.url('/paid/100'))
      expect((await shop.state()).charges).toEqual([])
      expect(payer.remaining('usd')).toBe(60_000)
    },
  )

  test('gives the budget back once when a lost reply turns out to have been a decline', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({ paymentMethodId: 'pm_lost_declined' })
    for (let turn = 0; turn < 2; turn++) {
      await expect(paidFetch(shop.url('/paid/100'))).rejects.toThrow(TypeError)
      expect(payer.remaining('usd')).toBe(55_000)
      const asked = await paidFetch(shop.url('/paid/100'))
      expect(await asked.json()).toMatchObject({ errorCode: 'card_declined' })
      expect(payer.remaining('usd')).toBe(60_000)
    }
  })

  test('keeps the budget taken when a lost reply turns out to have been a charge', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({ paymentMethodId: 'pm_lost' })
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toThrow(TypeError)
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.remaining('usd')).toBe(55_000)
  })

  test('keeps the budget taken when a lost reply turns out to have asked for 3-D Secure', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({ paymentMethodId: 'pm_lost_check' })
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toThrow(TypeError)
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toMatchObject({ code: 'AUTHENTICATION_REQUIRED' })
    expect(payer.remaining('usd')).toBe(55_000)
  })

  test('keeps nothing of sessions whose outcome is not heard, but of the last one', async () => {
    const payer = cardOnFilePayer({ paymentMethodId: 'pm_good', budget: { usd: 60_000 } })
    const outcome = { type: 'pending', retryAfterMs: 0 } as const
    const leavePending = async (id: string): Promise<WeakRef<PaymentRequired>> => {
      const { challenge, context } = sessionOf(id)
      await payer(challenge, context)
      payer.settled?.(outcome, context)
      return new WeakRef(challenge)
    }
    const left = [await leavePending('1'), await leavePending('2'), await leavePending('3')]
    // What a reference was just made to is kept to the end of the task.
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    expect(left.map((challenge) => challenge.deref()?.resource.url)).toEqual([undefined, undefined, '3'])
    expect(payer.remaining('usd')).toBe(45_000)
  })

  test('gives back once what two clients of it have heard of', async () => {
    const payer = cardOnFilePayer({ paymentMethodId: 'pm_good', budget: { usd: 60_000 } })
    const [{ challenge, context }, other] = [sessionOf('1'), sessionOf('2')]
    await payer(challenge, context)
    payer.settled?.({ type: 'pending', retryAfterMs: 0 }, context)
    expect(payer.remaining('usd')).toBe(55_000)
    for (const one of [other.context, context]) {
      payer.settled?.({ type: 'declined', challenge }, one)
      expect(payer.remaining('usd')).toBe(60_000)
    }
  })

  test('gives the budget back when making a PaymentMethod fails', async () => {
    const shop = openShop()
    const createPaymentMethod = (): Promise<string> => Promise.reject(new Error('no card'))
    const { payer, paidFetch } = agent({ paymentMethodId: undefined, createPaymentMethod })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.remaining('usd')).toBe(60_000)
  })

  test('counts a purchase once that ended at the bank and is confirmed there later', async () => {
    const shop = openShop()
    const { payer, paidFetch } = agent({ paymentMethodId: 'pm_check' })
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toMatchObject({ code: 'AUTHENTICATION_REQUIRED' })
    expect(payer.remaining('usd')).toBe(55_000)
    await shop.set({ bank: 'confirmed' })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect((await shop.state()).charges).toHaveLength(1)
    expect(payer.remaining('usd')).toBe(55_000)
  })

  test('counts a purchase as spent whose outcome nobody waits for any more', async () => {
    const shop = openShop()
    const { payer } = agent({ paymentMethodId: 'pm_pending' })
    const { settled } = payer
    const aborting = new AbortController()
    const told = new Promise<unknown>((resolve) => {
      payer.settled = (outcome, context) => {
        settled?.(outcome, context)
        if (aborting.signal.aborted) resolve(outcome)
      }
    })
    const delay = (): Promise<void> => {
      aborting.abort('too slow')
      return new Promise(() => {})
    }
    const paidFetch = wrapFetch(fetch, { payer, store: memoryStore(), delay })
    await expect(paidFetch(shop.url('/paid/100'), { signal: aborting.signal })).rejects.toBe('too slow')
    expect(await told).toMatchObject({ type: 'pending' })
    expect(payer.remaining('usd')).toBe(55_000)
  })

  test('counts a purchase as spent that somebody may still confirm at the bank', async () => {
    const shop = openShop()
    const { payer } = agent({ paymentMethodId: 'pm_check' })
    const { settled } = payer
    const aborting = new AbortController()
    const told = new Promise<unknown>((resolve) => {
      payer.settled = (outcome, context) => {
        settled?.(outcome, context)
        resolve(outcome)
      }
    })
    payer.authenticate = () => {
      aborting.abort('too slow')
      return new Promise(() => {})
    }
    const paidFetch = wrapFetch(fetch, { payer, store: memoryStore() })
    await expect(paidFetch(shop.url('/paid/100'), { signal: aborting.signal })).rejects.toBe('too slow')
    expect(await told).toMatchObject({ type: 'pending' })
    expect(payer.remaining('usd')).toBe(55_000)
  })

  test('rejects with the client secret when the bank wants 3-D Secure, without a loop', async () => {
    const shop = openShop()
    const { paidFetch } = agent({ paymentMethodId: 'pm_check' })
    const error: unknown = await paidFetch(shop.url('/paid/100')).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AuthenticationRequiredError)
    expect(error).toMatchObject({
      code: 'AUTHENTICATION_REQUIRED',
      nextAction: { clientSecret: 'pi_secret' },
    })
    expect(await shop.seen()).toHaveLength(2)
  })
})
