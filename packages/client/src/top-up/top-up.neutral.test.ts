import { describe, expect, test } from 'vitest'
import { type ClientStore, memoryStore } from '../client-store.js'
import { PaymentRequiredError } from '../errors.js'
import { listen } from '../events.js'
import type { Payer } from '../payer.js'
import { cards, undecided } from '../testing/cards.fixture.js'
import { paying, together } from '../testing/paying.fixture.js'
import { openShop } from '../testing/shop.fixture.js'

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

  test('does not keep the others waiting for the head of the answer that the card has paid for', async () => {
    const shop = openShop()
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    const slow = paidFetch(shop.url('/late/slow/paid/100'))
    await shop.arrived('slow')
    expect((await paidFetch(shop.url('/paid/200'))).status).toBe(200)
    expect(payer.outcomes.map(({ type }) => type)).toEqual(['paid'])
    await shop.open('slow')
    expect((await slow).status).toBe(200)
    const { charges, balances } = await shop.state()
    expect([payer.asked.length, charges.length, Object.values(balances)]).toEqual([1, 1, [49_700]])
  })

  test('asks nobody for a request that was aborted while its 402 was read', async () => {
    const shop = openShop()
    const payer = cards('pm_good')
    const events = new EventTarget()
    const controller = new AbortController()
    listen(events, 'payment-required', () => controller.abort(new Error('gone')))
    const paidFetch = paying({ payer, events })
    await expect(paidFetch(shop.url('/paid/100'), { signal: controller.signal })).rejects.toThrow('gone')
    expect((await paying({ payer })(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(1)
  })
})
