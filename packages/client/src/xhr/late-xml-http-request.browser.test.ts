import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DeviceKeys, memoryKeys } from '../device-keys.js'
import { install } from '../install.js'
import { asked } from '../testing/asked.fixture.js'
import { cards } from '../testing/cards.fixture.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { EVENTS, Native, send, shown } from '../testing/xhr.fixture.js'

let shop: ShopFixture
let undo = (): void => {}
/** Lets the signature come that requests wait for. */
let sign = (): void => {}

/** A first attempt has to be signed, and the key does not come before the test says so. */
beforeEach(() => {
  shop = openShop()
  const pairs = memoryKeys()
  const signed = new Promise<void>((resolve) => {
    sign = resolve
  })
  const deviceKeys: DeviceKeys = {
    ...pairs,
    find: async (origin) => {
      await signed
      return pairs.make(origin)
    },
  }
  const store = asked(shop, '/echo', { isProofDue: true })
  undo = install({ payer: cards(), store, deviceKeys })
})
afterEach(() => undo())

/** Requests of the shop, once whatever was waiting would have left. */
async function requests(): Promise<string[]> {
  sign()
  const { ended } = send(XMLHttpRequest, shop.url('/echo'), { method: 'DELETE' })
  await ended
  return (await shop.seen()).map(({ method }) => method)
}

function uploadsOf(log: string[]): (xhr: XMLHttpRequest) => void {
  return ({ upload }) => {
    for (const type of EVENTS) upload.addEventListener(type, () => log.push(`upload ${type}`))
  }
}

const dom = (name: string): unknown => expect.objectContaining({ name })

describe('XMLHttpRequest whose first attempt waits for a signature', () => {
  test('says what a native one says, and sends what it was given', async () => {
    const body = new TextEncoder().encode('given')
    const native = send(Native, shop.url('/echo'), { method: 'POST', body: 'given' })
    await native.ended
    const late = send(XMLHttpRequest, shop.url('/echo'), { method: 'POST', body })
    expect(late.log).toEqual(['readystatechange 1 0', 'loadstart 1 0'])
    body.fill(120)
    sign()
    await late.ended
    expect(late.log).toEqual(native.log)
    expect(shown(late.xhr).slice(0, 7)).toEqual(shown(native.xhr).slice(0, 7))
    expect((await shop.seen()).map((seen) => [seen.body, seen.payment?.proof !== undefined])).toEqual([
      ['given', false],
      ['given', true],
    ])
  })

  test('is aborted as natively, and nothing leaves', async () => {
    const abort = (Class: typeof XMLHttpRequest, url: string): [string[], XMLHttpRequest] => {
      const uploads: string[] = []
      const { log, xhr } = send(Class, url, { method: 'POST', body: 'text', prepare: uploadsOf(uploads) })
      xhr.abort()
      xhr.abort()
      return [[...log, ...uploads], xhr]
    }
    const [native] = abort(Native, openShop().url('/gate/never/echo'))
    const [late, xhr] = abort(XMLHttpRequest, shop.url('/echo'))
    expect(late).toEqual(native)
    expect([xhr.readyState, xhr.status]).toEqual([0, 0])
    expect(() => xhr.send()).toThrow(dom('InvalidStateError'))
    expect(() => xhr.setRequestHeader('x-one', '1')).toThrow(dom('InvalidStateError'))
    expect(await requests()).toEqual(['DELETE'])
  })

  test('can be used again after it was aborted', async () => {
    const { xhr, log } = send(XMLHttpRequest, shop.url('/echo'))
    xhr.abort()
    log.length = 0
    const native = send(Native, shop.url('/free'))
    await native.ended
    const ended = new Promise((resolve) => {
      xhr.onloadend = resolve
    })
    xhr.open('GET', shop.url('/free'))
    xhr.send()
    await ended
    expect(log).toEqual(native.log)
    expect(await requests()).toEqual(['GET', 'GET', 'DELETE'])
  })

  test.each(['own', 'other'] as const)('is dropped for the next one that is opened: %s', async (where) => {
    const next = where === 'own' ? shop : openShop(where)
    const { xhr, log, ended } = send(XMLHttpRequest, shop.url('/echo'))
    xhr.open('PUT', next.url('/free'))
    expect(log).toEqual(['readystatechange 1 0', 'loadstart 1 0'])
    sign()
    xhr.send('next')
    await ended
    expect(JSON.parse(xhr.responseText)).toEqual({ method: 'PUT', body: 'next' })
    await requests()
    const all = [...(await shop.seen()), ...(where === 'own' ? [] : await next.seen())]
    expect(all.map(({ url, payment }) => [url, payment !== null]).sort()).toEqual([
      ['/echo', true],
      ['/free', false],
    ])
    expect(all.map(({ method }) => method).sort()).toEqual(['DELETE', 'PUT'])
  })

  test('cannot be sent or told anything a second time, as natively', async () => {
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/echo'))
    expect(() => xhr.send()).toThrow(dom('InvalidStateError'))
    expect(() => xhr.setRequestHeader('x-one', '1')).toThrow(dom('InvalidStateError'))
    sign()
    await ended
    expect((await shop.seen()).map(({ headers }) => headers['x-one'])).toEqual([undefined])
  })
})
