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

/** The path of an event stream that says this, and ends. */
const saying = (text: string): string => `/said?text=${encodeURIComponent(text)}`

/** Waits for nothing, and writes down how long it should have. */
function impatient(): { delays: number[]; delay: (delayMs: number) => Promise<void> } {
  const delays: number[] = []
  const delay = async (delayMs: number): Promise<void> => void delays.push(delayMs)
  return { delays, delay }
}

/** A fetch that asks for one path after another, and ends the source after the last. */
function inTurn(paths: string[], base: typeof fetch = fetch): typeof fetch {
  return (_url, init) => base(shop.url(paths.shift() ?? '/status/204'), init)
}

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
    const { delay } = impatient()
    const source = paidEventSource(shop.url('/sold/events?most=4'), { fetch: paying({ payer }), delay })
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
    const resumed = shop.url(`${saying('retry: 1\nid: 42\n\n')}&until=42`)
    expect(await log(paidEventSource(resumed))).toEqual(await log(new EventSource(resumed)))
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
      delay: impatient().delay,
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

  test('gives up after five connections in a row that were paid for and brought no event', async () => {
    const { delays, delay } = impatient()
    const url = shop.url(`/sold${saying(': no event\n\nid: 1\n\n')}`)
    const source = paidEventSource(url, { fetch: paying(), delay })
    const inVain = ['open 1 ""  ', 'error 0 ""  ']
    expect(await log(source)).toEqual([inVain, inVain, inVain, inVain, 'open 1 ""  ', 'error 2 ""  '].flat())
    expect(source.error).toMatchObject({ code: 'PAID_IN_VAIN' })
    expect(delays).toEqual([3000, 6000, 12_000, 24_000])
    expect(await shop.seen()).toHaveLength(6)
  })

  test('counts anew after an event', async () => {
    const four = Array(4).fill(`/sold${saying('')}`)
    const { delays, delay } = impatient()
    const turns = [...four, `/sold${saying('data: 1\n\n')}`, ...four]
    const source = paidEventSource(shop.url('/'), { fetch: inTurn(turns, paying()), delay })
    await log(source)
    expect([source.status, source.error]).toEqual([204, null])
    const waits = [3000, 6000, 12_000, 24_000]
    expect(delays).toEqual([...waits, 3000, ...waits])
  })

  test('connects again for ever where nothing is paid, a minute apart at the most', async () => {
    const { delays, delay } = impatient()
    const source = paidEventSource(shop.url('/'), { fetch: inTurn(Array(8).fill(saying(''))), delay })
    await log(source)
    expect([source.status, source.error]).toEqual([204, null])
    expect(delays).toEqual([3000, 6000, 12_000, 24_000, 48_000, 60_000, 60_000, 60_000])
  })

  test.each([
    ['0', 500],
    ['700', 700],
    ['99999999999', 2_147_483_647],
  ])('waits %s ms, where the server names that: %s', async (retry, waited) => {
    const { delays, delay } = impatient()
    const turns = [saying(`retry: ${retry}\ndata: 1\n\n`)]
    await log(paidEventSource(shop.url('/'), { fetch: inTurn(turns), delay }))
    expect(delays).toEqual([waited])
  })

  test('waits for nothing once a listener has closed it', async () => {
    const { delays, delay } = impatient()
    const source = paidEventSource(shop.url(saying('data: 1\n\n')), { delay })
    await new Promise<void>((resolve) => {
      source.onerror = () => {
        source.close()
        resolve()
      }
    })
    await shop.seen()
    expect(delays).toEqual([])
  })

  test('goes on after the last id, as the standard notes it', async () => {
    const turns = [
      'id: 41\ndata: a\n\n',
      'id: 42\n\ndata: b\n\n',
      'id: \n\ndata: c\n\n',
      'id: 物\r\rdata: d\r\n\r\n',
      'id: 7\0\n\ndata: e\n\n',
      'id\ndata: f\n\nid: 8\n',
    ].map(saying)
    const headers = { 'last-event-id': '40' }
    const { delay } = impatient()
    const source = paidEventSource(shop.url('/'), { fetch: inTurn(turns), headers, delay })
    const heard: string[] = []
    source.onmessage = ({ data, lastEventId }) => heard.push(data + lastEventId)
    await log(source)
    expect(heard).toEqual(['a41', 'b42', 'c', 'd物', 'e物', 'f'])
    const utf8 = String.fromCharCode(...new TextEncoder().encode('物'))
    const sent = (await shop.seen()).map((request) => request.headers['last-event-id'])
    expect(sent).toEqual(['40', '41', '42', undefined, utf8, utf8, undefined])
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
