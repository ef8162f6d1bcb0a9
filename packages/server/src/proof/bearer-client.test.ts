import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  cardOf,
  errorOf,
  open,
  payWith,
  receiptOf,
  seller,
  someDevice,
  spentBy,
} from './victim.fixture.js'

beforeEach(() => open())
afterEach(() => seller.close())

describe('an original client', () => {
  it('pays with a card, and spends with its client id alone', async () => {
    const { clientId, session } = receiptOf(
      await ask({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }),
    )
    expect(session).toBeUndefined()
    for (let at = 0; at < 5; at += 1) expect((await ask({ clientId })).type).toBe('granted')
    expect(await spentBy(clientId)).toBe(600)
  })

  it('may send the same card every time, which is charged once', async () => {
    const paymentMethodId = await cardOf('4242424242424242')
    for (let at = 0; at < 5; at += 1) expect((await ask({ paymentMethodId })).type).toBe('granted')
    expect(seller.stripeLocal.state.charges().length).toBe(1)
    expect(seller.stripeLocal.log.count({ method: 'POST', path: '/v1/setup_intents' })).toBe(0)
  })

  it('finds its balance with the same card entered again, once the issuer confirms it', async () => {
    const first = receiptOf(await ask({ paymentMethodId: await cardOf('4242424242424242') }))
    const again = await cardOf('4242424242424242')
    expect(receiptOf(await ask({ paymentMethodId: again })).clientId).toBe(first.clientId)
    expect((await ask({ paymentMethodId: again })).type).toBe('granted')
    expect(seller.stripeLocal.state.charges().length).toBe(1)
    expect(seller.stripeLocal.log.count({ method: 'POST', path: '/v1/setup_intents' })).toBe(1)
  })
})

describe('bearerClientId', () => {
  it('never: wants proof from the first request on', async () => {
    await seller.close()
    open({ bearerClientId: 'never' })
    const { clientId } = receiptOf(await ask({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }))
    expect(errorOf(await ask({ clientId }))).toBe('proof_required')
    const bound = await payWith(someDevice(), 'pm_card_mastercard')
    expect((await ask(bound)).type).toBe('granted')
  })

  it('always: takes the bare id also where a key is bound', async () => {
    await seller.close()
    open({ bearerClientId: 'always' })
    const { clientId } = await payWith(someDevice())
    expect((await ask({ clientId })).type).toBe('granted')
  })
})
