import { HEADERS, readPaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestWith } from '../seller.fixture.js'
import {
  attached,
  calls,
  cardOf,
  charged,
  clientOf,
  device,
  enterCard,
  errorOf,
  keptBy,
  lines,
  open,
  seller,
  shownTo,
  topUp,
} from './kept-card.fixture.js'

beforeEach(() => open())
afterEach(() => seller.close())

describe('saveCard', () => {
  it('keeps the card of a person who agreed, under a Customer who is made before the charge', async () => {
    const clientId = await keptBy()
    expect(charged()).toEqual([500])
    expect(await attached()).toHaveLength(1)
    expect(await shownTo(device, clientId)).toEqual({
      brand: 'visa',
      last4: '4242',
      expMonth: 12,
      expYear: 2034,
    })
    const posts = seller.stripeLocal.log.entries.filter(({ method }) => method === 'POST')
    expect(posts.slice(-3).map(({ path }) => path)).toEqual([
      '/v1/customers',
      '/v1/payment_intents',
      expect.stringMatching(/confirm$/),
    ])
  })

  it('keeps nothing without it, and makes no Customer', async () => {
    const clientId = clientOf(await enterCard())
    expect(await shownTo(device, clientId)).toBeUndefined()
    expect(calls('POST', '/v1/customers')).toBe(0)
    expect(await attached()).toEqual([])
  })

  it('keeps nothing for somebody without a key, who could never use or forget it', async () => {
    await enterCard({ saveCard: true }, null)
    expect(charged()).toEqual([500])
    expect(calls('POST', '/v1/customers')).toBe(0)
  })

  it('is not offered by a seller who keeps no cards, and has no effect there', async () => {
    await seller.close()
    open({ keepCards: false })
    const offer = await seller.stripe402.topUp(requestWith({}))
    expect(JSON.parse(offer.body).accepts[0]).not.toHaveProperty('canSaveCard')
    await keptBy()
    expect(calls('POST', '/v1/customers')).toBe(0)
    await seller.close()
    open()
    expect(JSON.parse((await seller.stripe402.topUp(requestWith({}))).body).accepts[0].canSaveCard).toBe(true)
  })

  it('keeps nothing of a card that was declined', async () => {
    const answer = await enterCard({ paymentMethodId: await cardOf('4000000000000002'), saveCard: true })
    expect(errorOf(answer)).toBe('card_declined')
    expect(await attached()).toEqual([])
  })

  it('keeps a card after its bank check, whoever hears of it first', async () => {
    const answer = await enterCard({ paymentMethodId: await cardOf('4000000000003220'), saveCard: true })
    expect(errorOf(answer)).toBe('authentication_required')
    const challenge = readPaymentRequired(answer.headers[HEADERS.PAYMENT_REQUIRED])
    const next = challenge.ok ? challenge.value.nextAction : undefined
    if (!next) throw new Error(answer.body)
    expect(await attached()).toEqual([])
    seller.stripeLocal.authenticate(next.paymentIntentId, 'approve')
    const { purchaseId, paymentIntentId } = next
    const clientId = clientOf(await topUp({ purchaseId, paymentIntentId }))
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '3220' })
  })

  it('uses one Customer for a client, however often a card is kept', async () => {
    await keptBy()
    await keptBy()
    expect((await seller.stripe.customers.list()).data).toHaveLength(1)
    expect(await attached()).toHaveLength(2)
  })

  it.each([403, 500])(
    'charges a card also where Stripe answers %i to the wish for a Customer',
    async (status) => {
      const path = '/v1/customers'
      seller.stripeLocal.faults.add({ method: 'POST', path, kind: 'status', status, times: 'always' })
      const clientId = await keptBy()
      expect(charged()).toEqual([500])
      expect(await shownTo(device, clientId)).toBeUndefined()
      expect(lines).toHaveLength(1)
    },
  )

  it('charges a card also where its Customer was deleted meanwhile', async () => {
    await keptBy()
    const [customer] = (await seller.stripe.customers.list()).data
    await seller.stripe.customers.del(customer?.id ?? '')
    await keptBy()
    expect(charged()).toEqual([500, 500])
  })

  it('never lets a card that cannot be read keep a payment from being credited', async () => {
    const paymentMethodId = await cardOf('4242424242424242')
    const read = { method: 'GET', path: `/v1/payment_methods/${paymentMethodId}`, kind: 'status' } as const
    seller.stripeLocal.faults.add({ ...read, status: 500, times: 'always', nth: 2 })
    const clientId = clientOf(await enterCard({ paymentMethodId, saveCard: true }))
    expect((await seller.store.account({ clientId, currency: 'usd' })).credited).toBe(50_000)
    expect(await shownTo(device, clientId)).toBeUndefined()
  })
})
