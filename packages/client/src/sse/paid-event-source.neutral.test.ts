import { beforeEach, describe, expect, test } from 'vitest'
import { cardOnFilePayer } from '../agent/card-on-file-payer.js'
import type { Payer } from '../payer.js'
import { cards } from '../testing/cards.fixture.js'
import { paying } from '../testing/native.fixture.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { paidEventSource } from './paid-event-source.js'

let shop: ShopFixture
beforeEach(() => {
  shop = openShop()
})

/** Writes down what a source says until it has given up. */
function log(source: EventSource): Promise<string[]> {
  const lines: string[] = []
  const note = (event: Event): void => {
    const { data, lastEventId, origin } =
      event instanceof MessageEvent ? event : { data: '', lastEventId: '', origin: '' }
    lines.push(`${event.type} ${source.readyState} ${JSON.stringify(data)} ${lastEventId} ${origin}`)
  }
  for (const type of ['open', 'message', 'even']) source.addEventListener(type, note)
  return new Promise((resolve) => {
    source.onerror = (event) => {
      note(event)
      if (source.readyState === source.CLOSED) resolve(lines)
    }
  })
}

describe('paidEventSource', () => {
  test('pays, reads events of all kinds, and goes on after the last one when the stream ends', async () => {
    const payer = cards('pm_good')
    const source = paidEventSource(shop.url('/sold/events?most=4'), { fetch: paying({ payer }) })
    const { origin } = new URL(shop.url(''))
    expect(await log(source)).toEqual([
      'open 1 ""  ',
      `message 1 "100 物\\n1" 1 ${origin}`,
      `even 1 "100 物\\n2" 2 ${origin}`,
      'error 0 ""  ',
      'open 1 ""  ',
      `message 1 "100 物\\n3" 3 ${origin}`,
      `even 1 "100 物\\n4" 4 ${origin}`,
      'error 0 ""  ',
      'error 2 ""  ',
    ])
    expect(source.status).toBe(204)
    expect(payer.asked).toHaveLength(1)
    const seen = await shop.seen()
    expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, undefined, '2', '4'])
    expect(seen.map(({ headers }) => headers.accept)).toEqual(Array(4).fill('text/event-stream'))
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('says what the platform’s EventSource says', async () => {
    if (typeof EventSource !== 'function') return
    await shop.set({ price: 0 })
    const url = shop.url('/sold/events?most=4')
    expect(await log(paidEventSource(url))).toEqual(await log(new EventSource(url)))
    const plain = shop.url('/echo')
    expect(await log(paidEventSource(plain))).toEqual(await log(new EventSource(plain)))
  })

  test('gives up with the status when nobody pays, and on anything but an event stream', async () => {
    const refused = paidEventSource(shop.url('/sold/events'), { fetch: paying({ payer: cards() }) })
    expect(await log(refused)).toEqual(['error 2 ""  '])
    expect(refused.status).toBe(402)
    const other = paidEventSource(shop.url('/echo'))
    await log(other)
    expect([other.status, other.readyState]).toEqual([200, 2])
    expect((await shop.seen()).filter(({ url }) => url === '/echo')).toHaveLength(1)
  })

  test('gives up on an error of the payment instead of paying again, and says which', async () => {
    const payer = cardOnFilePayer({ paymentMethodId: 'pm_check', budget: { usd: 60_000 } })
    const source = paidEventSource(shop.url('/sold/events'), { fetch: paying({ payer }) })
    expect(await log(source)).toEqual(['error 2 ""  '])
    expect(source.error).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' })
    expect(await shop.seen()).toHaveLength(2)
  })

  test('gives up when the payer throws, instead of asking again every three seconds', async () => {
    let asked = 0
    const payer: Payer = async () => {
      asked++
      throw new Error('Stripe.js did not load')
    }
    const source = paidEventSource(shop.url('/sold/events'), { fetch: paying({ payer }) })
    expect(await log(source)).toEqual(['error 2 ""  '])
    expect([source.status, asked]).toEqual([402, 1])
  })

  test('connects again after a network error, and stops when it is closed', async () => {
    let calls = 0
    const source = paidEventSource(shop.url('/events?count=1'), {
      headers: { 'x-one': '1' },
      fetch: (url, init) => fetch(calls++ === 1 ? 'http://127.0.0.1:1/' : url, init),
    })
    const states: number[] = []
    await new Promise<void>((resolve) => {
      source.onerror = () => states.push(source.readyState)
      source.onmessage = ({ lastEventId }) => {
        if (lastEventId !== '3') return
        source.close()
        resolve()
      }
    })
    expect([states, calls, source.readyState]).toEqual([[0, 0, 0], 4, 2])
    expect((await shop.seen()).map(({ headers }) => headers['x-one'])).toEqual(['1', '1', '1'])
  })

  test('takes one handler per event, and none for null', async () => {
    await shop.set({ price: 0 })
    const source = paidEventSource(shop.url('/sold/events?most=2'))
    const heard: string[] = []
    source.onmessage = () => heard.push('old')
    source.onmessage = () => heard.push('new')
    source.onopen = () => heard.push('open')
    source.onopen = null
    expect(source.onopen).toBeNull()
    await log(source)
    expect(heard).toEqual(['new'])
  })

  test('throws for what is no URL', () => {
    expect(() => paidEventSource('http://[')).toThrow(DOMException)
  })
})
