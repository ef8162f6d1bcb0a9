import { type ClientOptions, memoryKeys, memoryStore, type Payer, wrapFetch } from '@stripe402/client'
import { type ClientId, HEADERS, type Payment, readPayment, serializePayment } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DemoInMemory, send, startInMemory } from './temporary-demo.fixture.js'

const MINUTE = 60_000

let demo: DemoInMemory
let aheadMs: number
/** What a buyer's client has sent, oldest first. */
let sent: (Payment | null)[]
/** PaymentMethods that are still in the buyer's purse. */
let purse: string[]

beforeEach(async () => {
  aheadMs = 0
  sent = []
  purse = []
  demo = await startInMemory(() => Date.now() + aheadMs)
})
afterEach(() => demo.close())

const payer: Payer = async () => {
  const paymentMethodId = purse.shift()
  return paymentMethodId ? { paymentMethodId, topUpAmount: 50_000 } : null
}

const watched: typeof fetch = async (input, init) => {
  const read = readPayment(new Request(input, init).headers.get(HEADERS.PAYMENT))
  sent.push(read.ok ? read.value : null)
  return fetch(input, init)
}

/** A buyer whose client has a key of its own. */
function buyer(options: ClientOptions = {}): () => Promise<number> {
  const paidFetch = wrapFetch(watched, { payer, deviceKeys: memoryKeys(), ...options })
  return async () => (await paidFetch(`${demo.url}/api/joke`)).status
}

function accountOf(payments: readonly (Payment | null)[]): ClientId {
  const clientId = payments.find((payment) => payment?.clientId)?.clientId
  if (!clientId) throw new Error('no request named an account')
  return clientId
}

/** What a payment shows, beside naming an account or a card. */
function shown(payment: Payment | null | undefined): string[] {
  return (['session', 'proof'] as const).filter((name) => payment?.[name] !== undefined)
}

describe('a client with a key', () => {
  it('binds it with its first purchase, and spends with the token, one request each', async () => {
    purse = ['pm_card_visa']
    const buy = buyer()
    expect(await buy()).toBe(200)
    expect(sent.map(shown)).toEqual([[], ['proof']])
    for (let at = 0; at < 3; at += 1) expect(await buy()).toBe(200)
    expect(sent.slice(2).map(shown)).toEqual([['session'], ['session'], ['session']])
  })

  it('has the receipt of its credit although its request was sent twice and the first answer lost, and pays once', async () => {
    purse = ['pm_card_visa']
    const store = memoryStore()
    const statuses: number[] = []
    const repeating: typeof fetch = async (input, init) => {
      const isFirst = new Request(input, init).headers.has(HEADERS.PAYMENT) && !statuses.includes(200)
      if (isFirst) statuses.push((await fetch(input, init)).status)
      const answer = await watched(input, init)
      statuses.push(answer.status)
      return answer
    }
    const paidFetch = wrapFetch(repeating, { payer, deviceKeys: memoryKeys(), store, delay: async () => {} })
    const url = `${demo.url}/.well-known/stripe402/top-up`
    expect((await paidFetch(url, { method: 'POST' })).status).toBe(200)
    expect(statuses).toEqual([402, 200, 409, 200])
    expect(sent.map(shown)).toEqual([[], ['proof'], ['proof']])
    expect(store.get(demo.url)?.clients.usd?.session).toBeDefined()
    const { credited } = await demo.stripe402.settings.store.account({
      clientId: store.get(demo.url)?.clients.usd?.clientId ?? accountOf(sent),
      currency: 'usd',
    })
    expect(credited).toBe(50_000)
  })

  it('makes its account worthless to whoever knows its name', async () => {
    purse = ['pm_card_visa']
    const buy = buyer()
    await buy()
    await buy()
    const clientId = accountOf(sent)
    const stolen = await send(`${demo.url}/api/joke`, { clientId, currency: 'usd' })
    expect([stolen.status, stolen.challenge?.error]).toEqual([402, 'proof_required'])
    const other = buyer({ payer: async (_challenge, { attempt }) => (attempt === 1 ? { clientId } : null) })
    expect(await other()).toBe(402)
    expect(await buy()).toBe(200)
  })

  it('proves itself again when the server no longer takes its token, without asking anybody', async () => {
    purse = ['pm_card_visa']
    const buy = buyer()
    await buy()
    aheadMs = 11 * MINUTE
    expect(await buy()).toBe(200)
    expect(sent.slice(2).map(shown)).toEqual([['session'], ['proof']])
    expect(await buy()).toBe(200)
    expect(shown(sent.at(-1))).toEqual(['session'])
    expect(sent).toHaveLength(5)
  })

  it('is believed by a server whose clock is hours ahead of its own', async () => {
    aheadMs = 180 * MINUTE
    purse = ['pm_card_visa']
    const buy = buyer()
    expect(await buy()).toBe(200)
    expect(await buy()).toBe(200)
    expect(shown(sent.at(-1))).toEqual(['session'])
  })

  it('comes back by its card after all devices were signed out, and is not charged again', async () => {
    purse = ['pm_card_visa']
    const buy = buyer()
    await buy()
    await buy()
    const { session } = sent.at(-1) ?? {}
    const header = serializePayment({ clientId: accountOf(sent), session })
    const url = `${demo.url}/.well-known/stripe402/sign-out`
    expect((await fetch(url, { method: 'POST', headers: { [HEADERS.PAYMENT]: header } })).status).toBe(204)
    expect(await buy()).toBe(402)
    expect(sent.slice(-2).map(shown)).toEqual([['session'], ['proof']])
    purse = ['pm_card_visa']
    expect(await buy()).toBe(200)
    expect(await buy()).toBe(200)
    expect(shown(sent.at(-1))).toEqual(['session'])
    const { credited } = await demo.stripe402.settings.store.account({
      clientId: accountOf(sent),
      currency: 'usd',
    })
    expect(credited).toBe(50_000)
  })

  it('signs a price that has gone up only after the payer has confirmed it', async () => {
    purse = ['pm_card_visa']
    const asked: string[] = []
    const store = memoryStore()
    const buy = buyer({
      store,
      policy: { askAbove: 50 },
      payer: async (challenge, context) => {
        asked.push(context.reason)
        const { clientId } = context
        return clientId ? { clientId } : payer(challenge, context)
      },
    })
    await buy()
    // What the client remembers is a price that it may spend without asking.
    const { asked: paths } = store.get(demo.url) ?? {}
    Object.assign(paths?.['/api/joke'] ?? {}, { amountUnits: 10 })
    aheadMs = 11 * MINUTE
    expect(await buy()).toBe(200)
    expect(asked).toEqual(['payment', 'confirm'])
    expect(sent.slice(2).map(shown)).toEqual([['session'], ['session'], ['proof']])
  })
})

describe('a client without a key', () => {
  it('spends with the name of its account alone', async () => {
    purse = ['pm_card_visa']
    const buy = buyer({ deviceKeys: null })
    for (let at = 0; at < 3; at += 1) expect(await buy()).toBe(200)
    expect(sent.flatMap(shown)).toEqual([])
  })

  it('pays when its key cannot be kept', async () => {
    purse = ['pm_card_visa']
    const broken = async (): Promise<never> => {
      throw new DOMException('blocked', 'SecurityError')
    }
    const buy = buyer({ deviceKeys: { find: broken, make: broken, forget: broken } })
    expect(await buy()).toBe(200)
    expect(await buy()).toBe(200)
  })
})
