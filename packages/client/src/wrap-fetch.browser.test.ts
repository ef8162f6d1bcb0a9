import { afterEach, describe, expect, test } from 'vitest'
import { undecided } from './testing/cards.fixture.js'
import { paying } from './testing/native.fixture.js'
import { openShop } from './testing/shop.fixture.js'

const { href } = location
afterEach(() => history.replaceState(null, '', href))

describe('wrapFetch in a page', () => {
  test('resolves a relative URL at the time of the call, also for the paid request', async () => {
    const shop = openShop()
    const payer = undecided()
    history.replaceState(null, '', shop.url('/paid/'))
    const call = paying({ payer })('100?relative')
    await payer.prompted
    history.replaceState(null, '', '/elsewhere/')
    payer.decide({ paymentMethodId: 'pm_good' })
    expect((await call).status).toBe(200)
    expect((await shop.seen()).map(({ url }) => url)).toEqual(['/paid/100?relative', '/paid/100?relative'])
  })

  test('keeps referrer, credentials and cache mode of a Request', async () => {
    const shop = openShop()
    const referrer = shop.url('/came-from')
    const request = new Request(shop.url('/paid/100'), {
      referrer,
      cache: 'no-store',
      credentials: 'include',
    })
    expect((await paying()(request)).status).toBe(200)
    const seen = await shop.seen()
    expect(seen.map(({ headers }) => [headers.referer, headers['cache-control']])).toEqual([
      [referrer, 'no-cache'],
      [referrer, 'no-cache'],
    ])
  })
})
