import type { ClientId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { clientOf } from '../identify-payer.js'
import { noteDecline } from './admit-attempt.js'

/** What an intent says of its last attempt. */
type AttemptError = Stripe.PaymentIntent.LastPaymentError | Stripe.SetupIntent.LastSetupError

/**
 * Counts a card that was declined straight at Stripe, where the client secret of an intent is enough to try one: for that
 * card, and for the one that the intent was begun for, with which nobody begins many more. `tried` names the attempt.
 */
export async function noteDeclineAtStripe(
  context: Context,
  error: AttemptError,
  { begunFor, tried }: { begunFor: ClientId; tried: string },
): Promise<void> {
  const { limits } = context.settings
  if (limits === null) return
  const fingerprint: unknown = error.payment_method?.card?.fingerprint
  const declined = typeof fingerprint === 'string' ? [await clientOf(context, fingerprint)] : []
  await noteDecline(context, { limits, networks: [], id: `at stripe ${tried}` }, begunFor, ...declined)
}
