import type { PurchaseId } from '@stripe402/core'
import { describe, expect, test } from 'vitest'
import type { ClientOptions } from './client.js'
import { type ClientStore, memoryStore } from './client-store.js'
import { PaymentPendingError, PaymentRequiredError } from './errors.js'
import { listen } from './events.js'
import type { Payer, PaymentContext } from './payer.js'
import { cards, undecided } from './testing/cards.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

function paying(options: ClientOptions): typeof fetch {
  return wrapFetch(fetch, { store: memoryStore(), delay: async () => {}, ...options })
}

/** Several requests at once, by number of requests. */
function together(count: number, send: (index: number) => Promise<Response>): Promise<Response[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => send(index)))
}

describe('wrapFetch, one top-up for all', () => {
  test('asks once and charges once for parallel requests, then replays each with the account', async () => {
    const shop = openShop()
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    const answers = await together(5, (index) => paidFetch(shop.url(`/paid/${100 + index}`)))
    expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject(
      [100, 101, 102, 103, 104].map((price) => ({ price })),
    )
    expect(payer.asked).toHaveLength(1)
    const { charges, seen } = await shop.state()
    expect(charges).toHaveLength(1)
    expect(seen.filter(({ payment }) => payment?.paymentMethodId)).toHaveLength(1)
    expect(seen.filter(({ payment }) => payment?.clientId)).toHaveLength(4)
    expect(seen).toHaveLength(10)
  })

  test('asks again when the credit does not last for all', async () => {
    const shop = openShop()
    const payer = cards('pm_good', 'pm_good_again')
    const paidFetch = paying({ payer })
    const answers = await together(4, () => paidFetch(shop.url('/paid/20000')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(payer.asked).toHaveLength(2)
    expect((await shop.state()).charges).toHaveLength(2)
  })

  test('uses one request id per call and one purchase id per decision', async () => {
    const shop = openShop()
    await paying({ payer: cards('pm_declined', 'pm_good') })(shop.url('/paid/100'))
    const payments = (await shop.seen()).flatMap(({ payment }) => payment ?? [])
    expect(payments).toHaveLength(2)
    expect(new Set(payments.map(({ requestId }) => requestId)).size).toBe(1)
    expect(new Set(payments.map(({ purchaseId }) => purchaseId)).size).toBe(2)
  })

  test('keeps requests waiting in one session while a refused card is replaced', async () => {
    const shop = openShop()
    const payer = cards('pm_declined', 'pm_good')
    const paidFetch = paying({ payer })
    const answers = await together(3, () => paidFetch(shop.url('/paid/100')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(payer.asked.map(({ attempt, reason }) => [attempt, reason])).toEqual([
      [1, 'payment'],
      [2, 'declined'],
    ])
    expect(payer.asked[1]?.challenge).toMatchObject({
      error: 'card_declined',
      decline: { code: 'insufficient_funds' },
    })
    expect(payer.asked[1]?.context).toBe(payer.asked[0]?.context)
    expect(payer.outcomes.map(({ type }) => type)).toEqual(['paid'])
  })

  test('stops asking after five refusals and returns the last one', async () => {
    const shop = openShop()
    const payer = cards(...Array.from({ length: 9 }, (_, index) => `pm_declined_${index}`))
    const response = await paying({ payer })(shop.url('/paid/100'))
    expect(await response.json()).toMatchObject({ errorCode: 'card_declined' })
    expect(payer.asked).toHaveLength(5)
    expect(payer.outcomes).toMatchObject([{ type: 'declined', challenge: { error: 'card_declined' } }])
  })

  test('returns every waiting request its own 402, readable, when the person says no', async () => {
    const shop = openShop()
    const payer = cards()
    const paidFetch = paying({ payer })
    const answers = await together(3, (index) => paidFetch(shop.url(`/paid/${100 + index}`)))
    const bodies = await Promise.all(answers.map((answer) => answer.json()))
    expect(bodies.map(({ accepts: [offer] }) => offer.amount)).toEqual([100, 101, 102])
    expect(payer.asked).toHaveLength(1)
    expect(payer.outcomes).toEqual([{ type: 'cancelled' }])
    expect(await shop.seen()).toHaveLength(3)
  })

  test('runs the bank’s check and goes on with the same purchase and no card', async () => {
    const shop = openShop()
    const seen: unknown[] = []
    const payer: Payer = Object.assign(cards('pm_check'), {
      async authenticate(nextAction: unknown, context: PaymentContext) {
        seen.push(nextAction, context.id)
        await shop.set({ bank: 'confirmed' })
      },
    })
    const response = await paying({ payer })(shop.url('/paid/100'))
    expect(response.status).toBe(200)
    expect(seen).toMatchObject([{ clientSecret: 'pi_secret' }, expect.any(String)])
    const [, card, confirmed] = (await shop.seen()).map(({ payment }) => payment)
    expect(confirmed?.purchaseId).toBe(card?.purchaseId)
    expect(confirmed?.paymentMethodId).toBeUndefined()
    expect(confirmed?.paymentIntentId).toMatch(/^pi_/)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('asks for another card when the check fails', async () => {
    const shop = openShop()
    const payer = Object.assign(cards('pm_check', 'pm_good'), {
      authenticate: () => shop.set({ bank: 'refused' }),
    })
    expect((await paying({ payer })(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked.map(({ reason }) => reason)).toEqual(['payment', 'declined'])
  })

  test('asks for another card when the person closes the check twice', async () => {
    const shop = openShop()
    let checks = 0
    const payer = Object.assign(cards('pm_check'), {
      async authenticate() {
        checks++
      },
    })
    expect((await paying({ payer })(shop.url('/paid/100'))).status).toBe(402)
    expect(checks).toBe(2)
    expect(payer.asked.map(({ reason }) => reason)).toEqual(['payment', 'authentication'])
  })

  test('returns the 402 when nobody can run the check', async () => {
    const shop = openShop()
    const payer = cards('pm_check')
    const response = await paying({ payer })(shop.url('/paid/100'))
    expect(await response.json()).toMatchObject({ error: 'authentication_required' })
    expect(payer.outcomes).toEqual([{ type: 'failed', error: 'AUTHENTICATION_REQUIRED' }])
  })

  test('asks about an unknown outcome with the same purchase, after the time the server names', async () => {
    const shop = openShop()
    const delays: number[] = []
    const payer = cards('pm_pending')
    const paidFetch = paying({
      payer,
      delay: async (delayMs) => {
        delays.push(delayMs)
      },
    })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(delays).toEqual([1000])
    expect(payer.outcomes.map(({ type }) => type)).toEqual(['pending', 'paid'])
    const [, one, two] = (await shop.seen()).map(({ payment }) => payment)
    expect(two?.purchaseId).toBe(one?.purchaseId)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('surfaces a network error after paying, and spends the credit next time without a new charge', async () => {
    const shop = openShop()
    const payer = cards('pm_lost', 'pm_good')
    const paidFetch = paying({ payer })
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toBeInstanceOf(TypeError)
    expect(payer.outcomes).toEqual([{ type: 'failed', error: 'network', isUnsure: true }])
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test.each([
    ['pm_lost', 'whose reply was lost', '/paid/100'],
    ['pm_good', 'that was answered with a 502', '/paid/100?status=502&receipt=no'],
  ])('asks about %s, %s, although another tab has written over what was noted', async (card, _how, path) => {
    const shop = openShop()
    const store = memoryStore()
    const payer = cards(card, 'pm_good_again')
    const paidFetch = paying({ payer, store })
    await paidFetch(shop.url(path)).catch(() => {})
    const record = store.get(shop.origin)
    store.set(shop.origin, { clients: {}, asked: {}, ...record, purchases: {} })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('does not send a lost card again unasked where another tab may have settled its purchase', async () => {
    const shop = openShop()
    const store = memoryStore()
    let isCut = false
    const payer = cards('pm_good', 'pm_good_again')
    const paidFetch = wrapFetch(
      (...args) => (isCut ? Promise.reject(new TypeError('cut')) : fetch(...args)),
      {
        store,
        payer: (...asked) => {
          isCut = payer.asked.length === 0
          return payer(...asked)
        },
      },
    )
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toThrow('cut')
    isCut = false
    const record = store.get(shop.origin) ?? never()
    store.set(shop.origin, { ...record, purchases: {} })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(2)
    const sent = (await shop.seen()).map(({ payment }) => payment?.paymentMethodId)
    expect(sent.filter((card) => card !== undefined)).toEqual(['pm_good_again'])
  })

  test('asks about its own lost purchase and leaves alone what another tab has noted meanwhile', async () => {
    const shop = openShop()
    const store = memoryStore()
    const payer = cards('pm_lost')
    const paidFetch = paying({ payer, store })
    await paidFetch(shop.url('/paid/100')).catch(() => {})
    const purchaseId = (await openShopPurchase()) ?? never()
    const record = store.get(shop.origin) ?? never()
    const purchases = { usd: { purchaseId, currency: 'usd' } }
    store.set(shop.origin, { ...record, purchases })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect((await shop.state()).charges).toHaveLength(1)
    expect(store.get(shop.origin)?.purchases).toEqual(purchases)
  })

  test('lets the next waiting request carry the same purchase when the first one’s reply is lost', async () => {
    const shop = openShop()
    const paidFetch = paying({ payer: cards('pm_lost') })
    const answers = await Promise.allSettled([1, 2, 3].map((n) => paidFetch(shop.url(`/paid/100?n=${n}`))))
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('finds an unfinished purchase of an earlier page, and prompts when it came to nothing', async () => {
    const store = memoryStore()
    const shop = openShop()
    await paying({ store, payer: cards('pm_lost') })(shop.url('/paid/100')).catch(() => {})
    const later = cards()
    expect((await paying({ store, payer: later })(shop.url('/paid/100'))).status).toBe(200)
    expect(later.asked).toHaveLength(0)
    expect(store.get(shop.origin)?.purchases).toEqual({})

    const other = openShop()
    const lost: ClientStore = memoryStore()
    lost.set(other.origin, {
      clients: {},
      asked: {},
      purchases: {
        usd: { purchaseId: (await shop.seen())[1]?.payment?.purchaseId ?? never(), currency: 'usd' },
      },
    })
    const asked = cards('pm_good')
    expect((await paying({ store: lost, payer: asked })(other.url('/paid/100'))).status).toBe(200)
    expect(asked.asked.map(({ attempt, reason }) => [attempt, reason])).toEqual([[1, 'payment']])
    expect(asked.asked[0]?.challenge.error).toBeUndefined()
  })

  test('lets every waiting request use the purchase where the receipt is hidden', async () => {
    const shop = openShop()
    await shop.set({ hidesHeaders: true })
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    const answers = await together(3, () => paidFetch(shop.url('/paid/100')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('takes a failing handler for what it is, and pays for the others with the same purchase', async () => {
    const shop = openShop()
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    const answers = await Promise.all(
      ['?status=500&receipt=no', '?n=2', '?n=3'].map((query) => paidFetch(shop.url(`/paid/100${query}`))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 500])
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test.each([
    ['pm_misconfigured', 'seller_misconfigured'],
    ['pm_unavailable', 'unavailable'],
  ] as const)(
    'tells the payer of %s what the body of a 503 says, and leaves it to the app',
    async (card, error) => {
      const shop = openShop()
      const payer = cards(card)
      const answer = await paying({ payer })(shop.url('/paid/100'))
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ errorCode: error })
      expect(payer.outcomes).toEqual([{ type: 'failed', error }])
    },
  )

  test('returns 429 at once, tells the payer, and charges nothing', async () => {
    const shop = openShop()
    const payer = cards('pm_busy')
    expect((await paying({ payer })(shop.url('/paid/100'))).status).toBe(429)
    expect(payer.outcomes).toEqual([{ type: 'failed', error: 'rate_limited' }])
    expect((await shop.state()).charges).toEqual([])
  })

  test.each([500, 502, 503, 504])(
    'does not take HTTP %s for a refusal of the card that it answers',
    async (status) => {
      const shop = openShop()
      const payer = cards('pm_good')
      const paidFetch = paying({ payer })
      expect((await paidFetch(shop.url(`/paid/100?status=${status}&receipt=no`))).status).toBe(status)
      const error = status === 503 ? 'unavailable' : `HTTP ${status}`
      expect(payer.outcomes).toEqual([{ type: 'failed', error, isUnsure: true }])
      expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
      expect(payer.asked).toHaveLength(1)
      expect((await shop.state()).charges).toHaveLength(1)
    },
  )

  test('rejects with PaymentPendingError, and not with a failure, where a card was answered with a 5xx', async () => {
    const shop = openShop()
    const paidFetch = paying({ mode: 'throw', payer: cards('pm_good') })
    const due = await paidFetch(shop.url('/paid/100?status=502&receipt=no')).catch((error: unknown) => error)
    if (!(due instanceof PaymentRequiredError)) throw new Error('Nothing was due.')
    await expect(due.topUp()).rejects.toBeInstanceOf(PaymentPendingError)
  })

  test('does not say of a purchase whose reply was lost that the 429 after it has refused it', async () => {
    const shop = openShop()
    const payer = cards('pm_lost_busy')
    const paidFetch = paying({ payer })
    await paidFetch(shop.url('/paid/100')).catch(() => {})
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(429)
    expect(payer.outcomes.at(-1)).toEqual({ type: 'failed', error: 'rate_limited', isUnsure: true })
  })

  test('pays for the others when the request that carries the card is aborted', async () => {
    const shop = openShop()
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    const aborting = new AbortController()
    const first = paidFetch(shop.url('/gate/slow/paid/100'), { signal: aborting.signal })
    const outcome = expect(first).rejects.toBe('not any more')
    await shop.arrived('slow')
    const second = paidFetch(shop.url('/paid/200'))
    aborting.abort('not any more')
    await outcome
    expect((await second).status).toBe(200)
    await shop.open('slow')
    const purchases = (await shop.seen()).flatMap(({ payment }) => payment?.purchaseId ?? [])
    expect(new Set(purchases).size).toBe(1)
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('keeps the dialog for the others when the request that opened it is aborted, and closes it with the last', async () => {
    const shop = openShop()
    const payer = undecided()
    const events = new EventTarget()
    const paidFetch = paying({ payer, events })
    const [one, two] = [new AbortController(), new AbortController()]
    const first = paidFetch(shop.url('/paid/100'), { signal: one.signal }).catch((error: unknown) => error)
    const { signal } = await payer.prompted
    const second = paidFetch(shop.url('/paid/100'), { signal: two.signal }).catch((error: unknown) => error)
    await new Promise((resolve) => listen(events, 'payment-required', resolve))
    one.abort('one')
    expect(await first).toBe('one')
    expect(signal.aborted).toBe(false)
    two.abort('two')
    expect(await second).toBe('two')
    expect(signal.aborted).toBe(true)
    expect((await shop.seen()).filter(({ payment }) => payment)).toEqual([])
  })

  test('lets nobody wait for ever where the store breaks down in the middle', async () => {
    const shop = openShop()
    const records = memoryStore()
    let isBroken = false
    const store: ClientStore = {
      get(origin) {
        if (isBroken) throw new RangeError('no disk')
        return records.get(origin)
      },
      set: (origin, record) => void records.set(origin, record),
      delete: (origin) => void records.delete(origin),
    }
    const payer = cards()
    const { settled } = payer
    payer.settled = (...news) => {
      settled?.(...news)
      isBroken = true
    }
    expect((await paying({ payer, store })(shop.url('/paid/100'))).status).toBe(402)
    isBroken = false
    expect((await paying({ payer, store })(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(2)
  })

  test('hands over the 402 when the payer throws, says why, and opens a new session next time', async () => {
    const shop = openShop()
    const events = new EventTarget()
    const heard: unknown[] = []
    listen(events, 'error', ({ detail: { code, cause } }) => void heard.push([code, cause]))
    const cause = new RangeError('no form')
    const broken: Payer = () => Promise.reject(cause)
    const payer = undecided()
    let current: Payer = broken
    const paidFetch = paying({ events, payer: (challenge, context) => current(challenge, context) })
    const refused = await paidFetch(shop.url('/paid/100'))
    expect([refused.status, refused.bodyUsed, heard]).toEqual([402, false, [['PAYER_FAILED', cause]]])
    current = payer
    const again = paidFetch(shop.url('/paid/100'))
    await payer.prompted
    payer.decide({ paymentMethodId: 'pm_good' })
    expect((await again).status).toBe(200)
  })

  test('rejects topUp() with what the payer threw', async () => {
    const shop = openShop()
    const cause = new RangeError('no form')
    const paidFetch = paying({ mode: 'throw', payer: () => Promise.reject(cause) })
    const due = await paidFetch(shop.url('/paid/100')).catch((error: unknown) => error)
    if (!(due instanceof PaymentRequiredError)) throw new Error('Nothing was due.')
    await expect(due.topUp()).rejects.toBe(cause)
  })

  test('reports every step in events, frozen and decoded', async () => {
    const shop = openShop()
    const events = new EventTarget()
    const log: string[] = []
    for (const type of ['payment-required', 'retry', 'paid', 'balance-change', 'declined', 'error'] as const)
      listen(events, type, ({ detail }) => log.push(`${type} ${Object.isFrozen(detail)}`))
    const exchanges: unknown[] = []
    listen(events, 'exchange', ({ detail }) => {
      exchanges.push(detail)
    })
    const paidFetch = paying({ payer: cards('pm_declined', 'pm_good'), events })
    await paidFetch(shop.url('/paid/100'))
    await paidFetch(shop.url('/free'))
    expect(log).toEqual([
      'payment-required true',
      'retry true',
      'declined true',
      'retry true',
      'balance-change true',
      'paid true',
    ])
    expect(exchanges).toMatchObject([
      {
        status: 402,
        payment: null,
        challenge: { resource: { description: 'A thing · 物 · شيء 🎿' } },
        receipt: null,
      },
      { status: 402, payment: { paymentMethodId: 'pm_declined' }, challenge: { error: 'card_declined' } },
      {
        status: 200,
        payment: { paymentMethodId: 'pm_good' },
        challenge: null,
        receipt: { creditsRemaining: 49_900 },
      },
    ])
  })

  test('shows the lowest balance of answers that crossed', async () => {
    const shop = openShop()
    const store = memoryStore()
    const paidFetch = paying({ payer: cards('pm_good'), store })
    await together(6, () => paidFetch(shop.url('/paid/100')))
    expect(store.get(shop.origin)?.clients.usd?.balanceUnits).toBe(49_400)
  })
})

/** The id of somebody's purchase. */
async function openShopPurchase(): Promise<PurchaseId | undefined> {
  const shop = openShop()
  await paying({ payer: cards('pm_good') })(shop.url('/paid/100'))
  return (await shop.seen())[1]?.payment?.purchaseId
}

function never(): never {
  throw new Error('the first shop has seen a purchase')
}
