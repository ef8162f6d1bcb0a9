import type { ClientId } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deriveClientId } from '../client-id.js'
import { SECRET } from '../seller.fixture.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { someRequestId } from './device.fixture.js'
import {
  ask,
  askLogged,
  cardOf,
  deliverAll,
  errorOf,
  HERE,
  logged,
  MINUTE,
  nextActionOf,
  open,
  pass,
  payWith,
  receiptOf,
  seller,
  someDevice,
  spentBy,
  swapCard,
  TOP_UP,
  topUp,
  URL,
  type Wish,
} from './victim.fixture.js'

beforeEach(() => open())
afterEach(() => seller.close())

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
      const device = someDevice()
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

describe('a stranger with the number and date of a card whose issuer never asks for its holder', () => {
  it.each([
    ['without a security code', '4242424242424242', {}],
    ['with a wrong security code that the issuer lets pass', '4000000000000101', { cvc: '999' }],
  ])('spends nothing in 100 takeovers %s, and is not told who the victim is', async (_, number, code) => {
    await seller.close()
    open({ limits: false })
    const { fingerprint } = (await seller.stripe.paymentMethods.retrieve(await cardOf(number))).card ?? {}
    const account = { clientId: deriveClientId(fingerprint ?? '', SECRET), currency: 'usd' }
    await seller.store.credit({ ...account, paymentIntentId: 'pi_1', units: 50_000, purchaseId: null })
    for (let at = 0; at < 100; at += 1) {
      const wish: Wish = {
        paymentMethodId: await cardOf(number, code),
        ...(at % 3 === 0 && { purchaseId: somePurchaseId() }),
      }
      const outcome = await ask(at % 2 === 0 ? someDevice().sign(wish, HERE) : wish)
      expect(errorOf(outcome)).toBe('proof_required')
      expect(JSON.stringify(outcome)).not.toContain(account.clientId)
    }
    expect(await spentBy(account.clientId)).toBe(0)
    expect(await seller.store.keys(account)).toEqual({ era: 0, thumbprints: [] })
    expect(seller.stripeLocal.state.charges()).toEqual([])
  })

  it('is told from the holder, who enters the security code', async () => {
    const { clientId } = await payWith(someDevice())
    const wish = { paymentMethodId: await cardOf('4242424242424242') }
    expect(receiptOf(await ask(someDevice().sign(wish, HERE)))).toMatchObject({
      clientId,
      session: expect.any(String),
    })
  })
})

describe('a stranger with a bare card number, and a card of their own', () => {
  /** Its bank wants to see its customer for everything. */
  const number = '4000000000003220'
  const own = '5555555555554444'

  async function payWithCheck(): Promise<ClientId> {
    const device = someDevice()
    const wish = { paymentMethodId: await cardOf(number), topUpAmount: 50_000, purchaseId: somePurchaseId() }
    const { purchaseId, paymentIntentId } = nextActionOf(await ask(device.sign(wish, HERE)))
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    return receiptOf(await ask(device.sign({ purchaseId }, HERE))).clientId
  }

  async function payWithoutKey(): Promise<ClientId> {
    const wish = { paymentMethodId: await cardOf(number), topUpAmount: 50_000, purchaseId: somePurchaseId() }
    const { purchaseId, paymentIntentId } = nextActionOf(await ask(wish))
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    return receiptOf(await ask({ purchaseId })).clientId
  }

  it("passes the bank's check of the number with their own card, and is let in nowhere", async () => {
    const clientId = await payWithCheck()
    const [spent, keys] = [await spentBy(clientId), await seller.store.keys({ clientId, currency: 'usd' })]
    const thief = someDevice()
    const purchaseId = somePurchaseId()
    const begun = await ask(thief.sign({ paymentMethodId: await cardOf(number), purchaseId }, HERE))
    const next = nextActionOf(begun)
    expect(next.paymentIntentId).toMatch(/^seti_/)
    await swapCard(next, await cardOf(own))
    const { paymentIntentId } = next
    const outcome = await ask(thief.sign({ purchaseId, paymentIntentId }, HERE))
    expect(errorOf(outcome)).toBe('proof_required')
    expect(JSON.stringify(outcome)).not.toContain(clientId)
    expect(await spentBy(clientId)).toBe(spent)
    expect(await seller.store.keys({ clientId, currency: 'usd' })).toEqual(keys)
  })

  it.each([
    ['a key', true],
    ['no key', false],
  ])(
    'with %s pays a purchase of the number with their own card: it is credited, and opens nothing',
    async (_, isSigned) => {
      const clientId = await payWithoutKey()
      const account = { clientId, currency: 'usd' }
      const spent = await spentBy(clientId)
      const thief = someDevice()
      const sent = (wish: Wish): Wish => (isSigned ? thief.sign(wish, TOP_UP) : wish)
      const opened = await topUp(
        sent({ paymentMethodId: await cardOf(number), topUpAmount: 50_000, purchaseId: somePurchaseId() }),
      )
      const { nextAction } = JSON.parse(opened.body)
      await swapCard(nextAction, await cardOf(own))
      const { purchaseId, paymentIntentId } = nextAction
      for (const wish of [{ purchaseId }, { purchaseId, paymentIntentId }, { purchaseId }]) {
        const receipt = await topUp(sent(wish))
        expect(receipt.body).toContain('proof_required')
        const served = await ask(isSigned ? thief.sign(wish, HERE) : wish)
        expect(errorOf(served)).toBe('proof_required')
        expect(JSON.stringify([receipt, served])).not.toContain(clientId)
        pass(25 * 60 * MINUTE)
      }
      expect((await seller.store.account(account)).credited).toBe(100_000)
      expect(await spentBy(clientId)).toBe(spent)
      expect(await seller.store.keys(account)).toEqual({ era: 0, thumbprints: [] })
      expect((await ask({ clientId })).type).toBe('granted')
    },
  )

  it('has their own card kept by nobody', async () => {
    const clientId = await payWithCheck()
    const wish = { topUpAmount: 50_000, purchaseId: somePurchaseId(), saveCard: true }
    const thief = someDevice()
    const opened = await topUp(thief.sign({ ...wish, paymentMethodId: await cardOf(number) }, TOP_UP))
    const { nextAction } = JSON.parse(opened.body)
    await swapCard(nextAction, await cardOf(own))
    const { purchaseId } = nextAction
    expect((await topUp(thief.sign({ purchaseId }, TOP_UP))).body).toContain('proof_required')
    expect(await seller.store.savedCard(clientId)).toBeNull()
    await seller.stripe402.reconcile()
    expect(await seller.store.savedCard(clientId)).toBeNull()
  })

  it('is told from the buyer whom the webhook has credited, without a question to Stripe', async () => {
    const device = someDevice()
    const wish = { paymentMethodId: await cardOf(number), topUpAmount: 50_000, purchaseId: somePurchaseId() }
    const { purchaseId, paymentIntentId } = nextActionOf(await ask(device.sign(wish, HERE)))
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    await deliverAll()
    const before = seller.stripeLocal.log.entries.length
    expect(receiptOf(await ask(device.sign({ purchaseId }, HERE))).session).toBeDefined()
    expect(seller.stripeLocal.log.entries.length).toBe(before)
    // Once it is not remembered any more, Stripe still knows.
    pass(25 * 60 * MINUTE)
    expect(receiptOf(await ask(device.sign({ purchaseId }, HERE))).session).toBeDefined()
    expect(seller.stripeLocal.log.entries.length).toBe(before + 1)
  })

  it('is told from the holder who enters the same card again', async () => {
    const clientId = await payWithCheck()
    const device = someDevice()
    const purchaseId = somePurchaseId()
    const next = nextActionOf(
      await ask(device.sign({ paymentMethodId: await cardOf(number), purchaseId }, HERE)),
    )
    const { paymentIntentId } = next
    await swapCard(next, await cardOf(number)).catch(() => {})
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    const served = receiptOf(await ask(device.sign({ purchaseId, paymentIntentId }, HERE)))
    expect(served).toMatchObject({ clientId, session: expect.any(String) })
  })
})

describe('a stranger with a logged header', () => {
  it('spends nothing with 1,000 replayed or altered proofs', async () => {
    const device = someDevice()
    const { clientId } = await payWith(device)
    const renewal = device.sign({ clientId }, HERE)
    const { proof } = renewal
    expect((await askLogged(renewal)).type).toBe('granted')
    const spent = await spentBy(clientId)
    const thief = someDevice()
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
    const device = someDevice()
    const { clientId, session } = await payWith(device)
    const wish: Wish = { clientId, session, requestId: someRequestId() }
    await askLogged(wish)
    const spent = await spentBy(clientId)
    pass(10 * MINUTE + 1000)
    for (const header of logged) {
      await ask(header)
      await ask({ ...header, requestId: someRequestId() })
      await ask({ clientId, session: header.session })
    }
    expect(await spentBy(clientId)).toBe(spent)
  })

  it('spends nothing by moving it to another path, method or body', async () => {
    const device = someDevice()
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
