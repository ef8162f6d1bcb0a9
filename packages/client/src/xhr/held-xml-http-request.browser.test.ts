import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import { cards, undecided } from '../testing/cards.fixture.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { EVENTS, Native, send, sequence, shown } from '../testing/xhr.fixture.js'

let shop: ShopFixture
let undo = (): void => {}
beforeEach(() => {
  shop = openShop()
})
afterEach(() => {
  vi.useRealTimers()
  undo()
})

describe('XMLHttpRequest whose 402 is held back', () => {
  test('looks as one that has no answer, and can be told as much', async () => {
    const native = send(Native, shop.url('/gate/never/free'))
    await shop.arrived('never')
    const payer = undecided()
    undo = install({ payer, store: memoryStore() })
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'))
    await payer.prompted
    for (const like of [native.xhr, xhr]) {
      like.overrideMimeType('text/plain')
      expect(shown(like)).toEqual([1, 0, '', '', '', '', null, '', null])
      like.responseType = 'json'
    }
    native.xhr.abort()
    payer.decide({ paymentMethodId: 'pm_good' })
    await ended
    expect(xhr.responseType).toBe('json')
    expect(xhr.response).toMatchObject({ price: 100 })
    expect([xhr.status, xhr.statusText, xhr.responseURL]).toEqual([200, 'OK', shop.url('/paid/100')])
    expect(xhr.getResponseHeader('content-type')).toBe('application/json')
  })

  test('hands over an answer that breaks off as it broke off', async () => {
    const types = async (Class: typeof XMLHttpRequest): Promise<string[]> =>
      (await sequence(Class, shop.url('/cut402'))).map((line) => line.slice(0, line.lastIndexOf(' ')))
    const native = await types(Native)
    expect(native).toContain('error 4')
    undo = install({ payer: cards(), store: memoryStore() })
    expect(await types(XMLHttpRequest)).toEqual(native)
  })

  test('says nothing more when it is aborted in the load event of the 402, as natively', async () => {
    const abortAtLoad = async (Class: typeof XMLHttpRequest): Promise<string[]> => {
      const { xhr, log } = send(Class, shop.url('/paid/100'))
      await new Promise<void>((resolve) => {
        xhr.onload = () => {
          xhr.abort()
          resolve()
        }
      })
      return log.filter((line) => !line.startsWith('loadend'))
    }
    const native = await abortAtLoad(Native)
    undo = install({ payer: cards(), store: memoryStore() })
    expect(await abortAtLoad(XMLHttpRequest)).toEqual(native)
  })

  test.each([
    ['is waited for', 1000],
    ['is read', 100_000],
  ])('is not held for a foreign body that goes on for longer than one %s', async (_what, characters) => {
    undo = install({ payer: cards(), store: memoryStore() })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { xhr, log } = send(XMLHttpRequest, shop.url(`/endless402/${characters}`))
    await vi.waitFor(
      () => {
        vi.advanceTimersByTime(characters === 1000 ? 1000 : 0)
        expect(xhr.responseText).toHaveLength(characters)
      },
      { timeout: 20_000, interval: 20 },
    )
    expect([xhr.status, xhr.readyState]).toEqual([402, 3])
    expect(log.slice(0, 4)).toEqual([
      'readystatechange 1 0',
      'loadstart 1 0',
      'readystatechange 2 402',
      'readystatechange 3 402',
    ])
    log.length = 0
    xhr.abort()
    expect(log).toEqual(['readystatechange 4 0', 'abort 4 0', 'loadend 4 0'])
  })
})

describe('XMLHttpRequest.upload', () => {
  test.each([
    ['listeners', 'before open()', 'own'],
    ['listeners', 'after open()', 'own'],
    ['handlers', 'after open()', 'own'],
    ['listeners', 'before open()', 'other'],
    ['listeners', 'after open()', 'other'],
    ['handlers', 'before open()', 'other'],
  ] as const)(
    'tells once of a body that went up twice: %s from %s, to the page’s %s origin',
    async (how, when, where) => {
      const shop = openShop(where)
      undo = install({ payer: cards('pm_good'), origins: [shop.origin], store: memoryStore() })
      const uploads: string[] = []
      const listen = ({ upload }: XMLHttpRequest): void => {
        for (const type of EVENTS) {
          const note = (): number => uploads.push(type)
          if (how === 'handlers') Reflect.set(upload, `on${type}`, note)
          else upload.addEventListener(type, note)
        }
      }
      const hook = when === 'before open()' ? { beforeOpen: listen } : { prepare: listen }
      const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'), {
        method: 'POST',
        body: 'x',
        ...hook,
      })
      await ended
      expect(xhr.status).toBe(200)
      expect((await shop.seen()).map(({ body }) => body)).toEqual(['x', 'x'])
      expect(uploads).toEqual(['loadstart', 'progress', 'load', 'loadend'])
      const again = new Promise((resolve) => {
        xhr.onloadend = resolve
      })
      xhr.open('PUT', shop.url('/free'))
      xhr.send('y')
      await again
      expect(uploads.slice(4)).toEqual(['loadstart', 'progress', 'load', 'loadend'])
    },
  )

  test('has another origin asked first for a listener of the app alone', async () => {
    const other = openShop('other')
    undo = install({ payer: cards(), origins: [other.origin], store: memoryStore() })
    const { ended } = send(XMLHttpRequest, other.url('/free'), { beforeOpen: ({ upload }) => void upload })
    await ended
    expect((await other.state()).seen.map(({ method }) => method)).toEqual(['GET'])
  })
})
