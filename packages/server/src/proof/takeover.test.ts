import { type ClientId, HEADERS, type Payment, readPaymentResponse, serializePayment } from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Authorization } from '../authorize.js'
import { createStripe402 } from '../create-stripe402.js'
import type { PaidRequest } from '../paid-request.js'
import { openSeller, requestWith, SECRET, type Seller } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type Device, newDevice, someRequestId } from './device.fixture.js'

type Wish = Omit<Payment, 'stripe402Version'>

const MINUTE = 60_000
const URL = '/api/joke'
const HERE = { method: 'GET', url: URL }

let nowMs: number
let seller: Seller
let cards: Stripe
/** Every header that a victim ever sent, as a log would have kept it. */
let logged: Wish[]

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1)
  logged = []
  open()
})
afterEach(() => seller.close())

function open(options: Partial<Stripe402Options> = {}): void {
  const clock = (): number => nowMs
  const stripeLocal = createStripeLocal({ clock })
  cards = new Stripe(stripeLocal.keys.publishableKey, { httpClient: stripeLocal.httpClient })
  seller = openSeller({
    stripeLocal,
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
    ...options,
  })
}

/** A PaymentMethod of somebody's card, as everybody who has its number can make one. */
async function cardOf(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2030, cvc: '000' }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

async function ask(
  wish: Wish,
  { method = 'GET', url = URL, body }: { method?: string; url?: string; body?: string } = {},
  engine = seller.stripe402,
): Promise<Authorization> {
  const header = serializePayment(wish)
  const request: PaidRequest = {
    method,
    url,
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
    ...(body !== undefined && { body }),
  }
  const authorization = await engine.authorize(request, engine.priceTag({ price: 100 }))
  if (authorization.type === 'granted') await authorization.grant.capture()
  return authorization
}

/** Asks and keeps the header in the log. */
function askLogged(wish: Wish, ...rest: [] | [object]): Promise<Authorization> {
  logged.push(wish)
  return ask(wish, ...rest)
}

function errorOf(authorization: Authorization): string {
  if (authorization.type !== 'refused') return authorization.type
  const { error, errorCode }: { error?: string; errorCode?: string } = JSON.parse(authorization.answer.body)
  return errorCode ?? error ?? 'unpaid'
}

function receiptOf(authorization: Authorization): { clientId: ClientId; session: string | undefined } {
  if (authorization.type !== 'granted') throw new Error(errorOf(authorization))
  const receipt = readPaymentResponse(authorization.grant.receipt())
  if (!receipt.ok) throw new Error(receipt.detail)
  return { clientId: receipt.value.clientId, session: receipt.value.session }
}

async function spentBy(clientId: ClientId): Promise<number> {
  await seller.stripe402.close()
  const { spent, held } = await seller.store.account({ clientId, currency: 'usd' })
  return spent + held
}

/** A victim who pays with a device: the first purchase binds its key. */
async function payWith(device: Device, card?: string): Promise<{ clientId: ClientId; session: string }> {
  const wish: Wish = {
    // Not `pm_card_visa`, which Stripe makes anew each time: a PaymentMethod that was charged is used up.
    paymentMethodId: card ?? (await cardOf('4242424242424242')),
    topUpAmount: 50_000,
    purchaseId: somePurchaseId(),
  }
  const paid = await askLogged(device.sign(wish, HERE))
  const { clientId, session } = receiptOf(paid)
  if (session === undefined) throw new Error('no session')
  return { clientId, session }
}

describe('an original client', () => {
  it('pays with a card, and spends with its client id alone', async () => {
    const { clientId, session } = receiptOf(
      await ask({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }),
    )
    expect(session).toBeUndefined()
    for (let at = 0; at < 5; at += 1) expect((await ask({ clientId })).type).toBe('granted')
    expect(await spentBy(clientId)).toBe(600)
  })

  it('may send the same card every time, which is charged once', async () => {
    const paymentMethodId = await cardOf('4242424242424242')
    for (let at = 0; at < 5; at += 1) expect((await ask({ paymentMethodId })).type).toBe('granted')
    expect(seller.stripeLocal.state.charges().length).toBe(1)
    expect(seller.stripeLocal.log.count({ method: 'POST', path: '/v1/setup_intents' })).toBe(0)
  })

  it('finds its balance with the same card entered again, once the issuer confirms it', async () => {
    const first = receiptOf(await ask({ paymentMethodId: await cardOf('4242424242424242') }))
    const again = await cardOf('4242424242424242')
    expect(receiptOf(await ask({ paymentMethodId: again })).clientId).toBe(first.clientId)
    expect((await ask({ paymentMethodId: again })).type).toBe('granted')
    expect(seller.stripeLocal.state.charges().length).toBe(1)
    expect(seller.stripeLocal.log.count({ method: 'POST', path: '/v1/setup_intents' })).toBe(1)
  })
})

describe('a stranger with a bare card number', () => {
  it('spends nothing in 100 takeovers, and is not told who the victim is', async () => {
    // This bank wants to see its customer; a number and any CVC are not enough.
    const number = '4000000000003220'
    const purchaseId = somePurchaseId()
    const begun = await ask({ paymentMethodId: await cardOf(number), topUpAmount: 50_000, purchaseId })
    expect(errorOf(begun)).toBe('authentication_required')
    const [intent] = seller.stripeLocal.state.paymentIntents()
    seller.stripeLocal.authenticate(intent?.id ?? '', 'approve')
    const { clientId } = receiptOf(await ask({ purchaseId }))
    const before = await spentBy(clientId)
    for (let at = 0; at < 100; at += 1) {
      const device = newDevice(() => nowMs)
      const wish: Wish = {
        paymentMethodId: await cardOf(number),
        ...(at % 3 === 0 && { purchaseId: somePurchaseId() }),
      }
      const outcome = await ask(at % 2 === 0 ? device.sign(wish, HERE) : wish)
      expect(errorOf(outcome)).toBe('authentication_required')
      expect(JSON.stringify(outcome)).not.toContain(clientId)
    }
    expect(await spentBy(clientId)).toBe(before)
    expect(await seller.store.keys({ clientId, currency: 'usd' })).toEqual({ era: 0, thumbprints: [] })
    expect((await ask({ clientId })).type).toBe('granted')
  })
})

describe('an account with a bound key', () => {
  it('is spent from with its session, and asks for the key once that has run out', async () => {
    const device = newDevice(() => nowMs)
    const { clientId, session } = await payWith(device)
    expect((await ask({ clientId, session, requestId: someRequestId() })).type).toBe('granted')
    nowMs += 10 * MINUTE + 1000
    expect(errorOf(await ask({ clientId, session, requestId: someRequestId() }))).toBe('proof_required')
    const renewed = receiptOf(await ask(device.sign({ clientId, session }, HERE)))
    expect(renewed.session).toBeDefined()
    expect((await ask({ clientId, session: renewed.session })).type).toBe('granted')
    expect(await spentBy(clientId)).toBe(400)
  })

  it('no longer accepts a bare client id, nor a card or purchase that somebody names', async () => {
    const device = newDevice(() => nowMs)
    const paymentMethodId = await cardOf('4242424242424242')
    const { clientId } = await payWith(device, paymentMethodId)
    const [first] = logged
    expect(errorOf(await ask({ clientId }))).toBe('proof_required')
    expect(errorOf(await ask({ paymentMethodId }))).toBe('proof_required')
    expect(errorOf(await ask({ paymentMethodId, purchaseId: first?.purchaseId }))).toBe('proof_required')
    expect(errorOf(await ask({ purchaseId: first?.purchaseId }))).toBe('proof_required')
    expect(await spentBy(clientId)).toBe(100)
  })

  it('wants the key itself for a price above what a session may spend at once', async () => {
    const device = newDevice(() => nowMs)
    const { clientId, session } = await payWith(device)
    await seller.topUp({ paymentMethodId: 'pm_card_visa', topUpAmount: 100_000 })
    const engine = seller.stripe402
    const dear = engine.priceTag({ price: 60_000 })
    const asking = (wish: Wish): Promise<Authorization> =>
      engine.authorize({ ...requestWith(wish), method: 'GET', url: URL }, dear)
    expect(errorOf(await asking({ clientId, session }))).toBe('proof_required')
    expect((await asking(device.sign({ clientId }, HERE))).type).toBe('granted')
  })

  it('gives a token for as much as the smallest top-up, in all: then it wants the key, which gets another', async () => {
    const device = newDevice(() => nowMs)
    const first = await payWith(device)
    const { clientId } = first
    await seller.topUp({ paymentMethodId: 'pm_card_visa', topUpAmount: 100_000 })
    const dear = seller.stripe402.priceTag({ price: 20_000 })
    const spendDear = async (wish: Wish): Promise<Authorization> => {
      const asking = { ...requestWith(wish), method: 'GET', url: URL }
      const authorization = await seller.stripe402.authorize(asking, dear)
      if (authorization.type === 'granted') await authorization.grant.capture()
      return authorization
    }
    const thefts = Array.from({ length: 5 }, () => spendDear({ clientId, session: first.session }))
    const types = (await Promise.all(thefts)).map(({ type }) => type)
    expect(types.filter((type) => type === 'granted')).toHaveLength(2)
    expect(await spentBy(clientId)).toBe(40_100)
    // What was refused is not held, either.
    expect((await ask({ clientId, session: first.session })).type).toBe('granted')
    expect(errorOf(await spendDear({ clientId, session: first.session }))).toBe('proof_required')
    const renewed = receiptOf(await spendDear(device.sign({ clientId, session: first.session }, HERE)))
    for (let at = 0; at < 2; at += 1)
      expect((await spendDear({ clientId, session: renewed.session })).type).toBe('granted')
    expect(errorOf(await spendDear({ clientId, session: renewed.session }))).toBe('proof_required')
    expect(await spentBy(clientId)).toBe(100_200)
  })

  it('lets a second device in by the card, and both spend', async () => {
    const [one, other] = [newDevice(() => nowMs), newDevice(() => nowMs)]
    const first = await payWith(one)
    const entered = other.sign({ paymentMethodId: await cardOf('4242424242424242') }, HERE)
    const second = receiptOf(await ask(entered))
    expect(second.clientId).toBe(first.clientId)
    expect(second.session).toBeDefined()
    for (const { session, clientId } of [first, second])
      expect((await ask({ clientId, session })).type).toBe('granted')
    expect(seller.stripeLocal.state.charges().length).toBe(1)
  })

  it('is closed to every device once one of them signs all out', async () => {
    const device = newDevice(() => nowMs)
    const { clientId, session } = await payWith(device)
    const signOut = (wish: Wish): ReturnType<Seller['stripe402']['signOut']> =>
      seller.stripe402.signOut({ ...requestWith(wish), url: '/.well-known/stripe402/sign-out' })
    expect((await signOut({ clientId })).status).toBe(402)
    expect((await ask({ clientId, session })).type).toBe('granted')
    expect((await signOut({ clientId, session })).status).toBe(204)
    expect(errorOf(await ask({ clientId, session }))).toBe('proof_required')
    expect(errorOf(await ask(device.sign({ clientId }, HERE)))).toBe('proof_required')
    expect((await payWith(device, await cardOf('4242424242424242'))).clientId).toBe(clientId)
  })

  it('shows its balance only to who may spend it', async () => {
    const { clientId, session } = await payWith(newDevice(() => nowMs))
    const balance = (wish: Wish): ReturnType<Seller['stripe402']['balance']> =>
      seller.stripe402.balance(requestWith(wish))
    expect((await balance({ clientId })).status).toBe(402)
    expect((await balance({ clientId })).body).not.toContain('49900')
    expect((await balance({ clientId, session })).body).toContain('49900')
    const history = (wish: Wish): ReturnType<Seller['stripe402']['history']> =>
      seller.stripe402.history(requestWith(wish))
    expect((await history({ clientId })).status).toBe(402)
    expect((await history({ clientId, session })).status).toBe(200)
  })
})

describe('a stranger with a logged header', () => {
  it('spends nothing with 1,000 replayed or altered proofs', async () => {
    const device = newDevice(() => nowMs)
    const { clientId } = await payWith(device)
    const renewal = device.sign({ clientId }, HERE)
    const { proof } = renewal
    expect((await askLogged(renewal)).type).toBe('granted')
    const spent = await spentBy(clientId)
    const thief = newDevice(() => nowMs)
    const altered = (at: number): Wish => {
      const place = 20 + ((at * 37) % (proof.length - 21))
      const letter = proof[place] === 'A' ? 'B' : 'A'
      return { ...renewal, proof: proof.slice(0, place) + letter + proof.slice(place + 1) }
    }
    const tries: ((at: number) => Wish)[] = [
      () => renewal,
      () => logged[0] ?? {},
      (at) => ({ ...altered(at), requestId: someRequestId() }),
      altered,
      () => ({ ...renewal, requestId: someRequestId() }),
      () => ({ ...renewal, proof: twinOf(proof) }),
      () => thief.sign({ clientId }, HERE),
      () => {
        const header = { jwk: JSON.parse(Buffer.from(proof.split('.')[0] ?? '', 'base64url').toString()).jwk }
        return thief.sign({ clientId }, HERE, { header })
      },
      () => thief.sign({ clientId }, HERE, { header: { alg: 'none' } }),
    ]
    for (let at = 0; at < 1000; at += 1) {
      const outcome = await ask(tries[at % tries.length]?.(at) ?? {})
      if (outcome.type === 'granted') expect(receiptOf(outcome).session).toBeUndefined()
    }
    expect(await spentBy(clientId)).toBe(spent)
  })

  it('spends nothing with it after its token has run out', async () => {
    const device = newDevice(() => nowMs)
    const { clientId, session } = await payWith(device)
    const wish: Wish = { clientId, session, requestId: someRequestId() }
    await askLogged(wish)
    const spent = await spentBy(clientId)
    nowMs += 10 * MINUTE + 1000
    for (const header of logged) {
      await ask(header)
      await ask({ ...header, requestId: someRequestId() })
      await ask({ clientId, session: header.session })
    }
    expect(await spentBy(clientId)).toBe(spent)
  })

  it('spends nothing by moving it to another path, method or body', async () => {
    const device = newDevice(() => nowMs)
    const { clientId, session } = await payWith(device)
    const requestId = someRequestId()
    await askLogged({ clientId, session, requestId }, { method: 'POST', body: '{"size":1}' })
    await askLogged(device.sign({ clientId }, HERE))
    logged.push(device.sign({ clientId }, { method: 'PUT', url: '/x' }))
    const spent = await spentBy(clientId)
    const places = [
      { method: 'POST', url: '/api/other', body: '{"size":1}' },
      { method: 'DELETE', body: '{"size":1}' },
      { method: 'POST', body: '{"size":9}' },
      { method: 'GET', url: '/api/other' },
      { method: 'HEAD' },
      { method: 'GET', url: `${URL}?more` },
    ]
    for (const header of logged) for (const place of places) await ask(header, place)
    expect(await spentBy(clientId)).toBe(spent)
  })
})

/** The other signature that is as good: of `(r, s)` anybody can make `(r, n − s)`. */
function twinOf(proof: string): string {
  const [head, body, signature = ''] = proof.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  return `${head}.${body}.${twin.toString('base64url')}`
}

describe('bearerClientId', () => {
  it('never: wants proof from the first request on', async () => {
    await seller.close()
    open({ bearerClientId: 'never' })
    const { clientId } = receiptOf(await ask({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }))
    expect(errorOf(await ask({ clientId }))).toBe('proof_required')
    const bound = await payWith(
      newDevice(() => nowMs),
      'pm_card_mastercard',
    )
    expect((await ask(bound)).type).toBe('granted')
  })

  it('always: takes the bare id also where a key is bound', async () => {
    await seller.close()
    open({ bearerClientId: 'always' })
    const { clientId } = await payWith(newDevice(() => nowMs))
    expect((await ask({ clientId })).type).toBe('granted')
  })
})

describe('a rotation of the secret', () => {
  it('loses no balance and ends no session, while servers of both ages run', async () => {
    const NEW = 'the next secret of a seller, 32 bytes too'
    const device = newDevice(() => nowMs)
    const { clientId, session } = await payWith(device)
    const rotated = createStripe402({
      stripe: seller.stripe,
      publishableKey: seller.stripeLocal.keys.publishableKey,
      secret: [NEW, SECRET],
      store: seller.store,
      sweepEveryMs: 0,
      logger: { warn() {}, error() {} },
      runtime: { now: () => nowMs },
    })
    const oldServer = seller.stripe402
    for (let at = 0; at < 20; at += 1)
      expect((await ask({ clientId, session }, {}, at % 2 === 0 ? rotated : oldServer)).type).toBe('granted')
    nowMs += 9 * MINUTE
    const renewed = receiptOf(await ask(device.sign({ clientId }, HERE), {}, rotated))
    expect((await ask({ clientId, session: renewed.session }, {}, rotated)).type).toBe('granted')
    // A server that does not know the new secret yet asks the key, and serves.
    const twice = device.sign({ clientId, session: renewed.session }, HERE)
    expect((await ask(twice, {}, oldServer)).type).toBe('granted')
    const entered = { paymentMethodId: await cardOf('4242424242424242') }
    expect(receiptOf(await ask(entered, {}, rotated)).clientId).toBe(clientId)
    await rotated.close()
    expect(await spentBy(clientId)).toBe(2500)
  })
})
