import type { NextAction } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  cardOf,
  confirmAtStripe,
  deliver,
  deliverAll,
  errorOf,
  HERE,
  MINUTE,
  nextActionOf,
  open,
  pass,
  receiptOf,
  seller,
  someDevice,
  TOP_UP,
} from '../proof/victim.fixture.js'
import { requestWith } from '../seller.fixture.js'
import { somePurchaseId } from '../testing/contract/subject.js'

/** The carder's own: its bank wants to see its customer, so that a client secret is handed out. */
const OWN = '4000000000003220'
const OWN_TOO = '4000000000003063'
const STOLEN = '4000000000000002'

beforeEach(() => open())
afterEach(() => seller.close())

/** Begins a purchase from an address that nobody has used. */
async function begin(
  address: string,
  number = OWN,
): Promise<{ status: number; next: NextAction | undefined }> {
  const wish = { paymentMethodId: await cardOf(number), topUpAmount: 50_000, purchaseId: somePurchaseId() }
  const signed = someDevice().sign(wish, TOP_UP)
  const { status, body } = await seller.stripe402.topUp({ ...requestWith(signed), address: () => address })
  const { nextAction }: { nextAction?: NextAction } = JSON.parse(body)
  return { status, next: nextAction }
}

/** Tries a card straight at Stripe, past this server; why it was not taken. */
async function tryAtStripe(next: NextAction | undefined, number: string): Promise<string> {
  if (!next) throw new Error('nothing to try it with')
  const confirmed = confirmAtStripe(next, await cardOf(number))
  return confirmed.then(
    () => 'succeeded',
    (error: { code?: string }) => error.code ?? String(error),
  )
}

async function declinesCounted(): Promise<number | undefined> {
  const counted = await seller.store.mark([
    { name: 'declined', member: 'asked', windowMs: 5 * MINUTE, most: 0 },
  ])
  return counted[0]?.count
}

describe('a carder who tries cards straight at Stripe, with the client secret of a purchase', () => {
  it('cannot begin once the bank has not confirmed their own', async () => {
    const { next } = await begin('10.0.0.1')
    seller.stripeLocal.authenticate(next?.paymentIntentId ?? '', 'fail')
    await deliverAll()
    expect(await tryAtStripe(next, STOLEN)).toBe('payment_intent_unexpected_state')
    expect(seller.stripeLocal.state.charges()).toEqual([])
  })

  it('is stopped by the first decline, which counts', async () => {
    const { next } = await begin('10.0.0.1')
    expect(await tryAtStripe(next, STOLEN)).toBe('card_declined')
    await deliverAll()
    await deliverAll()
    expect(await tryAtStripe(next, STOLEN)).toBe('payment_intent_unexpected_state')
    expect(seller.stripeLocal.state.charges()).toHaveLength(1)
    expect(await declinesCounted()).toBe(1)
  })

  it('is stopped by it also where a card of their own waits for its bank by the time that it is told of', async () => {
    const { next } = await begin('10.0.0.1')
    expect(await tryAtStripe(next, STOLEN)).toBe('card_declined')
    expect(await tryAtStripe(next, OWN)).toContain('requires_action')
    await deliverAll()
    expect(await tryAtStripe(next, STOLEN)).toBe('payment_intent_unexpected_state')
    expect(seller.stripeLocal.state.charges()).toHaveLength(1)
    expect(await declinesCounted()).toBe(1)
  })

  it('is stopped by the sweep where the webhook never comes, whether or not their own card waits', async () => {
    for (const last of [STOLEN, OWN]) {
      const { next } = await begin(`10.0.0.${last.slice(-2)}`, last === OWN ? OWN_TOO : OWN)
      await tryAtStripe(next, STOLEN)
      if (last === OWN) expect(await tryAtStripe(next, OWN)).toContain('requires_action')
      pass(MINUTE)
      await seller.stripe402.sweep()
      expect(await tryAtStripe(next, STOLEN)).toBe('payment_intent_unexpected_state')
    }
  })

  it('tries no more with a card of their own than three cards a day, from wherever', async () => {
    for (let at = 0; at < 3; at += 1) {
      pass(11 * MINUTE)
      const { next } = await begin(`10.0.0.${at}`)
      await tryAtStripe(next, STOLEN)
      await deliverAll()
    }
    pass(11 * MINUTE)
    expect((await begin('10.0.0.9')).status).toBe(429)
    // The card that they tried counts as well.
    expect((await begin('10.0.0.10', STOLEN)).status).toBe(429)
  })

  describe("in a bank's check that charges nothing", () => {
    /** Credit of their own card, and so many checks of it. */
    async function beginChecks(count: number): Promise<NextAction[]> {
      const wish = { paymentMethodId: await cardOf(OWN), topUpAmount: 50_000, purchaseId: somePurchaseId() }
      const { purchaseId, paymentIntentId } = nextActionOf(await ask(wish))
      seller.stripeLocal.authenticate(paymentIntentId, 'approve')
      receiptOf(await ask({ purchaseId }))
      const checks = Array.from({ length: count }, async () => {
        const check = { paymentMethodId: await cardOf(OWN), purchaseId: somePurchaseId() }
        return nextActionOf(await ask(someDevice().sign(check, HERE)))
      })
      return Promise.all(checks)
    }

    it('is stopped by the first decline, too', async () => {
      const [first, second] = await beginChecks(2)
      seller.stripeLocal.authenticate(first?.paymentIntentId ?? '', 'fail')
      expect(await tryAtStripe(second, STOLEN)).toBe('card_declined')
      await deliverAll()
      for (const next of [first, second])
        expect(await tryAtStripe(next, STOLEN)).toBe('setup_intent_unexpected_state')
      expect(await declinesCounted()).toBe(1)
    })

    it('is stopped by it also where a card of their own waits for its bank meanwhile', async () => {
      const [next] = await beginChecks(1)
      expect(await tryAtStripe(next, STOLEN)).toBe('card_declined')
      expect(await tryAtStripe(next, OWN)).toContain('requires_action')
      await deliverAll()
      expect(await tryAtStripe(next, STOLEN)).toBe('setup_intent_unexpected_state')
      expect(await declinesCounted()).toBe(1)
    })
  })
})

describe('a decline that this server has been told itself', () => {
  it('is not counted again when the webhook tells of it', async () => {
    expect((await begin('10.0.0.1', STOLEN)).status).toBe(402)
    await deliverAll()
    expect(await declinesCounted()).toBe(1)
  })
})

describe('a person whose bank has not confirmed them, and who was told of by the webhook', () => {
  it.each([
    ['a new purchase', true],
    ['the same purchase', false],
  ])('learns why, and pays with another card in %s', async (_, isNew) => {
    const device = someDevice()
    const purchaseId = somePurchaseId()
    const wish = { paymentMethodId: await cardOf(OWN), topUpAmount: 50_000, purchaseId }
    const { paymentIntentId } = nextActionOf(await ask(device.sign(wish, HERE)))
    seller.stripeLocal.authenticate(paymentIntentId, 'fail')
    await deliverAll()
    const told = await ask(device.sign({ purchaseId, paymentIntentId }, HERE))
    expect(errorOf(told)).toBe('payment_failed')
    expect(JSON.stringify(told)).toContain('authentication_failed')
    const paymentMethodId = await cardOf('4242424242424242')
    const again = { ...wish, paymentMethodId, ...(isNew && { purchaseId: somePurchaseId() }) }
    expect(receiptOf(await ask(device.sign(again, HERE))).session).toBeDefined()
  })
})

describe('a person whose bank declines a card, and then wants to see them with the same one', () => {
  it('is not interrupted', async () => {
    const device = someDevice()
    const purchaseId = somePurchaseId()
    const wish = { paymentMethodId: await cardOf(OWN), topUpAmount: 50_000, purchaseId }
    const { paymentIntentId } = nextActionOf(await ask(device.sign(wish, HERE)))
    const read = { expand: ['payment_method'] }
    const { payment_method, ...intent } = await seller.stripe.paymentIntents.retrieve(paymentIntentId, read)
    const last_payment_error = { type: 'card_error', code: 'authentication_required', payment_method }
    await deliver({
      type: 'payment_intent.payment_failed',
      data: { object: { ...intent, last_payment_error } },
    })
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    expect(receiptOf(await ask(device.sign({ purchaseId, paymentIntentId }, HERE))).session).toBeDefined()
  })
})
