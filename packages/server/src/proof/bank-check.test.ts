import {
  type ClientId,
  HEADERS,
  type Payment,
  type PurchaseId,
  readPaymentResponse,
  serializePayment,
} from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type Device, newDevice } from './device.fixture.js'

type Wish = Omit<Payment, 'stripe402Version'>

interface Reply {
  success?: boolean
  clientId?: ClientId
  errorCode?: string
  decline?: { code: string }
  session?: string | undefined
  chargeId?: string | undefined
  creditsRemaining?: number
  nextAction?: { paymentIntentId: string; clientSecret: string; purchaseId: PurchaseId }
}

const HOUR_MS = 3_600_000
const HERE = { method: 'GET', url: '/api/joke' }
/** Its bank wants to see its customer for everything. */
const CHECKED = '4000000000003220'

let nowMs: number
let seller: Seller
let cards: Stripe
let first: Device
let second: Device
let clientId: ClientId | undefined

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  const stripeLocal = createStripeLocal({ clock })
  cards = new Stripe(stripeLocal.keys.publishableKey, { httpClient: stripeLocal.httpClient })
  seller = openSeller({
    stripeLocal,
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
  })
  first = newDevice(clock)
  second = newDevice(clock)
  await pay()
})
afterEach(() => seller.close())

/** The first device buys $5.00, as its bank agrees, and spends a cent. */
async function pay(): Promise<void> {
  const purchaseId = somePurchaseId()
  const wish = { paymentMethodId: await newCard(), topUpAmount: 50_000, purchaseId }
  const { nextAction } = await askSigned(first, wish)
  answerBank(nextAction, 'approve')
  const paid = await askSigned(first, { purchaseId })
  expect(paid).toMatchObject({ success: true, creditsRemaining: 49_900 })
  clientId = paid.clientId
}

async function newCard(changes: { number?: string; cvc?: string } = { cvc: '000' }): Promise<string> {
  const card = { number: CHECKED, exp_month: 12, exp_year: 2030, ...changes }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

async function ask(wish: Wish, price = 100): Promise<Reply> {
  const header = serializePayment(wish)
  const authorization = await seller.stripe402.authorize(
    {
      ...HERE,
      header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
      address: () => '203.0.113.7',
    },
    seller.stripe402.priceTag({ price }),
  )
  if (authorization.type === 'free') throw new Error('not paid for')
  if (authorization.type === 'refused') return JSON.parse(authorization.answer.body)
  await authorization.grant.capture()
  const receipt = readPaymentResponse(authorization.grant.receipt())
  if (!receipt.ok) throw new Error(receipt.detail)
  return receipt.value
}

function askSigned(device: Device, wish: Wish, price?: number): Promise<Reply> {
  return ask(device.sign(wish, HERE), price)
}

function answerBank(nextAction: Reply['nextAction'], outcome: 'approve' | 'fail'): void {
  seller.stripeLocal.authenticate(nextAction?.paymentIntentId ?? '', outcome)
}

/** The card again, on a device that the account does not know. */
async function comeBack(
  device = second,
  code?: { cvc?: string },
): Promise<{ nextAction: Reply['nextAction']; wish: Wish }> {
  const purchaseId = somePurchaseId()
  const wish = { paymentMethodId: await newCard(code), topUpAmount: 50_000, purchaseId }
  const { errorCode, nextAction } = await askSigned(device, wish)
  expect(errorCode).toBe('authentication_required')
  expect(nextAction).toMatchObject({ purchaseId, paymentIntentId: expect.stringMatching(/^seti_/) })
  return { nextAction, wish: { purchaseId, paymentIntentId: nextAction?.paymentIntentId } }
}

function expectNothingMore(): void {
  expect(seller.stripeLocal.state.charges().filter(({ status }) => status === 'succeeded')).toHaveLength(1)
}

describe("a bank's check on a device that the account does not know", () => {
  it('once passed lets the device in: the balance pays, and the card is not charged', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'approve')
    const served = await askSigned(second, wish)
    expect(served).toMatchObject({ success: true, creditsRemaining: 49_800 })
    expect(served.chargeId).toBeUndefined()
    expect((await ask({ clientId, session: served.session })).success).toBe(true)
    expectNothingMore()
  })

  it('is asked for again, the very same, while its holder has not answered', async () => {
    const { nextAction, wish } = await comeBack()
    expect((await askSigned(second, wish)).nextAction).toEqual(nextAction)
  })

  it('that fails opens nothing and charges nothing', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'fail')
    expect(await askSigned(second, wish)).toMatchObject({
      errorCode: 'payment_failed',
      decline: { code: 'authentication_failed' },
    })
    expectNothingMore()
  })

  it('lets the device in also without a security code: the bank has seen its customer', async () => {
    const { nextAction, wish } = await comeBack(second, {})
    answerBank(nextAction, 'approve')
    expect(await askSigned(second, wish)).toMatchObject({ success: true, creditsRemaining: 49_800 })
  })

  it.each([
    ['attempt_acknowledged', {}, 'proof_required'],
    ['exempted', {}, 'proof_required'],
    ['exempted', { cvc: '000' }, undefined],
  ])(
    'in which 3-D Secure came to %s opens as much as the security code %o',
    async (result, code, errorCode) => {
      const { nextAction, wish } = await comeBack(second, code)
      answerBank(nextAction, 'approve')
      const { setupIntents } = seller.stripe
      const { retrieve } = setupIntents
      setupIntents.retrieve = async (...asked: unknown[]) => {
        const intent = await Reflect.apply(retrieve, setupIntents, asked)
        intent.latest_attempt.payment_method_details.card.three_d_secure.result = result
        return intent
      }
      expect((await askSigned(second, wish)).errorCode).toBe(errorCode)
      expectNothingMore()
    },
  )

  it('counts as a decline when it fails: the fourth in an hour is not begun', async () => {
    for (let at = 0; at < 3; at += 1) {
      nowMs += HOUR_MS / 6
      const { nextAction, wish } = await comeBack()
      answerBank(nextAction, 'fail')
      await askSigned(second, wish)
    }
    nowMs += HOUR_MS / 6
    const wish = { paymentMethodId: await newCard(), topUpAmount: 50_000, purchaseId: somePurchaseId() }
    expect((await askSigned(second, wish)).errorCode).toBe('rate_limited')
  })

  it('counts as a decline when it shows nothing, as without a security code, though the issuer accepts the card', async () => {
    const number = '4242424242424242'
    const again = (paymentMethodId: string, by: Device): Promise<Reply> => {
      nowMs += HOUR_MS / 6
      return askSigned(by, { paymentMethodId, topUpAmount: 50_000, purchaseId: somePurchaseId() })
    }
    expect((await again(await newCard({ number, cvc: '000' }), first)).success).toBe(true)
    for (let at = 0; at < 3; at += 1)
      expect(await again(await newCard({ number }), second)).toMatchObject({
        errorCode: 'proof_required',
        decline: { code: 'authentication_failed' },
      })
    expect((await again(await newCard({ number }), second)).errorCode).toBe('rate_limited')
  })

  it('opens nothing to another key, nor without one, though somebody has seen its id', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'approve')
    const thief = newDevice(() => nowMs)
    for (const sign of [(one: Wish) => askSigned(thief, one), ask])
      expect((await sign(wish)).errorCode).toBe('proof_required')
  })

  it('opens nothing with a request that was seen before', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'approve')
    const signed = second.sign(wish, HERE)
    expect((await ask(signed)).success).toBe(true)
    expect((await ask(signed)).errorCode).toBe('proof_required')
  })

  it('is good for an hour', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'approve')
    nowMs += HOUR_MS
    expect((await askSigned(second, wish)).errorCode).toBe('proof_required')
  })

  it('is worth nothing after a sign-out on all devices', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'approve')
    const served = await askSigned(second, wish)
    const signOut = serializePayment({ clientId, session: served.session })
    await seller.stripe402.signOut({
      method: 'POST',
      url: '/.well-known/stripe402/sign-out',
      header: (name) => (name === HEADERS.PAYMENT ? signOut : undefined),
    })
    expect((await askSigned(second, wish)).errorCode).toBe('proof_required')
  })

  it('never charges: where the credit has gone meanwhile, it says so', async () => {
    const { nextAction, wish } = await comeBack()
    answerBank(nextAction, 'approve')
    expect((await askSigned(first, { clientId }, 49_900)).success).toBe(true)
    expect((await askSigned(second, wish)).errorCode).toBe('insufficient_credits')
    expectNothingMore()
  })

  it('is not begun for somebody without a key, once a key is bound', async () => {
    const wish = { paymentMethodId: await newCard(), topUpAmount: 50_000 }
    expect(await ask(wish)).toMatchObject({
      errorCode: 'proof_required',
      decline: { code: 'authentication_failed' },
    })
  })

  it('is none where Stripe knows none, or one that is not ours', async () => {
    const other = await seller.stripe.setupIntents.create({ allowed_payment_method_types: ['card'] })
    for (const paymentIntentId of ['seti_1', other.id])
      expect((await askSigned(second, { purchaseId: somePurchaseId(), paymentIntentId })).errorCode).toBe(
        'proof_required',
      )
  })
})
