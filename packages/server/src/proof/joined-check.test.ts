import {
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
  errorCode?: string
  clientId?: string
  session?: string | undefined
  creditsRemaining?: number
  nextAction?: { paymentIntentId: string; clientSecret: string; purchaseId: PurchaseId }
}

const DAY_MS = 86_400_000
const URL = '/api/joke'
/** Its bank wants to see its customer for every payment. */
const CHECKED = '4000000000003220'

let nowMs: number
let seller: Seller
let cards: Stripe
let victim: Device
let thief: Device

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  const stripeLocal = createStripeLocal({ clock })
  cards = new Stripe(stripeLocal.keys.publishableKey, { httpClient: stripeLocal.httpClient })
  seller = openSeller({
    stripeLocal,
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
    bearerClientId: 'never',
  })
  victim = newDevice(clock)
  thief = newDevice(clock)
})
afterEach(() => seller.close())

async function cardOf(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2030, cvc: '000' }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

async function ask(wish: Wish): Promise<Reply> {
  const header = serializePayment(wish)
  const authorization = await seller.stripe402.authorize(
    { method: 'GET', url: URL, header: (name) => (name === HEADERS.PAYMENT ? header : undefined) },
    seller.stripe402.priceTag({ price: 100 }),
  )
  if (authorization.type === 'free') throw new Error('not paid for')
  if (authorization.type === 'refused') return JSON.parse(authorization.answer.body)
  await authorization.grant.capture()
  const receipt = readPaymentResponse(authorization.grant.receipt())
  if (!receipt.ok) throw new Error(receipt.detail)
  return receipt.value
}

function askSigned(device: Device, wish: Wish): Promise<Reply> {
  return ask(device.sign(wish, { method: 'GET', url: URL }))
}

/** The amounts that were taken, in minor units. */
function charged(): number[] {
  return seller.stripeLocal.state
    .charges()
    .filter(({ status }) => status === 'succeeded')
    .map(({ amount }) => amount)
}

describe("a bank's check that somebody else began with the number of the card", () => {
  it('is not the one that the holder is given, who pays what they chose and is the one who spends it', async () => {
    const T = somePurchaseId()
    const begun = await askSigned(thief, {
      paymentMethodId: await cardOf(CHECKED),
      topUpAmount: 500_000,
      purchaseId: T,
    })
    expect(begun.nextAction?.purchaseId).toBe(T)
    nowMs += DAY_MS / 24
    const V = somePurchaseId()
    const paymentMethodId = await cardOf(CHECKED)
    const asked = await askSigned(victim, { paymentMethodId, topUpAmount: 50_000, purchaseId: V })
    expect(asked).toMatchObject({ errorCode: 'authentication_required', nextAction: { purchaseId: V } })
    seller.stripeLocal.authenticate(asked.nextAction?.paymentIntentId ?? '', 'approve')
    const paid = await askSigned(victim, { purchaseId: V })
    expect(paid).toMatchObject({ success: true, creditsRemaining: 49_900 })
    expect(paid.session).toBeDefined()
    for (const purchaseId of [T, V]) expect((await askSigned(thief, { purchaseId })).success).not.toBe(true)
    expect(charged()).toEqual([500])
  })

  it('is cancelled first, so that it can never take money', async () => {
    const wish = { paymentMethodId: await cardOf(CHECKED), topUpAmount: 500_000 }
    const begun = await askSigned(thief, { ...wish, purchaseId: somePurchaseId() })
    await askSigned(victim, { ...wish, paymentMethodId: await cardOf(CHECKED), purchaseId: somePurchaseId() })
    const intents = seller.stripeLocal.state.paymentIntents()
    expect(intents.find(({ id }) => id === begun.nextAction?.paymentIntentId)?.status).toBe('canceled')
    expect(intents.filter(({ status }) => status === 'requires_action')).toHaveLength(1)
  })

  it('ends in one payment when the holder had passed it a moment before', async () => {
    const wish = { topUpAmount: 50_000 }
    const mine = { ...wish, paymentMethodId: await cardOf(CHECKED), purchaseId: somePurchaseId() }
    const asked = await askSigned(victim, mine)
    seller.stripeLocal.authenticate(asked.nextAction?.paymentIntentId ?? '', 'approve')
    const late = { ...wish, paymentMethodId: await cardOf(CHECKED), purchaseId: somePurchaseId() }
    expect((await askSigned(thief, late)).success).not.toBe(true)
    expect((await askSigned(victim, { purchaseId: mine.purchaseId })).success).toBe(true)
    expect(charged()).toEqual([500])
  })

  it('is shown to nobody who has the number alone', async () => {
    const V = somePurchaseId()
    const asked = await askSigned(victim, {
      paymentMethodId: await cardOf(CHECKED),
      topUpAmount: 50_000,
      purchaseId: V,
    })
    for (const sign of [(wish: Wish) => askSigned(thief, wish), ask]) {
      const wish = {
        paymentMethodId: await cardOf(CHECKED),
        topUpAmount: 50_000,
        purchaseId: somePurchaseId(),
      }
      const told = JSON.stringify(await sign(wish))
      for (const secret of [V, asked.nextAction?.paymentIntentId, asked.nextAction?.clientSecret])
        expect(told).not.toContain(secret)
    }
  })

  it('is not continued under the id of a purchase that another key has opened anew', async () => {
    const P = somePurchaseId()
    const first = { paymentMethodId: await cardOf(CHECKED), topUpAmount: 50_000, purchaseId: P }
    const asked = await askSigned(victim, first)
    seller.stripeLocal.authenticate(asked.nextAction?.paymentIntentId ?? '', 'fail')
    const again = { ...first, paymentMethodId: await cardOf(CHECKED), topUpAmount: 500_000 }
    await askSigned(thief, again)
    const continued = await askSigned(victim, { purchaseId: P })
    expect(continued.nextAction).toBeUndefined()
  })
})

describe("a bank's check that the same person began", () => {
  it('is joined by a second tab of the device, with the card entered again', async () => {
    const V = somePurchaseId()
    for (const purchaseId of [V, somePurchaseId()]) {
      const wish = { paymentMethodId: await cardOf(CHECKED), topUpAmount: 50_000, purchaseId }
      expect((await askSigned(victim, wish)).nextAction?.purchaseId).toBe(V)
    }
  })

  it('is joined without a key by the same PaymentMethod', async () => {
    const paymentMethodId = await cardOf(CHECKED)
    const V = somePurchaseId()
    for (const purchaseId of [V, somePurchaseId()])
      expect((await ask({ paymentMethodId, topUpAmount: 50_000, purchaseId })).nextAction?.purchaseId).toBe(V)
  })
})

describe('the id of a purchase that was paid', () => {
  it.each([
    ['signed by its buyer', true],
    ['that nobody signed', false],
  ])('%s binds no other key, at once or after days', async (_name, isSigned) => {
    const P = somePurchaseId()
    const wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, purchaseId: P }
    const paid = isSigned ? await askSigned(victim, wish) : await ask(wish)
    expect(paid.success).toBe(true)
    for (let day = 0; day < 3; day += 1) {
      const repeated = { paymentMethodId: 'pm_card_mastercard', purchaseId: P }
      expect((await askSigned(thief, repeated)).errorCode).toBe('proof_required')
      expect((await askSigned(thief, { purchaseId: P })).errorCode).toBe('proof_required')
      nowMs += DAY_MS + 1000
    }
    expect(charged()).toEqual([500])
    const { purchaseId, clientId, currency } = (await seller.store.purchase(P)) ?? {}
    if (!purchaseId || !clientId || !currency) throw new Error('lost')
    expect((await seller.store.keys({ clientId, currency })).thumbprints).toHaveLength(isSigned ? 1 : 0)
  })
})
