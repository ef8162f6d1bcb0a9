import { beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { memoryKeys } from './device-keys.js'
import { paying } from './testing/native.fixture.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'

const isPage = typeof document === 'object'

let shop: ShopFixture
let other: ShopFixture
beforeEach(() => {
  shop = openShop()
  other = openShop('other')
})

/** A path that sends on to `target` once it is paid for. */
function soldRedirect(status: number, target: string, seller = shop): string {
  return seller.url(`/sold/redirect/${status}?to=${encodeURIComponent(target)}`)
}

describe('wrapFetch, a paid answer that redirects', () => {
  test.each(['after paying', 'with a known account'])(
    'leaves the credential behind when it leads to another origin: %s',
    async (when) => {
      const origins = [shop.origin, other.origin]
      const paidFetch = paying({ origins })
      if (when.startsWith('with')) await paidFetch(shop.url('/sold/redirect/200?to='))
      const call = paidFetch(soldRedirect(302, other.url('/free')), { headers: { authorization: 'mine' } })
      // The browser does not say where a redirect leads, so a page cannot go there without the credential.
      if (isPage) await expect(call).rejects.toBeInstanceOf(TypeError)
      else {
        const { status, redirected, url } = await call
        expect([status, redirected, url]).toEqual([200, true, other.url('/free')])
        expect((await other.seen()).map(({ headers }) => headers.authorization)).toEqual([undefined])
      }
      expect((await other.state()).seen.filter(({ headers }) => 'payment' in headers)).toEqual([])
      expect(
        (await other.state()).seen.map(({ headers }) => headers['access-control-request-headers']),
      ).toEqual(isPage ? [] : [undefined])
      expect((await shop.state()).charges).toHaveLength(1)
    },
  )

  test.each(['after paying', 'with a known account'])(
    'leaves the credential behind when a POST leads to another origin: %s',
    async (when) => {
      const paidFetch = paying({ origins: [shop.origin, other.origin] })
      if (when.startsWith('with')) await paidFetch(shop.url('/sold/redirect/200?to='))
      const call = paidFetch(soldRedirect(307, other.url('/free')), { method: 'POST', body: 'text' })
      if (isPage) await expect(call).rejects.toBeInstanceOf(TypeError)
      else expect((await call).url).toBe(other.url('/free'))
      const { seen } = await other.state()
      expect(seen.map(({ method, payment }) => [method, payment])).toEqual(isPage ? [] : [['POST', null]])
    },
  )

  test.each(['init', 'Request'])(
    'leaves the credential behind when a POST to another origin leads to a third: %s',
    async (how) => {
      const third = openShop('third')
      const paidFetch = paying({ origins: [other.origin] })
      const post = (): Promise<Response> => {
        const url = soldRedirect(307, third.url('/free'), other)
        const init = { method: 'POST', body: 'text' }
        return how === 'init' ? paidFetch(url, init) : paidFetch(new Request(url, init))
      }
      for (let call = 0; call < 2; call++) {
        if (isPage) await expect(post()).rejects.toThrow('a payment goes to no other origin')
        else expect((await post()).url).toBe(third.url('/free'))
      }
      const { seen } = await third.state()
      expect(seen.filter(({ headers }) => 'payment' in headers)).toEqual([])
      expect(seen.map(({ method, body }) => [method, body])).toEqual(
        isPage
          ? []
          : [
              ['POST', 'text'],
              ['POST', 'text'],
            ],
      )
      expect((await other.state()).charges).toHaveLength(1)
    },
  )

  test.each([301, 302, 303, 307, 308])('is followed within the origin, as natively: %i', async (status) => {
    const native = await fetch(shop.url(`/redirect/${status}?to=${encodeURIComponent(shop.url('/free'))}`))
    const paid = await paying()(soldRedirect(status, shop.url('/free')))
    expect([paid.status, paid.redirected, paid.url, paid.type]).toEqual([
      native.status,
      native.redirected,
      native.url,
      native.type,
    ])
    expect(await paid.json()).toEqual(await native.json())
    expect((await shop.state()).charges).toHaveLength(1)
    expect(Object.values((await shop.state()).balances)).toEqual([49_900])
  })

  test.each([301, 302, 303, 307, 308])('carries method and body on as natively: POST, %i', async (status) => {
    const init = { method: 'POST', body: 'text', headers: { 'content-type': 'text/x' } }
    const target = shop.url('/free')
    for (const make of [
      (url: string): Parameters<typeof fetch> => [url, init],
      (url: string): Parameters<typeof fetch> => [new Request(url, init)],
    ]) {
      const native = await fetch(...make(shop.url(`/redirect/${status}?to=${encodeURIComponent(target)}`)))
      const paid = await paying()(...make(soldRedirect(status, target)))
      expect(await paid.json()).toEqual(await native.json())
      const [one, two] = (await shop.seen()).filter(({ url }) => url === '/free').slice(-2)
      expect(two?.headers['content-type']).toBe(one?.headers['content-type'])
    }
  })

  test('proves each hop by itself, and no two by the same proof', async () => {
    const target = soldRedirect(307, shop.url('/free'))
    const paidFetch = paying({ deviceKeys: memoryKeys() })
    const { status, url } = await paidFetch(soldRedirect(302, target))
    expect([status, url]).toEqual([200, shop.url('/free')])
    const proved = (await shop.seen()).flatMap(({ method, url: path, payment }) => {
      const [, claims] = payment?.proof?.split('.') ?? []
      if (!claims) return []
      const { htm, htu } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
      return { proof: payment?.proof, isOwn: htm === method && htu === shop.url(path) }
    })
    const own = proved.filter(({ isOwn }) => isOwn)
    // The browser takes what it was given along: there, what is not of that hop proves nothing.
    expect(own).toHaveLength(isPage ? 2 : 3)
    expect(new Set(own.map(({ proof }) => proof)).size).toBe(own.length)
    if (!isPage) expect(proved).toEqual(own)
  })

  test('keeps to the caller’s redirect mode', async () => {
    const store = memoryStore()
    const path = soldRedirect(302, shop.url('/free'))
    await expect(paying({ store })(path, { redirect: 'error' })).rejects.toBeInstanceOf(TypeError)
    const manual = { redirect: 'manual' } as const
    const [paid, native] = [await paying()(path, manual), await fetch(shop.url('/redirect/302'), manual)]
    expect([paid.status, paid.type]).toEqual([native.status, native.type])
  })

  test.each(['/loop', 'ftp://127.0.0.1/', 'data:text/plain,x'])(
    'gives up where fetch does: %s',
    async (target) => {
      const to = target.startsWith('/') ? shop.url(target) : target
      await expect(fetch(shop.url(`/redirect/302?to=${to}`))).rejects.toBeInstanceOf(TypeError)
      await expect(paying()(soldRedirect(302, to))).rejects.toBeInstanceOf(TypeError)
    },
  )

  test('takes no receipt from behind a redirect to another origin', async () => {
    if (isPage) return
    const store = memoryStore()
    await paying({ store, origins: [shop.origin] })(soldRedirect(302, other.url('/receipt')))
    expect(store.get(shop.origin)?.clients).toEqual({})
  })
})
