import { describe, expect, test } from 'vitest'
import type { Payer } from './payer.js'
import { askedTimes, ownAccount, ownSeller, rich } from './testing/own-seller.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

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
