import type { FormField } from './form.js'
import { isObject, type JsonObject, textAt } from './json.js'

/** Where Stripe's API is, and as whom to speak to it. */
export interface ApiAccess {
  readonly apiOrigin: string
  readonly publishableKey: string
}

/** An error as Stripe returns it, in a result instead of an exception. */
export interface StripeError extends JsonObject {
  readonly type: string
}

/** What a call to the API can come to. */
export type ApiOutcome =
  | { readonly kind: 'object'; readonly object: JsonObject }
  | { readonly kind: 'error'; readonly error: StripeError }

/** One call to the API. */
export interface ApiCall {
  readonly path: string
  /** Sent as the query of a GET or the body of a POST. */
  readonly fields: readonly FormField[]
  readonly method: 'GET' | 'POST'
}

/** Calls Stripe's API with a publishable key. Never throws: a lost connection is an `api_connection_error`. */
export async function callApi(access: ApiAccess, call: ApiCall): Promise<ApiOutcome> {
  const form = new URLSearchParams(call.fields.map(([name, value]) => [name, value]))
  const url = new URL(call.path, access.apiOrigin)
  if (call.method === 'GET') url.search = form.toString()
  try {
    const response = await fetch(url, {
      method: call.method,
      headers: { authorization: `Bearer ${access.publishableKey}` },
      ...(call.method === 'POST' ? { body: form } : {}),
    })
    return readBody(await response.json())
  } catch (cause) {
    return connectionLost(cause)
  }
}

function readBody(body: unknown): ApiOutcome {
  if (!isObject(body)) return connectionLost(body)
  const { error } = body
  if (isObject(error)) {
    return { kind: 'error', error: { ...error, type: textAt(error, 'type') ?? 'api_error' } }
  }
  return { kind: 'object', object: body }
}

function connectionLost(cause: unknown): ApiOutcome {
  const message =
    'We are experiencing issues connecting to our payments provider. Please check your internet connection and try again.'
  return { kind: 'error', error: { type: 'api_connection_error', message, detail: String(cause) } }
}
