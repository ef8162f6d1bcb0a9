import { type NextAction, type PaymentRequired, Stripe402Error } from '@stripe402/core'
import type { PaymentOutcome } from './payer.js'

/** What all errors of this package share: the challenge that could not be met. */
class ChallengeError<Code extends string> extends Stripe402Error<Code> {
  readonly challenge: PaymentRequired

  constructor(code: Code, message: string, challenge: PaymentRequired, options?: ErrorOptions) {
    super(code, message, options)
    this.challenge = challenge
  }
}

/**
 * Payment is due, in mode `throw`.
 *
 * `topUp()` pays and sends the request again, once: it resolves with the paid answer, or rejects with one of the
 * errors below.
 */
export class PaymentRequiredError<R = Response> extends ChallengeError<'PAYMENT_REQUIRED'> {
  readonly topUp: () => Promise<R>

  constructor(challenge: PaymentRequired, topUp: () => Promise<R>) {
    super('PAYMENT_REQUIRED', 'This request has to be paid for: call topUp() to pay.', challenge)
    this.topUp = topUp
  }
}

/** The payment was definitely refused; nothing was charged. `challenge.decline` may say why. */
export class PaymentDeclinedError extends ChallengeError<'PAYMENT_DECLINED'> {
  constructor(challenge: PaymentRequired) {
    super('PAYMENT_DECLINED', challenge.message ?? `The payment was refused: ${challenge.error}.`, challenge)
  }
}

/** The payer said no. */
export class PaymentCancelledError extends ChallengeError<'PAYMENT_CANCELLED'> {
  constructor(challenge: PaymentRequired) {
    super('PAYMENT_CANCELLED', 'The payment was cancelled.', challenge)
  }
}

/** Nobody knows yet whether money moved. Do not pay again: the same purchase is asked about next time. */
export class PaymentPendingError extends ChallengeError<'PAYMENT_PENDING'> {
  constructor(challenge: PaymentRequired) {
    super('PAYMENT_PENDING', 'The outcome of the payment is not known yet; do not pay again.', challenge)
  }
}

/** The price, or the sum of the day, is above what the policy or a budget allows. Nothing was paid. */
export class PolicyRefusedError extends ChallengeError<'POLICY_REFUSED'> {
  constructor(challenge: PaymentRequired, message: string) {
    super('POLICY_REFUSED', message, challenge)
  }
}

/** The request cannot be sent a second time: its body is a stream, or a redirect changed it on the way. */
export class BodyNotReplayableError extends ChallengeError<'BODY_NOT_REPLAYABLE'> {
  constructor(challenge: PaymentRequired) {
    super(
      'BODY_NOT_REPLAYABLE',
      'The request cannot be sent again: use a body that can be read twice.',
      challenge,
    )
  }
}

/** The bank asks for 3-D Secure and the payer cannot run it. `nextAction` holds the client secret to do so. */
export class AuthenticationRequiredError extends ChallengeError<'AUTHENTICATION_REQUIRED'> {
  readonly nextAction: NextAction

  constructor(challenge: PaymentRequired, nextAction: NextAction) {
    super('AUTHENTICATION_REQUIRED', 'The bank asks the card holder to confirm this payment.', challenge)
    this.nextAction = nextAction
  }
}

/** The payment could not be tried: limits, an outage, a frozen account. `reason` is a code or an HTTP status. */
export class PaymentFailedError extends ChallengeError<'PAYMENT_FAILED'> {
  readonly reason: string

  constructor(challenge: PaymentRequired, reason: string) {
    super('PAYMENT_FAILED', `The payment could not be made: ${reason}.`, challenge)
    this.reason = reason
  }
}

/** The error that mode `throw` makes of a session that did not end in a paid answer. */
export function errorOf(outcome: PaymentOutcome, challenge: PaymentRequired): Error {
  switch (outcome.type) {
    case 'declined':
      return new PaymentDeclinedError(outcome.challenge)
    case 'pending':
      return new PaymentPendingError(challenge)
    case 'failed':
      return outcome.isUnsure
        ? new PaymentPendingError(challenge)
        : new PaymentFailedError(challenge, outcome.error)
    default:
      return new PaymentCancelledError(challenge)
  }
}
