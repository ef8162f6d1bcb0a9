import axios, { type AxiosInstance } from 'axios'
import { describe, expect, test } from 'vitest'
import type { OnPaymentRequired } from '../create-stripe402-fetch.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { createStripe402Axios } from './create-stripe402-axios.js'

const STALE = 'a'.repeat(64)
const adapters = typeof document === 'object' ? (['xhr', 'fetch'] as const) : (['http', 'fetch'] as const)

function card(...ids: string[]): OnPaymentRequired & { calls: number } {
  const ask = Object.assign(
    async () => {
      const paymentMethodId = ids[ask.calls++]
      return paymentMethodId ? { paymentMethodId, topUpAmount: 50_000 } : null
    },
    { calls: 0 },
  )
  return ask
}

describe.each(adapters)('createStripe402Axios on the %s adapter', (adapter) => {
  const api = (shop: ShopFixture, onPaymentRequired: OnPaymentRequired, clientId?: string): AxiosInstance =>
    createStripe402Axios(axios.create({ baseURL: shop.url('/'), adapter }), { onPaymentRequired, clientId })

  test('returns the same instance, pays once, and spends one request per later call', async () => {
    const shop = openShop()
    const ask = card('pm_good')
    const instance = axios.create({ baseURL: shop.url('/'), adapter })
    expect(createStripe402Axios(instance, { onPaymentRequired: ask })).toBe(instance)
    for (let call = 0; call < 3; call++)
      expect((await instance.get('paid/100', { params: { city: 'Oslo' } })).data).toMatchObject({
        price: 100,
      })
    expect(ask.calls).toBe(1)
    const seen = await shop.seen()
    expect(seen).toHaveLength(4)
    expect(new Set(seen.map(({ url }) => url))).toEqual(new Set(['/paid/100?city=Oslo']))
  })

  test('sends a JSON body, headers and interceptors’ work unchanged the second time', async () => {
    const shop = openShop()
    const instance = api(shop, card('pm_good'))
    let intercepted = 0
    instance.interceptors.request.use((config) => {
      config.headers.set('X-Auth', `token ${++intercepted}`)
      return config
    })
    const { data, config } = await instance.post('paid/100', { name: 'Åse' }, { headers: { 'X-One': '1' } })
    expect(data).toMatchObject({ method: 'POST', price: 100 })
    const [first, retry] = await shop.seen()
    expect(retry?.body).toBe(first?.body)
    const { payment, ...headers } = retry?.headers ?? {}
    expect(payment).toBeTypeOf('string')
    // A browser's fetch does not let what is paid leave its origin, and tells the server so.
    const isHeld = adapter === 'fetch' && 'document' in globalThis
    expect(headers).toEqual({ ...first?.headers, ...(isHeld && { 'sec-fetch-mode': 'same-origin' }) })
    expect(first?.headers['x-auth']).toBe('token 1')
    expect(config.data).toBe('{"name":"Åse"}')
  })

  test('rejects with the 402 when the person says no, its body parsed', async () => {
    const shop = openShop()
    const error: unknown = await api(shop, card())
      .get('paid/100')
      .catch((reason: unknown) => reason)
    expect(axios.isAxiosError(error) && error.response).toMatchObject({
      status: 402,
      data: { stripe402Version: 1 },
    })
  })

  test('asks once when a card is refused, and rejects with the refusal', async () => {
    const shop = openShop()
    const ask = card('pm_declined', 'pm_good')
    const error: unknown = await api(shop, ask)
      .get('paid/100')
      .catch((reason: unknown) => reason)
    expect(axios.isAxiosError(error) && error.response?.data).toMatchObject({ errorCode: 'card_declined' })
    expect(ask.calls).toBe(1)
  })

  test('asks for a card when the given account is stale', async () => {
    const shop = openShop()
    const ask = card('pm_good')
    expect((await api(shop, ask, STALE).get('paid/100')).status).toBe(200)
    expect(ask.calls).toBe(1)
    expect((await shop.seen()).map(({ payment }) => payment?.clientId)).toEqual([undefined, STALE, undefined])
  })

  test('shows one prompt to parallel calls', async () => {
    const shop = openShop()
    const ask = card('pm_good', 'pm_good_again')
    const instance = api(shop, ask)
    const answers = await Promise.all(Array.from({ length: 5 }, () => instance.get('paid/100')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(ask.calls).toBe(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('resolves a 402 where validateStatus lets it through, and pays all the same', async () => {
    const shop = openShop()
    const lenient = { validateStatus: () => true }
    expect((await api(shop, card()).get('paid/100', lenient)).status).toBe(402)
    expect((await api(shop, card('pm_good')).get('paid/100', lenient)).status).toBe(200)
  })

  test('leaves free, foreign and failed answers as they are', async () => {
    const shop = openShop()
    const ask = card('pm_good')
    const instance = api(shop, ask)
    expect((await instance.get('free')).status).toBe(200)
    await expect(instance.get('foreign402')).rejects.toMatchObject({
      response: { status: 402, data: 'foreign' },
    })
    await expect(instance.get('status/500')).rejects.toMatchObject({ response: { status: 500 } })
    expect(ask.calls).toBe(0)
  })

  test('does not send what the app changed while somebody decided', async () => {
    const shop = openShop()
    const bytes = new Uint8Array([97, 98, 99])
    const instance = api(shop, async () => {
      bytes.fill(120)
      return { paymentMethodId: 'pm_good', topUpAmount: 50_000 }
    })
    await instance.post('paid/100', bytes)
    expect((await shop.seen()).map(({ body }) => body)).toEqual(['abc', 'abc'])
  })

  test('sends a form, and gives back what cannot be sent twice', async () => {
    const shop = openShop()
    const ask = card('pm_good')
    const instance = api(shop, ask)
    // In Node axios' form is a stream, which only calls itself FormData.
    const form = (): object => axios.toFormData({ name: 'Åse' })
    const bodyOf = async (client: AxiosInstance): Promise<string> => {
      const { data } = await client.post(shop.url('/echo'), form())
      return data.body.replaceAll(/-{4,}\w+/g, '')
    }
    expect(await bodyOf(instance)).toBe(await bodyOf(axios.create({ adapter })))
    const call = instance.post('paid/100', form()).then(({ status }) => status)
    if ('document' in globalThis) expect(await call).toBe(200)
    else await expect(call).rejects.toMatchObject({ response: { status: 402 } })
    expect(ask.calls).toBe('document' in globalThis ? 1 : 0)
  })

  test('brings back nothing that an interceptor of the app has taken out', async () => {
    const shop = openShop()
    const instance = axios.create({
      baseURL: shop.url('/'),
      adapter,
      auth: { username: 'mine', password: 'mine' },
      params: { secret: 'mine' },
      headers: { 'X-Token': 'mine', Accept: 'text/mine' },
    })
    createStripe402Axios(instance, { onPaymentRequired: card('pm_good') })
    instance.interceptors.request.use(({ auth: _auth, params: _params, ...config }) => {
      config.headers.delete(['X-Token', 'Accept'])
      return config
    })
    await instance.get('paid/100')
    const seen = await shop.seen()
    expect(seen.map(({ url }) => url)).toEqual(['/paid/100', '/paid/100'])
    expect(JSON.stringify(seen.map(({ headers }) => ({ ...headers, payment: '' })))).not.toMatch(
      /mine|authorization/,
    )
  })

  test('stops listening to a cancel token when a request is over', async () => {
    const shop = openShop()
    const { token } = axios.CancelToken.source()
    const subscribed = new Set<unknown>()
    const [subscribe, unsubscribe] = [token.subscribe.bind(token), token.unsubscribe.bind(token)]
    token.subscribe = (listener) => {
      subscribed.add(listener)
      subscribe(listener)
    }
    token.unsubscribe = (listener) => {
      subscribed.delete(listener)
      unsubscribe(listener)
    }
    const instance = api(shop, card('pm_good'))
    await instance.get('paid/100', { cancelToken: token })
    await instance.get('free', { cancelToken: token })
    expect(subscribed.size).toBe(0)
  })

  test('takes no credential along a redirect to another origin', async () => {
    const [shop, other] = [openShop(), openShop('other')]
    const to = encodeURIComponent(other.url('/free'))
    const call = api(shop, card('pm_good')).get(`sold/redirect/302?to=${to}`)
    if (adapter === 'http') expect((await call).status).toBe(200)
    else await call.catch(() => {})
    expect((await shop.state()).charges).toHaveLength(1)
    // XMLHttpRequest follows by itself: the browser asks the other origin, which this one allows.
    const seen = (await other.state()).seen.filter(({ headers }) => 'payment' in headers)
    expect(seen).toHaveLength(adapter === 'xhr' ? 1 : 0)
  })

  test('pays no 402 that a redirect to another origin has led to', async () => {
    const [shop, other] = [openShop(), openShop('other')]
    const ask = card('pm_good')
    const to = encodeURIComponent(other.url('/paid/100'))
    await expect(api(shop, ask).get(`redirect/302?to=${to}`)).rejects.toMatchObject({
      response: { status: 402 },
    })
    expect(ask.calls).toBe(0)
    expect((await other.state()).charges).toEqual([])
  })

  test('pays a 402 behind a redirect within the origin, and one that follows no redirect', async () => {
    const shop = openShop()
    const instance = api(shop, card('pm_good'))
    const to = encodeURIComponent(shop.url('/paid/100'))
    expect((await instance.get(`redirect/302?to=${to}`)).data).toMatchObject({ price: 100 })
    expect((await instance.get('paid/200', { maxRedirects: 0 })).data).toMatchObject({ price: 200 })
  })

  test('cancels at once while somebody decides', async () => {
    const shop = openShop()
    const aborting = new AbortController()
    const call = api(shop, async () => {
      aborting.abort()
      return new Promise<never>(() => {})
    }).get('paid/100', { signal: aborting.signal })
    await expect(call).rejects.toSatisfy(axios.isCancel)
    expect(await shop.seen()).toHaveLength(1)
  })
})
