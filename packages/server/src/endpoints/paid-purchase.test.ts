import { type ClientId, HEADERS, type Payment, readPaymentResponse } from '@stripe402/core'
import { afterEach, describe, expect, it } from 'vitest'
import { type Device, newDevice } from '../proof/device.fixture.js'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { somePurchaseId } from '../testing/contract/subject.js'

type Wish = Omit<Payment, 'stripe402Version'>

const HERE = { method: 'POST', url: '/.well-known/stripe402/top-up' }

let seller: Seller
const purchaseId = somePurchaseId()

afterEach(() => seller.close())

function open(bearerClientId: 'until-bound' | 'never'): void {
  seller = openSeller({ bearerClientId })
}

async function buy(device?: Device): Promise<ClientId> {
  const wish: Wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, purchaseId }
  return ownerTold(await send(device ? device.sign(wish, HERE) : wish))
}

function send(wish: Wish): Promise<Answer> {
  return seller.stripe402.topUp(requestWith(wish))
}

function ownerTold({ headers, body }: Answer): ClientId {
  const receipt = readPaymentResponse(headers[HEADERS.PAYMENT_RESPONSE])
  if (!receipt.ok) throw new Error(body)
  return receipt.value.clientId
}

describe('a purchase that was paid', () => {
  it.each(['until-bound', 'never'] as const)(
    'tells nothing to a stranger who has its name, once a key is bound: %s',
    async (bearer) => {
      open(bearer)
      const clientId = await buy(newDevice())
      for (const wish of [
        { purchaseId },
        newDevice().sign({ purchaseId }, HERE),
        { purchaseId, paymentMethodId: 'pm_card_mastercard', topUpAmount: 50_000 },
      ]) {
        const told = await send(wish)
        expect(JSON.parse(told.body)).toMatchObject({ errorCode: 'proof_required' })
        expect(JSON.stringify(told)).not.toMatch(new RegExp(`pi_|${clientId}|50000|50_000`))
      }
    },
  )

  it.each(['until-bound', 'never'] as const)(
    'is found again by the key that began it: %s',
    async (bearer) => {
      open(bearer)
      const device = newDevice()
      const clientId = await buy(device)
      const answer = await send(device.sign({ purchaseId }, HERE))
      expect(ownerTold(answer)).toBe(clientId)
      expect(JSON.parse(answer.body)).toMatchObject({ creditsRemaining: 50_000, purchaseId })
    },
  )

  it.each(['until-bound', 'never'] as const)(
    'tells a header that was used before nothing but to ask once more, and its device all: %s',
    async (bearer) => {
      open(bearer)
      const device = newDevice()
      const sent = device.sign({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, purchaseId }, HERE)
      const clientId = ownerTold(await send(sent))
      for (const replayed of [sent, sent]) {
        const again = await send(replayed)
        expect([again.status, again.headers['retry-after']]).toEqual([409, expect.stringMatching(/^\d+$/)])
        expect(JSON.stringify(again)).not.toMatch(new RegExp(`pi_|${clientId}|50000|50_000`))
      }
      // The first answer may have been lost on its way.
      const { proof: _used, ...payment } = sent
      const signedAnew = device.sign(payment, HERE, { claims: { iat: Date.now() / 1000 } })
      const found = await send(signedAnew)
      expect(ownerTold(found)).toBe(clientId)
      expect(JSON.parse(found.body)).toMatchObject({ creditsRemaining: 50_000, session: expect.any(String) })
    },
  )

  it('is found again by its name while no key is bound', async () => {
    open('until-bound')
    const clientId = await buy()
    expect(ownerTold(await send({ purchaseId }))).toBe(clientId)
  })
})
