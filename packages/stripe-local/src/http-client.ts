import type Stripe from 'stripe'
import type { ApiAnswer, ApiRequest } from './api.js'

/**
 * Makes a client for `new Stripe(key, { httpClient })` that reaches the local Stripe by a function call. Unlike
 * intercepted requests it honours the client's timeout, and closed connections print nothing.
 */
export function createHttpClient(call: (request: ApiRequest) => Promise<ApiAnswer>): Stripe.HttpClient {
  return {
    getClientName: () => 'stripe-local',
    async makeRequest(_host, _port, path, method, headers, requestData, _protocol, timeout) {
      const [pathname = '', query = ''] = path.split(/\?(.*)/s)
      const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      const request: ApiRequest = {
        method,
        path: pathname,
        query,
        body: requestData,
        header: (name) => {
          const value = sent.get(name.toLowerCase())
          return value === undefined ? null : String(value)
        },
      }
      return responseOf(await withinTime(call(request), timeout))
    },
  }
}

function responseOf(answer: ApiAnswer): Stripe.HttpClientResponse {
  const raw = { headers: answer.headers, statusCode: answer.status }
  return {
    getStatusCode: () => answer.status,
    getHeaders: () => answer.headers,
    getRawResponse: () => raw,
    toStream(streamCompleteCallback) {
      streamCompleteCallback()
      return new Response(answer.body).body
    },
    toJSON: async () => JSON.parse(answer.body),
  }
}

async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new TypeError('ETIMEDOUT'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
