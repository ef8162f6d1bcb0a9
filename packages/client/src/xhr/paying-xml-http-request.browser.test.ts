import { afterEach, describe, expect, test } from 'vitest'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import type { Payer } from '../payer.js'
import { cards, undecided } from '../testing/cards.fixture.js'
import { openShop } from '../testing/shop.fixture.js'
import { Native, send, sequence } from '../testing/xhr.fixture.js'

let undo = (): void => {}

function installed(payer: Payer | undefined, origins: string[] = []): void {
  undo = install({ payer, origins, store: memoryStore() })
}

afterEach(() => undo())

describe('XMLHttpRequest after install', () => {
  test('shows the app the events of one paid request, as if nothing had been due', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const native = await sequence(Native, shop.url('/free'))
    expect(native).toEqual([
      'readystatechange 1 0',
      'loadstart 1 0',
      'readystatechange 2 200',
      'readystatechange 3 200',
      'progress 3 200',
      'readystatechange 4 200',
      'load 4 200',
      'loadend 4 200',
    ])
    expect(await sequence(XMLHttpRequest, shop.url('/free'))).toEqual(native)
    expect(await sequence(XMLHttpRequest, shop.url('/paid/100'))).toEqual(native)
    expect((await shop.state()).charges).toHaveLength(1)
    expect(await sequence(XMLHttpRequest, shop.url('/paid/100'))).toEqual(native)
    expect((await shop.seen()).slice(-1)).toMatchObject([{ payment: { clientId: expect.any(String) } }])
    expect(await shop.seen()).toHaveLength(5)
  })

  test('shows nothing of a decline, and gives the answer that the next card paid for', async () => {
    const shop = openShop()
    const payer = cards('pm_declined', 'pm_good')
    installed(payer)
    const native = await sequence(Native, shop.url('/free'))
    const { xhr, log, ended } = send(XMLHttpRequest, shop.url('/paid'))
    await ended
    expect(log).toEqual(native)
    expect(xhr.status).toBe(200)
    expect(payer.asked).toHaveLength(2)
  })

  test.each(['pm_pending', 'pm_check'])('shows nothing between the card and the answer: %s', async (card) => {
    const shop = openShop()
    const payer = Object.assign(cards(card), { authenticate: () => shop.set({ bank: 'confirmed' }) })
    undo = install({ payer, store: memoryStore(), delay: async () => {} })
    const native = await sequence(Native, shop.url('/free'))
    const { xhr, log, ended } = send(XMLHttpRequest, shop.url('/paid'))
    await ended
    expect(log).toEqual(native)
    expect(xhr.status).toBe(200)
  })

  test('repeats method, body, headers, response type and MIME type', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const form = new FormData()
    form.append('name', 'first')
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'), {
      method: 'PUT',
      body: form,
      prepare(request) {
        request.responseType = 'json'
        request.setRequestHeader('X-One', '1')
        request.setRequestHeader('X-One', '2')
        request.withCredentials = true
        request.timeout = 20_000
      },
    })
    form.set('name', 'changed while paying')
    await ended
    expect(xhr.response).toMatchObject({ method: 'PUT', price: 100 })
    expect(xhr.responseURL).toBe(shop.url('/paid/100'))
    expect([xhr.withCredentials, xhr.timeout]).toEqual([true, 20_000])
    const [first, retry] = await shop.seen()
    expect(first?.headers['x-one']).toBe('1, 2')
    const {
      payment: _payment,
      'content-type': type,
      'content-length': _length,
      ...headers
    } = retry?.headers ?? {}
    const {
      'content-type': firstType,
      'content-length': _firstLength,
      ...firstHeaders
    } = first?.headers ?? {}
    expect(headers).toEqual(firstHeaders)
    expect(type).toMatch(/^multipart\/form-data; boundary=/)
    const parts = (text = '', boundary = ''): string =>
      text.replaceAll(boundary.split('boundary=')[1] ?? '', '')
    expect(parts(retry?.body, type)).toBe(parts(first?.body, firstType))
    expect(retry?.body).toContain('first')
  })

  test('sends a buffer that was given away as the native one does', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const body = new ArrayBuffer(8)
    structuredClone(body, { transfer: [body] })
    const native = await sequence(Native, shop.url('/free'), { method: 'POST', body })
    expect(await sequence(XMLHttpRequest, shop.url('/free'), { method: 'POST', body })).toEqual(native)
    expect((await shop.seen()).map((request) => request.body)).toEqual(['', ''])
  })

  test('keeps an overridden MIME type', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'), {
      prepare: (request) => request.overrideMimeType('text/xml'),
    })
    await ended
    const native = send(Native, shop.url('/free'), {
      prepare: (request) => request.overrideMimeType('text/xml'),
    })
    await native.ended
    expect(xhr.responseXML === null).toBe(native.xhr.responseXML === null)
    expect(xhr.status).toBe(200)
  })

  test('shows nothing of the 402 while somebody pays', async () => {
    const shop = openShop()
    const payer = undecided()
    installed(payer)
    const { xhr, log, ended } = send(XMLHttpRequest, shop.url('/paid/100'))
    await payer.prompted
    expect([xhr.readyState, xhr.status]).toEqual([1, 0])
    expect(log).toEqual(['readystatechange 1 0', 'loadstart 1 0'])
    payer.decide({ paymentMethodId: 'pm_good' })
    await ended
    expect(xhr.status).toBe(200)
  })

  test('hands over the 402 with its body and its events when the person says no', async () => {
    const shop = openShop()
    installed(cards())
    const native = send(Native, shop.url('/paid/100'))
    await native.ended
    const paid = send(XMLHttpRequest, shop.url('/paid/100'))
    await paid.ended
    expect(paid.log).toEqual(native.log)
    expect(paid.xhr.responseText).toBe(native.xhr.responseText)
    expect(paid.xhr.getResponseHeader('payment-required')).toBe(
      native.xhr.getResponseHeader('payment-required'),
    )
    expect(await shop.seen()).toHaveLength(2)
  })

  test('aborts at once while somebody pays, as natively', async () => {
    const shop = openShop()
    const payer = undecided()
    installed(payer)
    const { xhr, log, ended } = send(XMLHttpRequest, shop.url('/paid/100'))
    const context = await payer.prompted
    xhr.abort()
    await ended
    expect(log.slice(2)).toEqual(['readystatechange 4 0', 'abort 4 0', 'loadend 4 0'])
    expect([xhr.readyState, xhr.status]).toEqual([0, 0])
    expect(context.signal.aborted).toBe(true)
    expect(await shop.seen()).toHaveLength(1)
  })

  test('aborts a paid attempt that is on its way with the browser’s own events', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const { xhr, log, ended } = send(XMLHttpRequest, shop.url('/gate/slow/paid/100'))
    await shop.arrived('slow')
    xhr.abort()
    await ended
    await shop.open('slow')
    expect(log.slice(2)).toEqual(['readystatechange 4 0', 'abort 4 0', 'loadend 4 0'])
  })

  test('sends upload events once', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const uploads: string[] = []
    const { ended } = send(XMLHttpRequest, shop.url('/paid/100'), {
      method: 'POST',
      body: 'x'.repeat(1000),
      prepare(xhr) {
        for (const type of ['loadstart', 'progress', 'load', 'loadend'])
          xhr.upload.addEventListener(type, () => uploads.push(type))
      },
    })
    await ended
    expect(uploads).toEqual(['loadstart', 'progress', 'load', 'loadend'])
    expect((await shop.seen()).map(({ body }) => body.length)).toEqual([1000, 1000])
  })

  test('leaves foreign, unreadable and failed answers alone', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    for (const path of ['/plain402', '/foreign402', '/broken402', '/status/500', '/status/204']) {
      const native = send(Native, shop.url(path))
      await native.ended
      const paid = send(XMLHttpRequest, shop.url(path))
      await paid.ended
      expect(paid.log, path).toEqual(native.log)
      expect(paid.xhr.responseText).toBe(native.xhr.responseText)
    }
  })

  test('leaves a synchronous request alone', () => {
    const shop = openShop()
    const payer = cards('pm_good')
    installed(payer)
    const xhr = new XMLHttpRequest()
    xhr.open('GET', shop.url('/paid/100'), false)
    xhr.send()
    expect(xhr.status).toBe(402)
    expect(payer.asked).toHaveLength(0)
  })

  test('can be used for another request afterwards', async () => {
    const shop = openShop()
    installed(cards('pm_good'))
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'))
    await ended
    const again = new Promise((resolve) => {
      xhr.onload = resolve
    })
    xhr.open('POST', shop.url('/paid/200'))
    xhr.send('second')
    await again
    expect(JSON.parse(xhr.responseText)).toEqual({ method: 'POST', body: 'second', price: 200 })
  })

  test('falls back to the body of a cross-origin 402 whose headers cannot be read', async () => {
    const shop = openShop('other')
    await shop.set({ hidesHeaders: true })
    installed(cards('pm_good'), [shop.origin])
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'))
    await ended
    expect(xhr.status).toBe(200)
  })

  test('adds nothing to origins that are not listed', async () => {
    const shop = openShop('other')
    const payer = cards('pm_good')
    installed(payer)
    const { xhr, ended } = send(XMLHttpRequest, shop.url('/paid/100'))
    await ended
    expect([xhr.status, payer.asked.length]).toEqual([402, 0])
    expect((await shop.state()).seen.map(({ method }) => method)).toEqual(['GET'])
  })

  test('keeps name, constants and instanceof', () => {
    installed(undefined)
    expect(XMLHttpRequest).not.toBe(Native)
    expect(XMLHttpRequest.name).toBe('XMLHttpRequest')
    expect(XMLHttpRequest.DONE).toBe(4)
    expect(new XMLHttpRequest()).toBeInstanceOf(Native)
    expect(Object.prototype.toString.call(new XMLHttpRequest())).toBe('[object XMLHttpRequest]')
    undo()
    expect(XMLHttpRequest).toBe(Native)
  })
})
