import { afterEach, describe, expect, test } from 'vitest'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import type { Payer } from '../payer.js'
import { cards, undecided } from '../testing/cards.fixture.js'
import { essence } from '../testing/native.fixture.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { lineOf, type Observation } from './compare.fixture.js'

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'loadend', 'error', 'timeout', 'abort']

/** One `XMLHttpRequest`, native or wrapped, and everything that it said. */
interface Sequence {
  readonly isWrapped: boolean
  readonly shop: ShopFixture
  readonly payer: ReturnType<typeof undecided>
  readonly xhr: XMLHttpRequest
  /** Event, state, status and progress of each event, in order. */
  readonly log: string[]
  /** Sends it and waits for its end. */
  send(path: string, how?: { method?: string; body?: XMLHttpRequestBodyInit }): Promise<void>
}

interface Setting {
  isSoldToBoth?: boolean
  isUndecided?: boolean
  payer?: Payer
}

let undo = (): void => {}
afterEach(() => undo())

/** Compares what one request says, natively and after `install`. */
function sequence(
  id: string,
  title: string,
  observe: (sequence: Sequence) => Promise<Observation>,
  { isSoldToBoth = false, isUndecided = false, payer }: Setting = {},
): void {
  test(`${id} ${title}`, async ({ task }) => {
    const run = async (isWrapped: boolean): Promise<Observation> => {
      const shop = openShop()
      await shop.set({ price: isWrapped || isSoldToBoth ? 100 : 0 })
      const person = undecided()
      if (!isUndecided) person.decide({ paymentMethodId: 'pm_good' })
      if (isWrapped) undo = install({ payer: payer ?? person, store: memoryStore() })
      const observed = await observe({ isWrapped, shop, payer: person, ...open(shop) })
      undo()
      return observed
    }
    const native = await run(false)
    const wrapped = await run(true)
    task.meta.transparency = lineOf({ id, title, native, wrapped })
    expect(wrapped).toEqual(native)
  })
}

function open(shop: ShopFixture): Pick<Sequence, 'xhr' | 'log' | 'send'> {
  const xhr = new XMLHttpRequest()
  const log: string[] = []
  const note = (event: Event): void => {
    const { loaded, total } = event instanceof ProgressEvent ? event : { loaded: '', total: '' }
    log.push(`${event.type} ${xhr.readyState} ${xhr.status} ${loaded}/${total}`)
  }
  for (const type of EVENTS) xhr.addEventListener(type, note)
  return {
    xhr,
    log,
    send: (path, { method = 'GET', body } = {}) =>
      new Promise((resolve) => {
        xhr.onloadend = () => resolve()
        if (xhr.readyState === 0) xhr.open(method, shop.url(path))
        xhr.send(body)
      }),
  }
}

const short = (log: string[]): string => log.map((line) => line.replace(/ ?\d*\/\d*$/, '')).join(', ')

describe('XMLHttpRequest', () => {
  sequence('X01', 'a GET: one request’s events, answer and headers', async ({ xhr, log, send, shop }) => {
    await send('/sold/echo')
    const { status, statusText, responseText, responseURL, readyState } = xhr
    const type = xhr.getResponseHeader('content-type')
    return {
      events: short(log),
      _log: log,
      status,
      statusText,
      responseText,
      readyState,
      type,
      url: responseURL.slice(shop.url('').length),
    }
  })

  sequence('X02', 'a POST: upload events once, the body twice', async ({ xhr, log, send, shop }) => {
    const uploads: string[] = []
    xhr.open('POST', shop.url('/sold/echo'))
    for (const type of EVENTS)
      xhr.upload.addEventListener(type, (event) => uploads.push(`${type} ${Reflect.get(event, 'loaded')}`))
    await send('/sold/echo', { body: 'x'.repeat(1000) })
    const bodies = (await shop.seen()).map(({ body }) => body.length)
    return { events: short(log), uploads: uploads.join(', '), sizes: [...new Set(bodies)].join() }
  })

  sequence('X03', 'response types', async ({ shop }) => {
    const observed: Observation = {}
    for (const responseType of ['', 'text', 'json', 'arraybuffer', 'blob', 'document'] as const) {
      const { xhr, log, send } = open(shop)
      xhr.open('GET', shop.url(`/sold/echo?${responseType}`))
      xhr.responseType = responseType
      await send('')
      observed[responseType || 'default'] = [Object.prototype.toString.call(xhr.response), log.length].join(
        ' ',
      )
    }
    return observed
  })

  sequence('X04', 'headers, credentials and timeout are repeated', async ({ xhr, send, shop }) => {
    xhr.open('PUT', shop.url('/sold/echo'))
    xhr.setRequestHeader('X-One', '1')
    xhr.setRequestHeader('X-One', '2')
    xhr.withCredentials = true
    xhr.timeout = 20_000
    await send('', { body: 'text' })
    const seen = await shop.seen()
    const alike = new Set(seen.map((request) => JSON.stringify(essence(request)))).size
    return {
      'x-one': seen.at(-1)?.headers['x-one'],
      method: seen.at(-1)?.method,
      alike,
      credentials: xhr.withCredentials,
      timeout: xhr.timeout,
    }
  })

  sequence(
    'X05',
    'a "no": the 402 with its events, progress and body',
    async ({ xhr, log, send, shop }) => {
      await send('/paid/100')
      return { events: log.join(', '), body: xhr.responseText.length, requests: (await shop.seen()).length }
    },
    { isSoldToBoth: true, payer: cards() },
  )

  sequence(
    'X06',
    'abort() while a person decides',
    async ({ isWrapped, payer, xhr, log, send, shop }) => {
      const end = send(isWrapped ? '/sold/echo' : '/gate/wait/echo')
      await (isWrapped ? payer.prompted : shop.arrived('wait'))
      xhr.abort()
      await end
      await shop.open('wait')
      const { readyState, status } = xhr
      return { events: short(log), readyState, status, requests: (await shop.seen()).length }
    },
    { isUndecided: true },
  )

  sequence(
    'X07',
    'abort() in the middle of the paid attempt',
    async ({ isWrapped, xhr, log, send, shop }) => {
      const end = send(isWrapped ? '/gate/slow/sold/echo' : '/gate/slow/echo')
      await shop.arrived('slow')
      xhr.abort()
      await end
      await shop.open('slow')
      return { events: short(log), readyState: xhr.readyState }
    },
  )

  sequence(
    'X08',
    'a synchronous request cannot be held: its 402',
    async ({ xhr, log, shop }) => {
      xhr.open('GET', shop.url('/paid/100'), false)
      xhr.send()
      return { status: xhr.status, events: short(log), requests: (await shop.seen()).length }
    },
    { isSoldToBoth: true },
  )

  sequence('X09', 'errors of the network, and answers that are not ours', async ({ shop }) => {
    const observed: Observation = {}
    for (const path of ['/drop', '/plain402', '/foreign402', '/broken402', '/status/204', '/status/500']) {
      const { xhr, log, send } = open(shop)
      await send(path)
      observed[path] = `${short(log)}: ${xhr.status} ${xhr.responseText}`
      observed[`_${path}`] = log
    }
    return observed
  })

  sequence('X10', 'HEAD, and a redirect within the origin', async ({ shop }) => {
    const head = open(shop)
    await head.send('/sold/echo', { method: 'HEAD' })
    const { xhr, log, send } = open(shop)
    await send(`/redirect/302?to=${encodeURIComponent(shop.url('/sold/echo'))}`)
    const url = xhr.responseURL.slice(shop.url('').length)
    return { HEAD: `${head.xhr.status} ${short(head.log)}`, redirect: `${xhr.status} ${short(log)}`, url }
  })

  sequence(
    'X11',
    'the same object can be used again, and again in its own load event',
    async ({ xhr, log, send, shop }) => {
      await send('/sold/echo?1')
      const done = new Promise<void>((resolve) => {
        xhr.onloadend = null
        xhr.onload = () => {
          xhr.onload = () => resolve()
          xhr.open('GET', shop.url('/sold/echo?3'))
          xhr.send()
        }
      })
      xhr.open('POST', shop.url('/sold/echo?2'))
      xhr.send('second')
      await done
      return { events: short(log), body: xhr.responseText }
    },
  )

  sequence('X12', 'constants, classes and handlers', async ({ xhr, send }) => {
    const names: string[] = []
    xhr.onreadystatechange = (event) => names.push(`${event.type} ${event.target === xhr} ${event.isTrusted}`)
    await send('/sold/echo')
    expect(names.length).toBeGreaterThan(3)
    const { name, length, DONE } = XMLHttpRequest
    return {
      name,
      length,
      DONE,
      isEventTarget: xhr instanceof EventTarget,
      tag: String(xhr),
      handlers: names.join(', '),
    }
  })
})
