import { HEADERS } from '@stripe402/core'
import {
  Axios,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios'
import { isA, snapshotBody } from '../body-snapshot.js'
import { type Client, createClient } from '../client.js'
import { originalOptions, type Stripe402ClientConfig } from '../create-stripe402-fetch.js'
import { isStream } from '../is-stream.js'
import type { Reply } from '../payable-request.js'
import { sendAndPay } from '../paying-fetch.js'
import { baseUrl } from '../scope.js'
import { urlOf, withinOrigin } from './within-origin.js'

/** An answer of axios, whether it resolved or rejected with it. */
interface AxiosReply extends Reply {
  readonly response: AxiosResponse
  readonly error: unknown
}

/**
 * The original's axios client: makes the instance pay, and returns it.
 *
 * Works on every adapter of axios, and on one of your own that sets `request.responseURL`. A refused payment or a `null` rejects with the 402, as axios does. Interceptors and
 * transforms of the app run once per call, however often the request is sent.
 *
 * @example
 * ```ts
 * const api = createStripe402Axios(axios.create({ baseURL: 'https://api.example.com' }), {
 *   onPaymentRequired: async () => ({ paymentMethodId: 'pm_card_visa' }),
 * })
 * ```
 */
export function createStripe402Axios(instance: AxiosInstance, config: Stripe402ClientConfig): AxiosInstance {
  const client = createClient(originalOptions(config))
  const ours = new WeakSet<object>()
  instance.interceptors.request.use((request) => {
    const { adapter } = request
    if (typeof adapter === 'function' && ours.has(adapter)) return request
    const paying: AxiosAdapter = ({ adapter: _ours, ...final }) =>
      pay(client, adapter ? { ...final, adapter } : final)
    ours.add(paying)
    request.adapter = paying
    return request
  })
  return instance
}

/** What has no defaults, which would bring back what an interceptor of the app has taken out. */
const plainly = new Axios({})

async function pay(client: Client, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const url = absoluteUrl(plainly.getUri(config))
  const aborting = new AbortController()
  const { data, headers, signal, cancelToken, adapter = ['xhr', 'http', 'fetch'] } = config

  /** One attempt. Everything is transformed already, and what comes back is transformed by the first call. */
  const attempt = async (changes: Partial<InternalAxiosRequestConfig>): Promise<AxiosReply> => {
    // An adapter may change the headers that it is given.
    const final = { ...config, headers: headers.concat(), ...changes }
    try {
      const response = await getAdapter(adapter, final)(final)
      return replyOf({ ...response, config }, null)
    } catch (error) {
      const response = responseOf(error)
      if (!response) throw error
      return replyOf(Object.assign(response, { config }), Object.assign(Object(error), { config }))
    }
  }
  const give = ({ response, error }: AxiosReply): AxiosResponse => {
    if (error) throw error
    return response
  }
  if (!url || headers.has(HEADERS.PAYMENT)) return give(await attempt({}))

  const isReplayable = !isStream(data)
  const saved = isReplayable ? snapshotBody(data) : data
  let latest: AxiosReply | undefined
  const abort = (): void => aborting.abort()
  signal?.addEventListener?.('abort', abort)
  cancelToken?.subscribe(abort)
  try {
    return give(
      await sendAndPay(client, {
        url,
        method: (config.method ?? 'get').toUpperCase(),
        signal: aborting.signal,
        isReplayable,
        async send(payment, target) {
          const changes: Partial<InternalAxiosRequestConfig> = withinOrigin(config, url)
          if (latest) changes.data = saved
          // First, where an agent has one socket only.
          discard(latest?.response.data)
          if (payment) changes.headers = headers.concat({ [HEADERS.PAYMENT]: payment })
          if (target !== url.href) Object.assign(changes, { url: target, baseURL: '', params: {} })
          latest = await attempt(changes)
          return latest
        },
        peek: async ({ response }) => (typeof response.data === 'string' ? response.data : ''),
      }),
    )
  } finally {
    signal?.removeEventListener?.('abort', abort)
    cancelToken?.unsubscribe(abort)
  }
}

function replyOf(response: AxiosResponse, error: unknown): AxiosReply {
  return {
    status: response.status,
    url: urlOf(response),
    headers: { get: (name) => response.headers[name]?.toString() ?? null },
    response,
    error,
  }
}

/** The answer that a rejection carries, if one arrived. */
function responseOf(error: unknown): AxiosResponse | undefined {
  const response: AxiosResponse | undefined = Reflect.get(Object(error), 'response')
  return response?.status ? response : undefined
}

/** Lets go of an answer that the app will never see: a stream that nobody reads keeps its connection. */
function discard(data: unknown): void {
  if (isA('ReadableStream', data)) data.cancel().catch(() => {})
  else if (isStream(data)) Reflect.get(Object(data), 'destroy')?.call(data)
}

function absoluteUrl(uri: string): URL | null {
  try {
    return new URL(uri, baseUrl())
  } catch {
    return null
  }
}
