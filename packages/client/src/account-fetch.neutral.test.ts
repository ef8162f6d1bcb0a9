import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountFetch } from './account-fetch.js'
import { memoryStore } from './client-store.js'
import { install } from './install.js'
import { cards } from './testing/cards.fixture.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'

const isPage = typeof document === 'object'
const options = { currency: 'usd', store: memoryStore(), deviceKeys: null }

let shop: ShopFixture
let other: ShopFixture
let undo: () => void
beforeEach(async () => {
  ;[shop, other] = [openShop(), openShop('other')]
  undo = install({ payer: cards('pm_good'), store: options.store, deviceKeys: null, origins: [shop.origin] })
  await fetch(shop.url('/paid/100'))
})
afterEach(() => undo())

const redirect = (status: number, target: string): string =>
  shop.url(`/redirect/${status}?to=${encodeURIComponent(target)}`)

describe('accountFetch', () => {
  test('shows the account to no other origin than the one that was asked', async () => {
    const asked = accountFetch(redirect(302, other.url('/free')), {}, options)
    if (isPage) await expect(asked).rejects.toBeInstanceOf(TypeError)
    else expect((await asked)?.url).toBe(other.url('/free'))
    const seen = (await other.state()).seen.map(({ headers }) => 'payment' in headers)
    expect(seen).toEqual(isPage ? [] : [false])
  })

  test('follows a redirect within the origin with the account', async () => {
    const reply = await accountFetch(redirect(302, shop.url('/free')), {}, options)
    expect([reply?.status, reply?.url]).toEqual([200, shop.url('/free')])
    expect((await shop.seen()).at(-1)).toMatchObject({
      url: '/free',
      payment: { clientId: expect.any(String) },
    })
  })

  test('sends a POST nowhere else', async () => {
    const asked = accountFetch(redirect(307, other.url('/free')), { method: 'POST' }, options)
    await expect(asked).rejects.toBeInstanceOf(TypeError)
    expect((await other.state()).seen).toEqual([])
  })
})
