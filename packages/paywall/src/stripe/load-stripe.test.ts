import { describe, expect, it } from 'vitest'
import { stripeFor } from './load-stripe.js'
import { StripeUnavailableError } from './stripe-unavailable-error.js'

describe('stripeFor', () => {
  it('gives up on a loader that never answers', async () => {
    await expect(stripeFor('pk_test_a', () => new Promise(() => {}), 1)).rejects.toBeInstanceOf(
      StripeUnavailableError,
    )
  })

  it('tells why a loader failed', async () => {
    const cause = new Error('blocked')
    const failed = stripeFor('pk_test_a', () => Promise.reject(cause))
    await expect(failed).rejects.toMatchObject({ code: 'stripe_unavailable', cause })
  })

  it('takes a loader without an answer for a blocked one', async () => {
    await expect(stripeFor('pk_test_a', async () => null)).rejects.toBeInstanceOf(StripeUnavailableError)
  })
})
