import { describe, expect, test } from 'vitest'
import { PaymentPendingError, PaymentRequiredError } from '../errors.js'
import { type ClientEventMap, listen } from '../events.js'
import type { Payer, PaymentContext } from '../payer.js'
import { cards } from '../testing/cards.fixture.js'
import { paying, together } from '../testing/paying.fixture.js'
import { openShop } from '../testing/shop.fixture.js'

describe('wrapFetch, answers to a payment', () => {
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

  test.each([
    ['another publishable key', 'pm_declined_key', /publishable key/],
    ['a price above the limit', 'pm_declined_dearer', /above what the policy allows/],
  ])('asks for no other card where the refusal of one comes with %s', async (_name, card, reason) => {
    const shop = openShop()
    const payer = cards(card, 'pm_good')
    const events = new EventTarget()
    const errors: ClientEventMap['error'][] = []
    listen(events, 'error', ({ detail }) => void errors.push(detail))
    const paidFetch = paying({ payer, events, policy: { perRequest: 10_000 } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(1)
    expect(payer.outcomes).toEqual([{ type: 'failed', error: 'POLICY_REFUSED' }])
    expect(errors).toMatchObject([{ code: 'POLICY_REFUSED', message: expect.stringMatching(reason) }])
    expect((await shop.state()).charges).toEqual([])
  })

  test.each([403, 429, 503])(
    'does not take a firewall’s %i for what became of the purchase',
    async (status) => {
      const shop = openShop()
      const payer = cards('pm_lost', 'pm_good')
      const paidFetch = paying({ payer })
      await paidFetch(shop.url('/paid/100')).catch(() => {})
      expect((await paidFetch(shop.url(`/paid/100?blocked=${status}`))).status).toBe(status)
      expect(payer.outcomes.at(-1)).toMatchObject({ type: 'failed', isUnsure: true })
      expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
      expect(payer.asked).toHaveLength(1)
      expect((await shop.state()).charges).toHaveLength(1)
    },
  )
})
