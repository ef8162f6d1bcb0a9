import { createServer, type ServerResponse } from 'node:http'
import {
  type ClientId,
  encodeHeader,
  HEADERS,
  isClientId,
  type Payment,
  type PaymentRequired,
  type PaymentRequirements,
  type PaymentResponse,
  readPayment,
} from '@stripe402/core'
import { onTestFinished } from 'vitest'
import { type ClientStore, memoryStore } from '../client-store.js'

/** A payment as a seller of one's own has heard it. */
export interface Heard {
  readonly url: URL
  readonly payment: Payment | null
}

/** What a seller of one's own says: a challenge with these offers, or its thanks with a receipt. */
export interface Till {
  ask(offers: Partial<PaymentRequirements>[], rest?: Partial<PaymentRequired>): void
  /** `null`: without a receipt. */
  serve(receipt?: Partial<PaymentResponse> | null): void
}

/** Opens a seller that answers as a test says, for as long as that test runs. Returns its origin. */
export async function ownSeller(answer: (heard: Heard, till: Till) => void): Promise<string> {
  const server = createServer((request, response) => {
    const payment = readPayment(request.headers[HEADERS.PAYMENT]?.toString())
    const heard = {
      url: new URL(request.url ?? '', 'http://seller.test'),
      payment: payment.ok ? payment.value : null,
    }
    answer(heard, tillOf(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

function tillOf(response: ServerResponse): Till {
  return {
    ask(offers, rest = {}) {
      const accepts = offers.map((offer) => ({
        scheme: 'stripe',
        currency: 'usd',
        amount: 100,
        minTopUp: 5000,
        publishableKey: 'pk_test_own',
        ...offer,
      }))
      const challenge = { stripe402Version: 1, resource: { url: '/' }, accepts, ...rest }
      response.writeHead(402, { [HEADERS.PAYMENT_REQUIRED]: encodeHeader(challenge) }).end()
    },
    serve(receipt = {}) {
      const header = receipt && {
        [HEADERS.PAYMENT_RESPONSE]: encodeHeader({
          success: true,
          clientId: ownAccount('usd'),
          creditsRemaining: 1_000_000,
          ...receipt,
        }),
      }
      response.writeHead(200, header ?? {}).end('{}')
    },
  }
}

/** The account of an only customer, in this currency. */
export function ownAccount(currency: string): ClientId {
  const clientId = Buffer.from(currency.padEnd(32)).toString('hex')
  if (!isClientId(clientId)) throw new Error('64 hexadecimal digits are a client id')
  return clientId
}

/** A memory of an account with a lot of credit in each of these currencies. */
export function rich(origin: string, ...currencies: string[]): ClientStore {
  const store = memoryStore()
  const accounts = currencies.map((currency) => [
    currency,
    { clientId: ownAccount(currency), balanceUnits: 50_000_000 },
  ])
  store.set(origin, { clients: Object.fromEntries(accounts), asked: {}, purchases: {} })
  return store
}

/** Resolves when so many requests have asked for payment. */
export function askedTimes(events: EventTarget, count: number): Promise<void> {
  let asked = 0
  return new Promise((resolve) =>
    events.addEventListener('payment-required', () => {
      if (++asked === count) resolve()
    }),
  )
}
