import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeAll(async () => {
  shop = await openShop((app, paywall, served) => {
    app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
      served.push('weather')
      response.json({})
    })
  })
})
afterAll(() => shop.stop())

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const paying = (members: string): string =>
  base64(`{"stripe402Version":1,"paymentMethodId":"pm_card_visa"${members}}`)

describe('a hostile payment header', () => {
  it.each([
    ['empty', ''],
    ['not base64', '%%%not-base64%%%'],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0xfd]).toString('base64')],
    ['not JSON', base64('hello')],
    ['null', base64('null')],
    ['an array', base64('[]')],
    ['a text', base64('"x"')],
    ['a number', base64('402')],
    ['an object without a version', base64('{"paymentMethodId":"pm_card_visa"}')],
    ['version 2', base64('{"stripe402Version":2,"paymentMethodId":"pm_card_visa"}')],
    ['version "1"', base64('{"stripe402Version":"1","paymentMethodId":"pm_card_visa"}')],
    ['nothing to pay with', base64('{"stripe402Version":1}')],
    ['half a unit', paying(',"topUpAmount":50000.5')],
    ['an amount as text', paying(',"topUpAmount":"5e4"')],
    ['an absurd amount', paying(',"topUpAmount":1e20')],
    ['a negative amount', paying(',"topUpAmount":-1')],
    ['NaN', paying(',"topUpAmount":NaN')],
    ['null as an amount', paying(',"topUpAmount":null')],
    ['__proto__', paying(',"__proto__":{"clientId":"x"}')],
    ['an escaped __proto__', paying(',"\\u005f_proto__":{}')],
    ['a path for a PaymentMethod', base64('{"stripe402Version":1,"paymentMethodId":"pm_/../customers"}')],
    ['a short client id', base64('{"stripe402Version":1,"clientId":"abc"}')],
    ['a foreign purchase id', paying(',"purchaseId":"one"')],
    ['9 MB', 'A'.repeat(9 * 1024 * 1024)],
  ])('is answered 402 and charges nothing: %s', async (_case, header) => {
    const reply = await shop.get('/api/weather', { headers: { payment: header } })
    expect(reply.status).toBe(402)
    expect(reply.challenge?.error).toBe('invalid_payment')
    expect(reply.challenge?.message).toMatch(/nothing was charged|names neither/i)
    expect(shop.stripe.stripeLocal.state.paymentIntents()).toEqual([])
    expect(shop.served).toEqual([])
  })

  it('leaves the process serving', async () => {
    const reply = await shop.pay('/api/weather', { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 })
    expect(reply.status).toBe(200)
  })
})
