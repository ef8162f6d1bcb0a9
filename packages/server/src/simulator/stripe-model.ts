import { createStripeLocal, type DirectCall, type StripeLocal } from '@stripe402/stripe-local'
import type Stripe from 'stripe'
import type { StripeApi } from '../stripe-api.js'
import { formOf } from './form-of.js'
import type { Life, Seam } from './seam.js'
import { brokenCall, errorOf, type ObjectOf, objectIn, pageIn } from './stripe-answers.js'

/** Stripe, with the rules of the local Stripe, as the engine's client library shows it. */
export interface StripeModel {
  /** The library in one life of a process. */
  apiFor(life: Life): StripeApi
}

/** What the model needs. */
export interface StripeModelOptions {
  local: StripeLocal
  seam: Seam
  /** How long Stripe works on a call while its idempotency key is in use. */
  workMs(): number
  sleep(ms: number): Promise<void>
}

/** One local Stripe for many runs: making its HTTP side costs more than a run. */
export function stripeForManyRuns(): {
  local: StripeLocal
  begin(clock: () => number, onEvent: (event: Stripe.EventBase) => void): void
} {
  let clock = (): number => 0
  let onEvent = (_event: Stripe.EventBase): void => {}
  const local = createStripeLocal({ clock: () => clock(), onEvent: (event) => onEvent(event) })
  return {
    local,
    begin(nextClock, nextOnEvent) {
      local.reset()
      clock = nextClock
      onEvent = nextOnEvent
    },
  }
}

/** Puts the library's calls and errors in front of the local Stripe. */
export function createStripeModel({ local, seam, workMs, sleep }: StripeModelOptions): StripeModel {
  async function answer(call: DirectCall): Promise<object> {
    const carryOut = local.take(call)
    const ms = call.method === 'POST' ? workMs() : 0
    if (ms > 0) await sleep(ms)
    const { status, body } = carryOut()
    if (status === 200) return body
    throw errorOf(status, body)
  }

  function ask(life: Life, name: string, call: DirectCall): Promise<object> {
    return seam.cross({
      door: call.method === 'POST' ? 'stripe' : 'stripe-read',
      name,
      life,
      perform: () => answer(call),
      broken: brokenCall,
      failAtStripe: (fails) => void local.take({ ...call, fails })(),
    })
  }

  function apiFor(life: Life): StripeApi {
    const post =
      (name: string, pathOf: (id: string) => string) =>
      async (
        id: string,
        params: object,
        { idempotencyKey }: Stripe.RequestOptions,
      ): Promise<Stripe.PaymentIntent> => {
        const call = { method: 'POST', path: pathOf(id), params: formOf(params), idempotencyKey } as const
        return objectIn(await ask(life, name, call), 'payment_intent')
      }

    const retrieve =
      <Name extends keyof ObjectOf>(name: Name, path: string) =>
      async (id: string, params: object): Promise<ObjectOf[Name]> => {
        const call = { method: 'GET', path: `${path}/${id}`, params: formOf(params) } as const
        return objectIn(await ask(life, `retrieve ${name}`, call), name)
      }

    const list = <Name extends keyof ObjectOf>(name: Name, path: string) =>
      async function* (params: object): AsyncGenerator<ObjectOf[Name]> {
        let after: string | undefined
        for (;;) {
          const query = formOf({ ...params, ...(after !== undefined && { starting_after: after }) })
          const page = pageIn(await ask(life, `list ${name}`, { method: 'GET', path, params: query }))
          for (const item of page.data) {
            const object = objectIn(item, name)
            after = object.id
            yield object
          }
          if (!page.hasMore) return
        }
      }

    const intents = '/v1/payment_intents'
    const methods = '/v1/payment_methods'
    const create = post('create', () => intents)
    return {
      paymentIntents: {
        create: (params, options) => create('', params, options),
        confirm: post('confirm', (id) => `${intents}/${id}/confirm`),
        cancel: post('cancel', (id) => `${intents}/${id}/cancel`),
        retrieve: retrieve('payment_intent', intents),
        list: list('payment_intent', intents),
        search: list('payment_intent', `${intents}/search`),
      },
      setupIntents: {
        create: async (params) => {
          const call = { method: 'POST', path: '/v1/setup_intents', params: formOf(params) } as const
          return objectIn(await ask(life, 'set up', call), 'setup_intent')
        },
        retrieve: retrieve('setup_intent', '/v1/setup_intents'),
        cancel: async (id, params) => {
          const path = `/v1/setup_intents/${id}/cancel`
          const call = { method: 'POST', path, params: formOf(params) } as const
          return objectIn(await ask(life, 'cancel check', call), 'setup_intent')
        },
      },
      customers: {
        create: async (params, { idempotencyKey }) => {
          const call = {
            method: 'POST',
            path: '/v1/customers',
            params: formOf(params),
            idempotencyKey,
          } as const
          return objectIn(await ask(life, 'create customer', call), 'customer')
        },
        retrieve: retrieve('customer', '/v1/customers'),
      },
      paymentMethods: {
        retrieve: retrieve('payment_method', methods),
        list: list('payment_method', methods),
        detach: async (id) => {
          const call = { method: 'POST', path: `${methods}/${id}/detach` } as const
          return objectIn(await ask(life, 'detach', call), 'payment_method')
        },
      },
      confirmationTokens: { retrieve: retrieve('confirmation_token', '/v1/confirmation_tokens') },
      refunds: {
        create: async (params, { idempotencyKey }) => {
          const call = {
            method: 'POST',
            path: '/v1/refunds',
            params: formOf(params),
            idempotencyKey,
          } as const
          return objectIn(await ask(life, 'refund', call), 'refund')
        },
        retrieve: retrieve('refund', '/v1/refunds'),
        list: list('refund', '/v1/refunds'),
      },
      disputes: { retrieve: retrieve('dispute', '/v1/disputes'), list: list('dispute', '/v1/disputes') },
    }
  }

  return { apiFor }
}
