import { emit } from '../events.js'
import type { Exchange } from '../exchange.js'
import { about } from '../payable-request.js'
import type { PaymentOutcome } from '../payer.js'
import type { PaymentDetails } from '../send-once.js'
import { credited, type PayerSession } from './payer-session.js'
import { type PaymentAnswer, readAnswer } from './payment-answer.js'
import type { Seat, Verdict, WaitingRoom } from './waiting-room.js'

/** A handler that streams, or works for minutes, sends its head when it has something to say. Others do not wait for that. */
const PATIENCE_MS = 3000

/**
 * Sends a request that waits. Null when its answer takes so long that others who wait go on without it: then it gets its
 * answer by itself, whenever that comes.
 */
export async function sendPatiently(
  session: PayerSession,
  seat: Seat,
  payment: PaymentDetails,
): Promise<Exchange | null> {
  const sending = seat.waiting.send(payment)
  const patience = openPatience(session.room, seat)
  try {
    const exchange = await Promise.race([sending, patience.lost])
    if (exchange) return exchange
  } finally {
    patience.end()
  }
  seat.stepAside()
  sending.then((exchange) => seat.leave(verdictAside(session, { seat, payment, exchange })), seat.fail)
  return null
}

/** Patience is lost once it has lasted for its time and somebody else waits. */
function openPatience(room: WaitingRoom, seat: Seat): { lost: Promise<null>; end(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const lost = new Promise<null>((resolve) => {
    timer = setTimeout(() => room.onOthers(seat, () => resolve(null)), PATIENCE_MS)
  })
  return { lost, end: () => clearTimeout(timer) }
}

/** A payment whose request had stepped aside, and its answer. */
interface Late {
  readonly seat: Seat
  readonly payment: PaymentDetails
  readonly exchange: Exchange
}

/** What an answer means to the request that has stepped aside. A 402 it deals with like one that has just come. */
function verdictAside(session: PayerSession, { seat, payment, exchange }: Late): Verdict {
  const { client, memory, notes } = session
  const { receipt } = exchange
  const answer = readAnswer(exchange)
  if (answer.type === 'refused' || answer.type === 'check') return credited(session)
  if (answer.type === 'paid' && receipt && notes.isOpen(payment)) {
    memory.rememberTopUp()
    notes.forget()
    emit(client.events, 'paid', { ...about(seat.waiting.request), receipt })
  }
  return { type: 'ended', outcome: outcomeOf(answer, { payment, exchange }) }
}

type Final = Exclude<PaymentAnswer, { type: 'refused' | 'check' }>

function outcomeOf(answer: Final, { payment, exchange }: Pick<Late, 'payment' | 'exchange'>): PaymentOutcome {
  switch (answer.type) {
    case 'paid':
      return { type: 'paid', receipt: exchange.receipt, status: exchange.reply.status }
    case 'pending':
      return answer
    default:
      return { type: 'failed', error: answer.error, ...(payment.purchaseId && { isUnsure: true }) }
  }
}
