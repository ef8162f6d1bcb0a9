import { HEADERS } from '@stripe402/core'
import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { snapshotBody } from '../body-snapshot.js'
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
  // The app's interceptors stay out of further attempts: what they did is in the config already.
  const bare = instance.create()
  const ours = new WeakSet<object>()
  instance.interceptors.request.use((request) => {
    const { adapter } = request
    if (typeof adapter === 'function' && ours.has(adapter)) return request
    const paying: AxiosAdapter = ({ adapter: _ours, ...final }) =>
      pay(client, bare, adapter ? { ...final, adapter } : final)
    ours.add(paying)
    request.adapter = paying
    return request
  })
  return instance
}

async function pay(
  client: Client,
  bare: AxiosInstance,
  config: InternalAxiosRequestConfig,
): Promise<AxiosResponse> {
  const url = absoluteUrl(bare.getUri(config))
  const aborting = new AbortController()
  const { data, headers, signal, cancelToken } = config

  /** One attempt. Everything is transformed already, and what comes back is transformed by the first call. */
  const attempt = async (changes: Partial<InternalAxiosRequestConfig>): Promise<AxiosReply> => {
    const plain = { ...config, transformRequest: [], transformResponse: [], ...changes }
    try {
      const response = await bare.request(plain)
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

  const saved = snapshotBody(data)
  let isSent = false
  const abort = (): void => aborting.abort()
  signal?.addEventListener?.('abort', abort)
  cancelToken?.promise.then(abort)
  try {
    return give(
      await sendAndPay(client, {
        url,
        method: (config.method ?? 'get').toUpperCase(),
        signal: aborting.signal,
        isReplayable: !isStream(data) && !isNodeStream(data),
        send(payment, target) {
          const changes: Partial<InternalAxiosRequestConfig> = withinOrigin(config, url)
          if (isSent) changes.data = saved
          isSent = true
          if (payment) changes.headers = headers.concat({ [HEADERS.PAYMENT]: payment })
          return attempt(target === url.href ? changes : { ...changes, url: target, baseURL: '', params: {} })
        },
        peek: async ({ response }) => (typeof response.data === 'string' ? response.data : ''),
      }),
    )
  } finally {
    signal?.removeEventListener?.('abort', abort)
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

function isNodeStream(data: unknown): boolean {
  return typeof Reflect.get(Object(data), 'pipe') === 'function'
}

function absoluteUrl(uri: string): URL | null {
  try {
    return new URL(uri, baseUrl())
  } catch {
    return null
  }
}
