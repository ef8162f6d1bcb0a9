import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Authorization } from '../authorize.js'
import { createStripe402 } from '../create-stripe402.js'
import { requestWith, SECRET, type Seller } from '../seller.fixture.js'
import { someRequestId } from './device.fixture.js'
import {
  ask,
  cardOf,
  errorOf,
  HERE,
  logged,
  MINUTE,
  now,
  open,
  pass,
  payWith,
  receiptOf,
  seller,
  someDevice,
  spentBy,
  URL,
  type Wish,
} from './victim.fixture.js'

beforeEach(() => open())
afterEach(() => seller.close())

describe('an account with a bound key', () => {
  it('is spent from with its session, and asks for the key once that has run out', async () => {
    const device = someDevice()
    const { clientId, session } = await payWith(device)
    expect((await ask({ clientId, session, requestId: someRequestId() })).type).toBe('granted')
    pass(10 * MINUTE + 1000)
    expect(errorOf(await ask({ clientId, session, requestId: someRequestId() }))).toBe('proof_required')
    const renewed = receiptOf(await ask(device.sign({ clientId, session }, HERE)))
    expect(renewed.session).toBeDefined()
    expect((await ask({ clientId, session: renewed.session })).type).toBe('granted')
    expect(await spentBy(clientId)).toBe(400)
  })

  it('no longer accepts a bare client id, nor a card or purchase that somebody names', async () => {
    const device = someDevice()
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
    const device = someDevice()
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
    const device = someDevice()
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
    const [one, other] = [someDevice(), someDevice()]
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
    const device = someDevice()
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
    const { clientId, session } = await payWith(someDevice())
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

describe('a rotation of the secret', () => {
  it('loses no balance and ends no session, while servers of both ages run', async () => {
    const NEW = 'the next secret of a seller, 32 bytes too'
    const device = someDevice()
    const { clientId, session } = await payWith(device)
    const rotated = createStripe402({
      stripe: seller.stripe,
      publishableKey: seller.stripeLocal.keys.publishableKey,
      secret: [NEW, SECRET],
      store: seller.store,
      sweepEveryMs: 0,
      logger: { warn() {}, error() {} },
      runtime: { now },
    })
    const oldServer = seller.stripe402
    for (let at = 0; at < 20; at += 1)
      expect((await ask({ clientId, session }, {}, at % 2 === 0 ? rotated : oldServer)).type).toBe('granted')
    pass(9 * MINUTE)
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
