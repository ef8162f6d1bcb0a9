import type { PaymentRequired } from '@stripe402/core'
import type { Client } from './client.js'
import { BodyNotReplayableError, errorOf, PaymentRequiredError, PolicyRefusedError } from './errors.js'
import { emit } from './events.js'
import { hasKey } from './evidence.js'
import { type Exchange, readExchange } from './exchange.js'
import { newRequestId } from './new-id.js'
import { type OriginMemory, originMemory } from './origin-memory.js'
import { about, type PayableRequest, type Reply, type Sent } from './payable-request.js'
import { discardBody } from './peek-body.js'
import { judge, type PolicyAnswer } from './policy.js'
import { committed } from './reservation.js'
import { type PaymentDetails, sendOnce } from './send-once.js'
import { hasToldOtherwise } from './server-clock.js'
import { waitForCredit } from './top-up.js'
import { underWay } from './under-way.js'

// What few visits need arrives in one piece.
export { sendWithAccount } from './send-once.js'
export { canSendAgain, sendPaid } from './send-paid.js'
export { responseTextOf, untilHeld } from './xhr/response-text.js'

/** How often one call is signed until the payer is asked. */
const MOST_PROOFS = 2

/** A request that was sent for the first time, and what tells it apart from others. */
export interface Call<R extends Reply> {
  /** The moment (see `Client.progress`) at which the app made it. */
  readonly since: number
  readonly sent: Sent<R>
}

/**
 * Does what an answer to a first attempt asks for: notes its receipt or, when it is a 402 of ours, pays and sends the
 * request again.
 */
export async function payWhatIsDue<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
  { since: startedAt, sent }: Call<R>,
): Promise<R> {
  const { events, mode, payer, progress } = client
  const { url, method } = request
  const requestId = sent.payment?.requestId ?? newRequestId()
  const memory = originMemory(client.store, url.origin)
  // The same account is worth another try only after credit was bought.
  let triedAt = sent.payment ? (sent.before?.topUps ?? -1) : -1
  let proofs = sent.payment?.proof ? 1 : 0
  let proved = { url: url.href, aheadMs: sent.aheadMs ?? 0 }
  let latest: Exchange<R> = await readExchange(client, request, sent)

  async function sendAgain(payment: PaymentDetails, isProofWanted = false): Promise<Exchange> {
    emit(events, 'retry', about(request))
    const { reply } = latest
    const target = replayUrl(request, reply)
    const again = await sendOnce(client, request, {
      details: { ...payment, requestId },
      units: latest.challenge?.accepts.find(({ currency }) => currency === payment.currency)?.amount ?? 0,
      url: target,
      isProofWanted,
    })
    if (again.payment?.proof) proofs++
    proved = { url: target, aheadMs: again.aheadMs ?? 0 }
    discardBody(reply)
    triedAt = again.before?.topUps ?? -1
    latest = await readExchange(client, request, again)
    return latest
  }

  /** Whether a token or a name was not enough for the server, and the key of this device may be. */
  async function canProve(): Promise<boolean> {
    const { challenge, payment, reply } = latest
    if (challenge?.error !== 'proof_required' || !payment?.clientId) return false
    // The same proof again, unless it was dated by a wrong clock or a redirect has taken it where it proves nothing.
    const isUseless =
      payment.proof !== undefined &&
      !hasToldOtherwise(url.origin, proved.aheadMs) &&
      proved.url === replayUrl(request, reply)
    return !isUseless && proofs < MOST_PROOFS && (await hasKey(client, url.origin))
  }

  /** For who waits for credit: a payment, and once more with the key where the payer chose an account that wants it. */
  async function sendFor(payment: PaymentDetails): Promise<Exchange> {
    const exchange = await sendAgain(payment)
    return (await canProve()) ? sendAgain(payment, true) : exchange
  }

  /** Hands back the 402, or the error in its place. */
  function giveUp(error: Error & { code: string }, isStrict: boolean): R {
    emit(events, 'error', { ...about(request), code: error.code, message: error.message })
    if (isStrict || mode === 'throw') throw error
    return latest.reply
  }

  async function untilPaid(isStrict: boolean): Promise<R> {
    const since = isStrict ? ++progress.moment : startedAt
    let isApproved = false
    while (latest.challenge) {
      // First, so that nothing is waited for between what the policy says and the price that is set aside.
      const isProofWanted = await canProve()
      const { isReplayable } = request
      const isWhole = typeof isReplayable === 'function' ? await isReplayable() : isReplayable
      const { challenge, reply } = latest
      const isRedirected = replayUrl(request, reply) !== url.href
      if (!isRedirected) remember(memory, url.pathname, challenge)

      const offers = judgeOffers({ client, origin: url.origin, memory }, challenge)
      if (offers.every(({ answer }) => answer === 'refuse'))
        return giveUp(
          new PolicyRefusedError(
            challenge,
            offers.some(({ isNewKey }) => isNewKey)
              ? 'The seller shows another publishable key than before. Load the page again if this is expected.'
              : 'The price is above what the policy allows.',
          ),
          isStrict,
        )
      // After a redirect only GET and HEAD are known to have kept their method and body.
      if (!isWhole || (isRedirected && !/^(GET|HEAD)$/.test(method)))
        return giveUp(new BodyNotReplayableError(challenge), isStrict)

      const credit = offers.find(({ account }) => account)
      const isUntried = isProofWanted || triedAt !== memory.topUps()
      if (credit?.account && isUntried && (isApproved || credit.answer === 'spend')) {
        await sendAgain({ clientId: credit.account.clientId, currency: credit.currency }, isProofWanted)
        continue
      }

      const isAllowed = emit(events, 'payment-required', { ...about(request), challenge })
      if (mode === 'throw' && !isStrict) throw new PaymentRequiredError(challenge, () => untilPaid(true))
      if (!isAllowed || mode === 'event' || !payer) return reply

      const reason = credit && isUntried ? 'confirm' : 'payment'
      const payable = withoutRefused(challenge, offers)
      const verdict = await waitForCredit(client, {
        request,
        challenge: payable,
        reason,
        since,
        send: sendFor,
      })
      isApproved = verdict.type === 'credited'
      if (verdict.type === 'credited') continue
      if (isStrict && verdict.outcome.type !== 'paid')
        throw verdict.error ?? errorOf(verdict.outcome, challenge)
      return latest.reply
    }
    request.release?.()
    return latest.reply
  }

  return untilPaid(false)
}

/** Notes that a path asks for payment, and the price in the currency that would be used. */
function remember(memory: OriginMemory, pathname: string, { accepts }: PaymentRequired): void {
  const offer = accepts.find(({ currency }) => memory.account(currency)) ?? accepts[0]
  if (offer) memory.rememberAsked(pathname, offer.currency, offer.amount)
}

/** Where to send the request again. The hops of a redirect never see a credential: its end is asked directly. */
function replayUrl({ url }: PayableRequest, reply: Reply): string {
  const asked = url.href.replace(/#.*/s, '')
  return reply.url && reply.url.replace(/#.*/s, '') !== asked ? reply.url : url.href
}

/** One entry per currency: what the policy says, and the account that could pay from credit. */
function judgeOffers({ client, origin, memory }: Judge, { accepts }: PaymentRequired): Offer[] {
  const { keys } = underWay(client)
  return accepts.map(({ currency, amount, publishableKey }) => {
    const name = `${origin} ${currency}`
    const isNewKey = (keys.get(name) ?? publishableKey) !== publishableKey
    if (!isNewKey) keys.set(name, publishableKey)
    const answer = judge(client, { currency, amount }, committed(client, { origin, currency }))
    return {
      currency,
      amount,
      account: memory.account(currency),
      isNewKey,
      answer: isNewKey ? 'refuse' : answer,
    }
  })
}

/** What the payer is asked about: a currency that the policy refuses is not among its choices. */
function withoutRefused(challenge: PaymentRequired, offers: Offer[]): PaymentRequired {
  const accepts = challenge.accepts.filter((_, index) => offers[index]?.answer !== 'refuse')
  return { ...challenge, accepts }
}

interface Judge {
  client: Client
  origin: string
  memory: OriginMemory
}

interface Offer {
  currency: string
  amount: number
  account: ReturnType<OriginMemory['account']>
  isNewKey: boolean
  answer: PolicyAnswer
}
