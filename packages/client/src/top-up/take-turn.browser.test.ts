import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ClientEventMap, listen } from '../events.js'
import { install } from '../install.js'
import type { Payer } from '../payer.js'
import { cards, undecided } from '../testing/cards.fixture.js'
import { openShop } from '../testing/shop.fixture.js'
import { wrapFetch } from '../wrap-fetch.js'

/** What a tab has: a client of its own, over the storage that all tabs share. */
function openTab(payer: Payer): { paidFetch: typeof fetch; waiting: Promise<unknown>; waits: boolean[] } {
  const events = new EventTarget()
  const waits: boolean[] = []
  listen(events, 'payment-elsewhere', ({ detail }) => void waits.push(detail.isWaiting))
  const waiting = new Promise((resolve) => listen(events, 'payment-elsewhere', resolve))
  return { paidFetch: wrapFetch(fetch, { payer, events }), waiting, waits }
}

beforeEach(() => localStorage.clear())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('wrapFetch in two tabs', () => {
  test('asks in one, and lets the other spend what was bought', async () => {
    const shop = openShop()
    const person = undecided()
    const [payer, idle] = [person, cards('pm_good')]
    const [one, two] = [openTab(payer), openTab(idle)]
    const first = one.paidFetch(shop.url('/paid/100'))
    await person.prompted
    const second = two.paidFetch(shop.url('/paid/200'))
    expect(await two.waiting).toMatchObject({ detail: { url: shop.url('/paid/200'), method: 'GET' } })
    person.decide({ paymentMethodId: 'pm_good' })
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect(idle.asked).toHaveLength(0)
    expect((await shop.state()).charges).toHaveLength(1)
    expect([one.waits, two.waits]).toEqual([[], [true, false]])
  })

  test('asks again, in the tab that still has too little', async () => {
    const shop = openShop()
    const person = undecided()
    const second = cards('pm_good')
    const [one, two] = [openTab(person), openTab(second)]
    const cheap = one.paidFetch(shop.url('/paid/100'))
    await person.prompted
    const dear = two.paidFetch(shop.url('/paid/5000'))
    await two.waiting
    person.decide({ paymentMethodId: 'pm_good' })
    expect([(await cheap).status, (await dear).status]).toEqual([200, 200])
    expect(second.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(2)
  })

  test.each([
    ['no', null, 402],
    ['a limit', { paymentMethodId: 'pm_busy' }, 429],
  ])('gives what the person came to, %s, to both', async (_name, choice, status) => {
    const shop = openShop()
    const person = undecided()
    const idle = cards('pm_good')
    const [one, two] = [openTab(person), openTab(idle)]
    const first = one.paidFetch(shop.url('/paid/100'))
    await person.prompted
    const second = two.paidFetch(shop.url('/paid/100'))
    await two.waiting
    person.decide(choice)
    expect([(await first).status, (await second).status]).toEqual([status, 402])
    expect(idle.asked).toHaveLength(0)
  })

  test('asks in the other when the first has given up by itself', async () => {
    const shop = openShop()
    const person = undecided()
    const next = cards('pm_good')
    const [one, two] = [openTab(person), openTab(next)]
    const aborting = new AbortController()
    const first = one.paidFetch(shop.url('/paid/100'), { signal: aborting.signal })
    await person.prompted
    const second = two.paidFetch(shop.url('/paid/100'))
    await two.waiting
    aborting.abort('gone')
    await expect(first).rejects.toBe('gone')
    expect((await second).status).toBe(200)
    expect(next.asked).toHaveLength(1)
  })

  test('lets go at once of a request that is aborted while it waits', async () => {
    const shop = openShop()
    const person = undecided()
    const idle = cards('pm_good')
    const [one, two] = [openTab(person), openTab(idle)]
    const first = one.paidFetch(shop.url('/paid/100'))
    await person.prompted
    const aborting = new AbortController()
    const second = two.paidFetch(shop.url('/paid/100'), { signal: aborting.signal })
    await two.waiting
    aborting.abort('gone')
    await expect(second).rejects.toBe('gone')
    await vi.waitFor(() => expect(two.waits).toEqual([true, false]))
    person.decide({ paymentMethodId: 'pm_good' })
    expect((await first).status).toBe(200)
    expect(idle.asked).toHaveLength(0)
  })

  test('asks nobody for a request that is aborted while its turn is being taken', async () => {
    const shop = openShop()
    const aborting = new AbortController()
    const { locks } = navigator
    const request = locks.request.bind(locks)
    const isOver = new Promise<void>((resolve) => {
      vi.spyOn(locks, 'request').mockImplementation((name: string, options: unknown, run?: unknown) => {
        aborting.abort('gone')
        const taken: Promise<unknown> = Reflect.apply(request, locks, [name, options, run])
        taken.then(() => resolve())
        return taken
      })
    })
    const payer = cards('pm_good')
    const call = openTab(payer).paidFetch(shop.url('/paid/100'), { signal: aborting.signal })
    await expect(call).rejects.toBe('gone')
    await isOver
    expect(payer.asked).toHaveLength(0)
  })

  test('shows the lowest balance of answers that crossed between tabs', async () => {
    const shop = openShop()
    const [one, two] = [openTab(cards('pm_good')), openTab(cards())]
    await one.paidFetch(shop.url('/paid/100'))
    const slow = one.paidFetch(shop.url('/late/slow/paid/100'))
    await shop.arrived('slow')
    expect((await two.paidFetch(shop.url('/paid/100'))).status).toBe(200)
    await shop.open('slow')
    await slow
    const record = JSON.parse(localStorage.getItem(`stripe402:${location.origin}`) ?? '')
    expect(record.clients.usd.balanceUnits).toBe(49_700)
  })

  test('understands a tab whose storage it cannot see yet', async () => {
    const shop = openShop()
    const person = undecided()
    const idle = cards('pm_good')
    const [one, two] = [openTab(person), openTab(idle)]
    const first = one.paidFetch(shop.url('/paid/100'))
    await person.prompted
    const second = two.paidFetch(shop.url('/paid/200'))
    await two.waiting
    const stale = localStorage.getItem(`stripe402:${location.origin}`)
    const { getItem } = Storage.prototype
    const channel = new BroadcastChannel(`stripe402 ${location.origin} usd`)
    // From the moment the other tab has told, until this one writes by itself.
    channel.onmessage = () => {
      vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => stale)
      vi.spyOn(Storage.prototype, 'setItem').mockImplementation(function (this: Storage, key, value) {
        vi.restoreAllMocks()
        this.setItem(key, value)
      })
    }
    person.decide({ paymentMethodId: 'pm_good' })
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    channel.close()
    expect(Storage.prototype.getItem).toBe(getItem)
    expect(idle.asked).toHaveLength(0)
  })

  test.each([
    ['there are no Web Locks', {}],
    [
      'they may not be used',
      { locks: { request: () => Promise.reject(new DOMException('', 'SecurityError')) } },
    ],
  ])('asks in each where %s', async (_name, navigator) => {
    vi.stubGlobal('navigator', navigator)
    await askInEach()
  })

  test('asks in each where channels may not be used', async () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          throw new DOMException('', 'SecurityError')
        }
      },
    )
    await askInEach()
  })

  async function askInEach(): Promise<void> {
    const shop = openShop()
    const payers = [undecided(), undecided()]
    const calls = payers.map((payer) => openTab(payer).paidFetch(shop.url('/paid/100')))
    for (const payer of payers) await payer.prompted
    for (const payer of payers) payer.decide({ paymentMethodId: 'pm_good' })
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200])
  }
})

describe('install', () => {
  test('reports a balance that another tab has changed, until it is undone', () => {
    const events = new EventTarget()
    const seen: ClientEventMap['balance-change'][] = []
    listen(events, 'balance-change', ({ detail }) => void seen.push(detail))
    const uninstall = install({ events })
    const record = (balanceUnits: unknown): string =>
      JSON.stringify({ clients: { usd: { clientId: 'a', balanceUnits } }, asked: {}, purchases: {} })
    const key = `stripe402:${location.origin}`
    const write = (init: StorageEventInit): boolean => dispatchEvent(new StorageEvent('storage', init))
    write({ key, oldValue: record(100), newValue: record(90) })
    write({ key, oldValue: record(90), newValue: record(90) })
    write({ key, oldValue: null, newValue: 'not ours' })
    write({ key: null })
    write({ key: 'stripe402:https://out-of-scope.example', oldValue: null, newValue: record(80) })
    write({ key, oldValue: null, newValue: '{"clients":{"usd":null},"asked":{},"purchases":{}}' })
    uninstall()
    write({ key, oldValue: record(90), newValue: record(70) })
    expect(seen).toEqual([{ origin: location.origin, currency: 'usd', balance: 90 }])
  })
})
