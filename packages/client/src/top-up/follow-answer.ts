import type { PaymentRequired } from '@stripe402/core'
import { abortable } from '../abortable.js'
import { AuthenticationRequiredError } from '../errors.js'
import { emit } from '../events.js'
import type { Exchange } from '../exchange.js'
import { judgedOffers, judgeFor, offering, policyRefusal } from '../judged-offers.js'
import { isAgreed } from '../next-step.js'
import { about } from '../payable-request.js'
import type { PaymentDetails } from '../send-once.js'
import { credited, ended, failed, leaveOpen, type PayerSession } from './payer-session.js'
import { faultOf, type PaymentAnswer, readAnswer } from './payment-answer.js'
import type { Seat, Verdict } from './waiting-room.js'

/** How often a pending outcome is asked about before the app is told that it is still open. */
const MOST_POLLS = 10
/** How often one purchase may send the person to the bank. */
const MOST_CHECKS = 2

/** What comes after an answer: the session goes on with this payment, or with a new question for `null`, or it ends. */
export type Next = { type: 'go-on'; payment: PaymentDetails | null } | Verdict

/** A payment that was sent for a request that waits, and its answer. */
interface Answered {
  readonly seat: Seat
  readonly payment: PaymentDetails
  readonly exchange: Exchange
}

type AnswerOf<T extends PaymentAnswer['type']> = Extract<PaymentAnswer, { type: T }>

/** Does what the answer to a payment asks for. */
export async function followAnswer(session: PayerSession, answered: Answered): Promise<Next> {
  const { standing } = session
  const { seat, payment, exchange } = answered
  const answer = readAnswer(exchange)
  switch (answer.type) {
    case 'paid':
      return followPaid(session, answered)
    case 'pending':
      return followPending(session, payment, answer)
    case 'check':
      return followCheck(session, answered, answer)
    case 'stopped':
      return followStop(session, answered, answer)
    case 'unclear':
      leaveOpen(session, payment)
      standing.outcome = failed(session, answer.error)
      return goOnWithout(seat, session, payment)
    case 'refused':
      return followRefusal(session, answered, answer)
  }
}

function followPaid(session: PayerSession, { seat, payment, exchange }: Answered): Next {
  const { client, memory, standing } = session
  const { receipt, reply } = exchange
  memory.rememberTopUp()
  standing.outcome = { type: 'paid', receipt, status: reply.status }
  if (payment.purchaseId) emit(client.events, 'paid', { ...about(seat.waiting.request), receipt })
  // CORS hides the receipt, so the account is unknown; the purchase itself opens the door for the others.
  if (!receipt) return goOnWithout(seat, session, payment)
  forgetPurchase(session)
  return credited(session)
}

async function followPending(
  session: PayerSession,
  payment: PaymentDetails,
  { retryAfterMs }: AnswerOf<'pending'>,
): Promise<Next> {
  const { client, context, standing, tell } = session
  const { delay = afterMs } = client
  leaveOpen(session, payment)
  standing.outcome = { type: 'pending', retryAfterMs }
  tell(standing.outcome)
  if (++standing.polls > MOST_POLLS) return ended(session)
  await abortable(delay(retryAfterMs, context.signal), context.signal)
  return goOn(payment)
}

async function followCheck(
  session: PayerSession,
  answered: Answered,
  answer: AnswerOf<'check'>,
): Promise<Next> {
  const { client, context, notes, standing } = session
  const { challenge, nextAction } = answer
  if (standing.isRemembered || ++standing.checks > MOST_CHECKS)
    return followRefusal(session, answered, answer)
  const { purchaseId, paymentIntentId } = nextAction
  const { currency } = answered.payment
  const payment = notes.remember({ purchaseId, paymentIntentId, currency }, standing.approved)
  const error = new AuthenticationRequiredError(challenge, nextAction)
  standing.isUnsure = false
  standing.outcome = failed(session, error.code)
  if (!client.payer?.authenticate) return ended(session, error)
  await abortable(client.payer.authenticate(nextAction, context), context.signal)
  return goOn(payment)
}

async function followStop(
  session: PayerSession,
  { seat, payment, exchange }: Answered,
  { error }: AnswerOf<'stopped'>,
): Promise<Next> {
  const { standing } = session
  // What the server tells of has moved nothing; somebody else's 403, 429 or 503 tells nothing.
  const fault = await faultOf(exchange, seat.waiting.request)
  if (!fault) leaveOpen(session, payment)
  // Nor is an earlier try of the purchase open any more, where the account is frozen.
  if (fault === 'account_frozen' || !standing.isUnsure) forgetPurchase(session)
  standing.outcome = failed(session, fault ?? error)
  return ended(session)
}

/** Definitely refused: nothing is in flight, and the next try is a new purchase. */
function followRefusal(
  session: PayerSession,
  { seat, payment }: Answered,
  { type, challenge: refused }: AnswerOf<'refused' | 'check'>,
): Next {
  const { client, context, standing, buyWith } = session
  const { origin } = context
  const { card, isRemembered } = standing
  forgetPurchase(session)
  const challenge = whatIsAllowed(session, refused)
  standing.checks = 0
  standing.isRemembered = false
  if (card && isAgreed(judgeFor(client, { origin, challenge, currency: card.currency }), standing.approved)) {
    standing.challenge = challenge
    standing.card = undefined
    return goOn(buyWith(card))
  }
  if (isRemembered) {
    standing.outcome = { type: 'cancelled' }
    return goOn(null)
  }
  standing.challenge = challenge
  standing.reason = type === 'check' ? 'authentication' : 'declined'
  emit(client.events, 'declined', { ...about(seat.waiting.request), challenge })
  standing.outcome = { type: 'declined', challenge }
  // The card has paid and it is still not enough: no second payment for the same call.
  const isShort = challenge.error === 'insufficient_credits' && payment.purchaseId !== undefined
  if (isShort || ++standing.attempt > (client.payer?.attempts ?? 5)) return ended(session)
  standing.outcome = { type: 'cancelled' }
  return goOn(null)
}

/** An answer may ask for more than what was judged, or under another publishable key. */
function whatIsAllowed(
  { client, context, memory, currencies }: PayerSession,
  answer: PaymentRequired,
): PaymentRequired {
  const challenge = offering(answer, currencies)
  const offers = judgedOffers(client, { origin: context.origin, memory, challenge, isTried: () => false })
  const allowed = offers.filter(({ answer }) => answer !== 'refuse')
  if (!allowed.length) throw policyRefusal(answer, offers)
  return offering(
    challenge,
    allowed.map(({ currency }) => currency),
  )
}

function forgetPurchase({ notes, standing }: PayerSession): void {
  standing.isUnsure = false
  notes.forget()
}

/** The session goes on with this payment, or with a new question. */
export function goOn(payment: PaymentDetails | null): Next {
  return { type: 'go-on', payment }
}

/** This request has its answer, and the others go on. The last one's waits until the payer was told, so that a dialog closes first. */
function goOnWithout(seat: Seat, session: PayerSession, payment: PaymentDetails): Next {
  if (!session.room.first((waiting) => waiting !== seat.waiting)) return ended(session)
  seat.leave(ended(session))
  return goOn(payment)
}

function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}
