import { describe, expect, test } from 'vitest'
import { cardOnFilePayer } from './agent/card-on-file-payer.js'
import type { CardChoice, Payer } from './payer.js'
import type { SpendPolicy } from './policy.js'
import { cards } from './testing/cards.fixture.js'
import { errorCodes, paying } from './testing/native.fixture.js'
import { askedTimes, ownAccount, ownSeller, rich } from './testing/own-seller.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

const CARD: CardChoice = { paymentMethodId: 'pm_good' }
const EUR = { currency: 'eur' }

describe('wrapFetch, what a yes is good for', () => {
  test.each([
    ['a dearer request asks again', 9_000_000, [20_000, 9_000_000]],
    ['a cheaper one does not', 15_000, [20_000]],
  ])('takes a yes for the price that was seen: %s', async (_name, other, expected) => {
    const origin = await ownSeller(({ url, payment }, till) => {
      const amount = Number(url.pathname.slice(1))
      if (payment?.clientId) till.serve({ charged: amount, currency: 'usd' })
      else till.ask([{ amount }])
    })
    const events = new EventTarget()
    const bothWait = askedTimes(events, 2)
    const asked: [number | undefined, string][] = []
    const payer: Payer = async ({ accepts }, { reason }) => {
      asked.push([accepts[0]?.amount, reason])
      await bothWait
      return { clientId: ownAccount('usd') }
    }
    const paidFetch = wrapFetch(fetch, { store: rich(origin, 'usd'), payer, events })
    const first = paidFetch(`${origin}/20000`)
    await askedTimes(events, 1)
    const answers = await Promise.all([first, paidFetch(`${origin}/${other}`)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(asked).toEqual(expected.map((amount) => [amount, 'confirm']))
  })
})

describe('wrapFetch, when a card confirms that credit may be spent', () => {
  test('spends the credit, and charges nothing as long as it lasts', async () => {
    const shop = openShop()
    const payer = cards('pm_good', 'pm_good', 'pm_good', 'pm_good', 'pm_good')
    const paidFetch = paying({ payer })
    for (let call = 0; call < 5; call++) expect((await paidFetch(shop.url('/paid/12000'))).status).toBe(200)
    // Four times 12,000 of 50,000; then the card that was given with the yes buys more, without another question.
    expect(payer.asked.map(({ reason }) => reason)).toEqual(['payment', ...Array(4).fill('confirm')])
    expect((await shop.state()).charges).toHaveLength(2)
    expect(payer.outcomes.map(({ type }) => type)).toEqual(Array(5).fill('paid'))
  })

  test('charges no card of a program', async () => {
    const shop = openShop()
    const payer = cardOnFilePayer({ paymentMethodId: 'pm_good', budget: { usd: 60_000 } })
    const paidFetch = paying({ payer, policy: { askAbove: 50 } })
    for (let call = 0; call < 4; call++) expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect((await shop.state()).charges).toHaveLength(1)
    expect(payer.remaining('usd')).toBe(55_000)
  })
})

describe('wrapFetch, when the request that a payer has seen is gone', () => {
  test('asks again before a dearer one is paid with that card', async () => {
    const shop = openShop()
    const events = new EventTarget()
    const aborting = new AbortController()
    const asked: (number | undefined)[] = []
    const prompted = askedTimes(events, 1)
    const bothWait = askedTimes(events, 2)
    const payer: Payer = async ({ accepts }) => {
      asked.push(accepts[0]?.amount)
      if (asked.length > 1) return null
      await bothWait
      aborting.abort('gone')
      return { paymentMethodId: 'pm_good', topUpAmount: 50_000 }
    }
    const paidFetch = paying({ payer, events })
    const first = paidFetch(shop.url('/paid/100'), { signal: aborting.signal }).catch(
      (error: unknown) => error,
    )
    await prompted
    const second = await paidFetch(shop.url('/paid/30000'))
    expect([await first, second.status, asked]).toEqual(['gone', 402, [100, 30_000]])
    expect((await shop.state()).charges).toEqual([])
  })

  test('asks again where the answer hides the account and the purchase itself would pay', async () => {
    const shop = openShop()
    await shop.set({ hidesHeaders: true })
    const events = new EventTarget()
    const bothWait = askedTimes(events, 2)
    const prompted = askedTimes(events, 1)
    const asked: (number | undefined)[] = []
    const payer: Payer = async ({ accepts }) => {
      asked.push(accepts[0]?.amount)
      if (asked.length > 1) return null
      await bothWait
      return { paymentMethodId: 'pm_good', topUpAmount: 50_000 }
    }
    const paidFetch = paying({ payer, events })
    const first = paidFetch(shop.url('/paid/100'))
    await prompted
    const second = paidFetch(shop.url('/paid/30000'))
    expect([(await first).status, (await second).status, asked]).toEqual([200, 402, [100, 30_000]])
  })
})

describe('wrapFetch, which account pays', () => {
  test('spends nothing in a currency that the policy refuses, whoever has paid meanwhile', async () => {
    const spent: (string | undefined)[] = []
    const origin = await ownSeller(({ payment }, till) => {
      if (!payment) return till.ask([{}, EUR])
      spent.push(payment.currency)
      till.serve({ charged: 100, currency: payment.currency, clientId: ownAccount('eur') })
    })
    const events = new EventTarget()
    const bothWait = askedTimes(events, 2)
    const paidFetch = wrapFetch(fetch, {
      store: rich(origin, 'usd'),
      events,
      policy: { perRequest: { eur: 1000 } },
      payer: async () => {
        await bothWait
        return { paymentMethodId: 'pm_good', currency: 'eur' }
      },
    })
    const answers = await Promise.all([paidFetch(`${origin}/a`), paidFetch(`${origin}/b`)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(spent).toEqual(['eur', 'eur'])
  })

  test('tries each account before it asks', async () => {
    const origin = await ownSeller(({ payment }, till) => {
      if (payment?.currency === 'eur') till.serve({ charged: 100, ...EUR, clientId: ownAccount('eur') })
      else till.ask([{}, EUR], payment ? { error: 'insufficient_credits' } : {})
    })
    let asked = 0
    const payer: Payer = async () => {
      asked++
      return null
    }
    const paidFetch = wrapFetch(fetch, { store: rich(origin, 'usd', 'eur'), payer })
    expect((await paidFetch(`${origin}/a`)).status).toBe(200)
    expect(asked).toBe(0)
  })
})

describe('wrapFetch, what counts as spent', () => {
  test.each([
    ['does not say what was charged', {}, [200, 200, 402]],
    ['gives no receipt', null, [200, 200, 402]],
    ['says that it was less', { charged: 50 }, [200, 200, 200, 200, 402]],
  ])('counts the price that was sent, with a seller that %s', async (_what, receipt, expected) => {
    const origin = await ownSeller(({ payment }, till) => (payment ? till.serve(receipt) : till.ask([{}])))
    const policy = { perDay: 250 }
    const paidFetch = wrapFetch(fetch, { store: rich(origin, 'usd'), policy })
    const statuses: number[] = []
    for (const _ of expected) statuses.push((await paidFetch(`${origin}/a`)).status)
    expect(statuses).toEqual(expected)
  })

  test('does not count what was not served', async () => {
    const shop = openShop()
    const paidFetch = paying({ policy: { perDay: 250 } })
    await paidFetch(shop.url('/paid/100'))
    for (let call = 0; call < 3; call++) await paidFetch(shop.url('/paid/100?status=500&receipt=no'))
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
  })
})

describe('wrapFetch, how much is bought', () => {
  test.each<[string, SpendPolicy, number, CardChoice, number | undefined]>([
    ['buys the price where the payer names no amount', {}, 100, CARD, 20_000],
    ['buys the seller’s minimum', {}, 50_000, CARD, 50_000],
    ['buys no minimum above $1,000 that nobody has named', {}, 10_000_001, CARD, undefined],
    ['buys what a payer names', {}, 20_000_000, { ...CARD, topUpAmount: 20_000_000 }, 20_000_000],
    ['buys nothing above the limit', { perTopUp: 49_999 }, 50_000, CARD, undefined],
    ['nor what a payer names', { perTopUp: { usd: 1 } }, 100, { ...CARD, topUpAmount: 50_000 }, undefined],
    ['nor in a currency without a limit', { perTopUp: { eur: 100_000 } }, 100, CARD, undefined],
    ['buys up to the limit', { perTopUp: { usd: 50_000 } }, 50_000, CARD, 50_000],
  ])('%s', async (_what, policy, minTopUp, choice, expected) => {
    const bought: (number | undefined)[] = []
    const origin = await ownSeller(({ payment }, till) => {
      if (!payment) return till.ask([{ amount: 20_000, minTopUp }])
      bought.push(payment.topUpAmount)
      till.serve({ charged: 20_000 })
    })
    const events = new EventTarget()
    const codes = errorCodes(events)
    const paidFetch = paying({ payer: async () => choice, policy, events })
    expect((await paidFetch(`${origin}/`)).status).toBe(expected ? 200 : 402)
    expect(bought).toEqual(expected ? [expected] : [])
    expect(codes).toEqual(expected ? [] : ['POLICY_REFUSED'])
  })
})
