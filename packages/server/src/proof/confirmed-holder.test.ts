import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { isCodeUnheard, isHolderConfirmed } from './confirmed-holder.js'

type Details = Partial<Stripe.SetupAttempt.PaymentMethodDetails.Card>

/** A check that succeeded, with what its attempt says of the card. */
async function checkWith(changes: Details): Promise<Stripe.SetupIntent> {
  const local = createStripeLocal()
  const stripe = new Stripe(local.keys.secretKey, { httpClient: local.httpClient })
  const intent = await stripe.setupIntents.create({
    allowed_payment_method_types: ['card'],
    payment_method: 'pm_card_visa',
    confirm: true,
    expand: ['latest_attempt'],
  })
  if (intent.latest_attempt === null || typeof intent.latest_attempt === 'string') throw new Error(intent.id)
  Object.assign(intent.latest_attempt.payment_method_details.card ?? {}, { checks: null, ...changes })
  return intent
}

function code(cvc_check: string | null): Details {
  return { checks: { address_line1_check: 'pass', address_postal_code_check: 'pass', cvc_check } }
}

function secure(result: string): Details {
  const none = { authentication_flow: null, electronic_commerce_indicator: null, transaction_id: null }
  return { three_d_secure: { ...none, result, result_reason: null, version: '2.2.0' } }
}

describe('isHolderConfirmed', () => {
  it.each<[string, Details, boolean]>([
    ['a security code that is right', code('pass'), true],
    ['3-D Secure', secure('authenticated'), true],
    ['Apple Pay', { wallet: { type: 'apple_pay' } }, true],
    ['Google Pay', { wallet: { type: 'google_pay' } }, false],
    ['Link', { wallet: { type: 'link' } }, false],
    ['nothing', {}, false],
    ['no security code', code(null), false],
    ['a security code that is wrong', code('fail'), false],
    ['a security code that nobody looked at', code('unchecked'), false],
    ['a security code that the issuer cannot check', code('unavailable'), false],
    ['an issuer that takes no part in 3-D Secure', secure('attempt_acknowledged'), false],
    ['an exemption from 3-D Secure', secure('exempted'), false],
    ['3-D Secure that failed', secure('failed'), false],
  ])('of a check that succeeded by %s: %o is %s', async (_, details, isConfirmed) => {
    expect(isHolderConfirmed(await checkWith(details))).toBe(isConfirmed)
  })

  it('wants a check that succeeded, and Stripe to tell of it', async () => {
    const intent = await checkWith(code('pass'))
    for (const changes of [
      { status: 'requires_action' },
      { latest_attempt: 'setatt_1' },
      { latest_attempt: null },
    ] as const)
      expect(isHolderConfirmed({ ...intent, ...changes })).toBe(false)
  })
})

describe('isCodeUnheard', () => {
  it.each<[string, Details, boolean]>([
    ['unavailable', code('unavailable'), true],
    ['unchecked', code('unchecked'), true],
    ['never sent', code(null), false],
    ['wrong', code('fail'), false],
    ['right', code('pass'), false],
  ])('of a code that is %s: %o is %s', async (_, details, isUnheard) => {
    expect(isCodeUnheard(await checkWith(details))).toBe(isUnheard)
  })
})
