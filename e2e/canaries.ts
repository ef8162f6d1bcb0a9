import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Stripe402Event } from '@stripe402/server'
import type { StripeLocal } from '@stripe402/stripe-local'

/** Card numbers that tests type. */
const CARD_NUMBER = /(?<!\d)(?:4[0-9]{15}|5[0-9]{15}|3[0-9]{14})(?!\d)/g

/** What secrets look like, for servers in processes of their own, which nobody planted them in. */
const SHAPES: readonly [what: string, pattern: RegExp][] = [
  ['a PaymentMethod', /\b(?:pm|ctoken)_[A-Za-z0-9]{10,}/g],
  ['a client secret', /\b(?:pi|seti)_\w+_secret_\w+/g],
  ['a secret key', /\b[sr]k_(?:test|live)_\w{8,}/g],
  ['a webhook secret', /\bwhsec_\w+/g],
  ['a session', /\bv1\.[\w-]+(?:\.[\w-]+){6,}/g],
  // `{"stripe402Version` and `{"typ":"dpop+jwt` in base64.
  ['a payment header', /eyJzdHJpcGU0MDJWZXJzaW9u|eyJ0eXAiOiJkcG9wK2p3dC/g],
  ['a card number', CARD_NUMBER],
]

/** What looks like a secret in the output of a process or in the body of an error; a line each. */
export function secretsIn(text: string): string[] {
  // A person who has to pass a bank check is given the secret of that payment, and nobody else is.
  const rest = text.replace(/(?:"|&quot;)clientSecret(?:"|&quot;):(?:"|&quot;)\w+/g, '')
  return SHAPES.flatMap(([what, pattern]) => (rest.match(pattern) ?? []).map((found) => `${what}: ${found}`))
}

/** What the server said where others may read it: log lines, events and the bodies of its errors. */
export interface Canaries {
  log(line: string): void
  event(event: Stripe402Event): void
  /** Keeps the payment header that came in, and the body that goes out when it is an error. */
  watch(request: IncomingMessage, response: ServerResponse): void
  /** Each secret that was said, and where. */
  escaped(stripe: StripeLocal): string[]
}

/** Listens for canaries: everything secret that a run makes is planted by the run itself. */
export function watchCanaries(): Canaries {
  const said: { where: string; text: string }[] = []
  const headers = new Set<string>()
  return {
    log: (text) => void said.push({ where: 'a log line', text }),
    event: (event) => void said.push({ where: `the event ${event.type}`, text: JSON.stringify(event) }),
    watch(request, response) {
      const { payment } = request.headers
      if (typeof payment === 'string') headers.add(payment)
      const { end } = response
      response.end = (...args: unknown[]) => {
        const [body] = args
        // A person who has to pass a bank check is given the secret of that payment, and nobody else is.
        const text = String(body ?? '').replace(/(?:"|&quot;)clientSecret(?:"|&quot;):(?:"|&quot;)\w+/g, '')
        if (response.statusCode >= 400) said.push({ where: `a body of ${response.statusCode}`, text })
        return Reflect.apply(end, response, args)
      }
    },
    escaped(stripe) {
      const { state } = stripe
      const secrets = [
        ...headers,
        ...state.paymentMethods().flatMap(({ id, card }) => [id, card?.fingerprint]),
        ...state.paymentIntents().map((intent) => intent.client_secret),
        ...state.setupIntents().map((intent) => intent.client_secret),
        stripe.keys.secretKey,
      ].filter((secret): secret is string => typeof secret === 'string')
      return said.flatMap(({ where, text }) => [
        ...secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${where}`),
        ...(text.match(CARD_NUMBER) ?? []).map((number) => `${number} in ${where}`),
      ])
    },
  }
}
