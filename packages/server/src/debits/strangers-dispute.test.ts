import type { NextAction } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  cardOf,
  confirmAtStripe,
  deliver,
  deliverAll,
  nextActionOf,
  open,
  receiptOf,
  seller,
  someDevice,
  TOP_UP,
  topUp,
} from '../proof/victim.fixture.js'
import type { Account, AccountKey } from '../store.js'
import { somePurchaseId } from '../testing/contract/subject.js'

/** The victim's: its bank wants to see its customer, so that a client secret is handed out. */
const NUMBER = '4000000000003220'
/** The stranger's own. */
const OWN = '5555555555554444'

let account: AccountKey
beforeEach(async () => {
  open()
  account = { clientId: await payAsVictim(), currency: 'usd' }
})
afterEach(() => seller.close())

/** $5 by the account's own card. */
async function payAsVictim(): Promise<AccountKey['clientId']> {
  const wish = { paymentMethodId: await cardOf(NUMBER), topUpAmount: 50_000, purchaseId: somePurchaseId() }
  const { purchaseId, paymentIntentId } = nextActionOf(await ask(wish))
  seller.stripeLocal.authenticate(paymentIntentId, 'approve')
  return receiptOf(await ask({ purchaseId })).clientId
}

/** $5 for the victim, by a stranger with the number and a card of their own; its PaymentIntent. */
async function payAsStranger(): Promise<string> {
  const wish = { paymentMethodId: await cardOf(NUMBER), topUpAmount: 50_000, purchaseId: somePurchaseId() }
  const { nextAction }: { nextAction: NextAction } = JSON.parse(
    (await topUp(someDevice().sign(wish, TOP_UP))).body,
  )
  await confirmAtStripe(nextAction, await cardOf(OWN))
  await deliverAll()
  return nextAction.paymentIntentId
}

function stands(): Promise<Account> {
  return seller.store.account(account)
}

describe('a dispute of what another card has paid', () => {
  it.each(['webhook', 'reconcile'])('takes it again and freezes nothing, told by the %s', async (teller) => {
    const paid = await payAsStranger()
    expect(await stands()).toMatchObject({ credited: 100_000, available: 99_900 })
    seller.stripeLocal.dispute(paid)
    await (teller === 'webhook' ? deliverAll() : seller.stripe402.reconcile())
    expect(await stands()).toMatchObject({
      debited: 50_000,
      available: 49_900,
      frozen: false,
      disputed: false,
    })
    expect((await ask({ clientId: account.clientId })).type).toBe('granted')
    expect((await seller.stripe402.audit()).breaks).toEqual([])
  })

  it('gives it back when it is won', async () => {
    const { id } = seller.stripeLocal.dispute(await payAsStranger())
    await deliverAll()
    seller.stripeLocal.closeDispute(id, 'won')
    await deliverAll()
    expect(await stands()).toMatchObject({ debited: 0, available: 99_900, frozen: false })
  })

  it('is told again while Stripe does not say which card it was', async () => {
    const paid = await payAsStranger()
    const events = seller.stripeLocal.state.events().length
    seller.stripeLocal.dispute(paid)
    const [opened] = seller.stripeLocal.state.events().slice(events)
    const path = '/v1/payment_methods/:id'
    seller.stripeLocal.faults.add({ method: 'GET', path, kind: 'status', status: 500, times: 'always' })
    if (!opened) throw new Error('nothing happened')
    await expect(deliver(opened)).rejects.toThrow('unavailable')
    expect((await stands()).debited).toBe(0)
    seller.stripeLocal.faults.clear()
    await deliver(opened)
    expect(await stands()).toMatchObject({ debited: 50_000, frozen: false })
  })
})

describe("a dispute of what the account's own card has paid", () => {
  it.each([true, false])('freezes it, whether or not the purchase is known: %s', async (isKnown) => {
    const [intent] = seller.stripeLocal.state.paymentIntents()
    if (!isKnown) seller.store.purchase = async () => null
    seller.stripeLocal.dispute(intent?.id ?? '')
    await deliverAll()
    expect(await stands()).toMatchObject({ debited: 50_000, frozen: true, disputed: true })
  })
})
