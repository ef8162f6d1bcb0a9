import type { Exchange } from '../exchange.js'
import { judgeFor } from '../judged-offers.js'
import { isAgreed, type JudgedPrice } from '../next-step.js'
import type { PaymentDetails } from '../send-once.js'
import { followAnswer, goOn, type Next } from './follow-answer.js'
import { isCard } from './payer-choice.js'
import { credited, ended, failed, leaveOpen, type PayerSession } from './payer-session.js'
import { sendPatiently } from './send-patiently.js'
import type { Seat, Verdict, Waiting } from './waiting-room.js'

/**
 * From the first question to an outcome: whoever still waits then is told the same.
 *
 * Throws what the payer threw, and when nobody waits any more.
 */
export async function runSession(session: PayerSession): Promise<Verdict> {
  const { client, room, notes, standing } = session
  const { origin } = session.context
  let payment = findPurchase(session)
  let isSent = payment !== null

  for (;;) {
    if (!payment) {
      payment = await session.choose()
      isSent = false
    }
    if (!payment) return ended(session)
    const { currency } = payment
    const judge = ({ challenge }: Waiting): JudgedPrice => judgeFor(client, { origin, challenge, currency })
    const seat = room.first((waiting) => judge(waiting).answer !== 'refuse')
    // It was never sent: nothing has to be asked about.
    if (!seat && !isSent && notes.isOpen(payment)) notes.forget()
    // Who is left can pay in another way, or not at all.
    if (!seat) return room.first() ? credited(session) : ended(session)
    if (!isAgreed(judge(seat.waiting), standing.approved)) {
      payment = await askAgain(session, { seat, payment, isSent })
      continue
    }
    isSent = true
    const next = await payFor(session, seat, payment)
    if (next.type !== 'go-on') return next
    payment = next.payment
  }
}

/** What is still open from before: it is asked about first. */
function findPurchase({ notes, standing, currencies }: PayerSession): PaymentDetails | null {
  const found = notes.find(currencies)
  if (!found) return null
  standing.approved = found.agreed
  standing.isRemembered = found.isRemembered
  standing.isUnsure = true
  return found.payment
}

/** The request that the payer has seen is gone, and this one is dearer. A payment that was sent stays what it is. */
async function askAgain(session: PayerSession, { seat, payment, isSent }: Asked): Promise<PaymentDetails> {
  const { standing, ask, choose } = session
  standing.challenge = seat.waiting.challenge
  standing.reason = seat.waiting.reason
  const again = await (isSent ? ask() : choose())
  if (!again) seat.leave({ type: 'ended', outcome: { type: 'cancelled' } })
  else if (!isSent) return again
  else if (isCard(again)) standing.card = again
  return payment
}

/** A payment that one request waits for. */
interface Asked {
  readonly seat: Seat
  readonly payment: PaymentDetails
  readonly isSent: boolean
}

/** Sends a request that waits. When it fails, is aborted or keeps others waiting, the next one carries the same payment. */
async function payFor(session: PayerSession, seat: Seat, payment: PaymentDetails): Promise<Next> {
  const { notes, standing } = session
  let exchange: Exchange | null
  try {
    exchange = await sendPatiently(session, seat, payment)
  } catch (error) {
    notes.keepLost(payment)
    seat.fail(error)
    exchange = null
  }
  if (exchange) return followAnswer(session, { seat, payment, exchange })
  leaveOpen(session, payment)
  standing.outcome = failed(session, 'network')
  return goOn(payment)
}
