import { afterEach, expect, test } from 'vitest'
import { browserKeys } from '../browser-keys.js'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import { cards } from '../testing/cards.fixture.js'
import { openShop } from '../testing/shop.fixture.js'
import { send } from '../testing/xhr.fixture.js'

let undo = (): void => {}
afterEach(async () => {
  undo()
  await browserKeys()?.forget(location.origin)
})

/** What a proof says it is good for. */
function goodFor(proof = ''): unknown {
  const [, claims = ''] = proof.split('.')
  const { htm, htu } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
  return [htm, htu]
}

test('XMLHttpRequest takes along a redirect to another origin what is good for its own URL alone', async () => {
  const [shop, other] = [openShop(), openShop('other')]
  const store = memoryStore()
  undo = install({ payer: cards('pm_good'), store })
  await send(XMLHttpRequest, shop.url('/paid/100')).ended
  const record = store.get(shop.origin)
  const account = record?.clients.usd
  if (!account) throw new Error('the account is remembered')
  const session = { token: 'good', heardAtMs: Date.now() }
  store.set(shop.origin, { ...record, clients: { usd: { ...account, session } } })

  await shop.set({ price: 100 })
  const path = shop.url(`/sold/redirect/302?to=${encodeURIComponent(other.url('/free'))}`)
  for (let call = 0; call < 2; call++) {
    const { xhr, ended } = send(XMLHttpRequest, path)
    await ended
    expect([xhr.status, xhr.responseURL]).toEqual([200, other.url('/free')])
  }
  const carried = (await other.seen()).map(({ payment }) => payment)
  expect(carried).toHaveLength(2)
  expect(carried.map((payment) => payment?.session)).toEqual([undefined, undefined])
  expect(carried.map((payment) => goodFor(payment?.proof))).toEqual([
    ['GET', path],
    ['GET', path],
  ])
  expect(new Set(carried.map((payment) => payment?.proof)).size).toBe(2)
  expect((await shop.state()).charges).toHaveLength(1)

  // A fetch, which is followed by hand, goes on by the token.
  await fetch(shop.url('/paid/100'))
  expect((await shop.seen()).at(-1)?.payment?.session).toBe('good')
})
