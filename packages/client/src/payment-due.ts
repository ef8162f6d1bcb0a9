import type { Client } from './client.js'
import { BodyNotReplayableError, errorOf, PaymentRequiredError } from './errors.js'
import { emit } from './events.js'
import { hasKey } from './evidence.js'
import { cameFrom, type Exchange, readExchange } from './exchange.js'
import { judgedOffers, offerIn, offering, policyRefusal } from './judged-offers.js'
import { newRequestId } from './new-id.js'
import { type Approved, type JudgedOffer, nextStep } from './next-step.js'
import { type OriginMemory, originMemory } from './origin-memory.js'
import { about, type PayableRequest, type Reply, type Sent } from './payable-request.js'
import { discardBody } from './peek-body.js'
import { type PaymentDetails, sendOnce } from './send-once.js'
import { hasToldOtherwise } from './server-clock.js'
import { waitForCredit } from './top-up/top-up.js'

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
  /** How much had been bought when an account was sent, by currency: it is worth another try only after a top-up. */
  const triedAt = new Map<string, number | undefined>()
  if (sent.payment) triedAt.set(sent.currency, sent.before?.topUps)
  let proofs = sent.payment?.proof ? 1 : 0
  let proved = { url: url.href, aheadMs: sent.aheadMs ?? 0 }
  let latest: Exchange<R> = await readExchange(client, request, sent)

  async function sendAgain(payment: PaymentDetails, isProofWanted = false): Promise<Exchange> {
    emit(events, 'retry', about(request))
    const { reply } = latest
    const target = replayUrl(request, reply)
    const again = await sendOnce(client, request, {
      details: { ...payment, requestId },
      units: (latest.challenge && offerIn(latest.challenge, payment.currency)?.amount) ?? 0,
      url: target,
      isProofWanted,
    })
    if (again.payment?.proof) proofs++
    proved = { url: target, aheadMs: again.aheadMs ?? 0 }
    // Money has moved: what another `fetch` calls a body may not be let go of as ours is, and that is no reason to reject.
    Promise.resolve(reply)
      .then(discardBody)
      .catch(() => {})
    triedAt.set(again.currency, again.before?.topUps)
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
    let approved: Approved | undefined
    while (latest.challenge) {
      // First, so that nothing is waited for between what the policy says and the price that is set aside.
      const isProofWanted = await canProve()
      const { isReplayable } = request
      const isWhole = typeof isReplayable === 'function' ? await isReplayable() : isReplayable
      const { challenge, payment, reply } = latest
      const isRedirected = replayUrl(request, reply) !== url.href

      const isTried = (currency: string): boolean =>
        triedAt.get(currency) === memory.topUps() && !(isProofWanted && payment?.currency === currency)
      const offers = judgedOffers(client, { origin: url.origin, memory, challenge, isTried })
      if (!isRedirected) remember(memory, url.pathname, offers)
      const step = nextStep(offers, approved)
      if (step.type === 'refuse') return giveUp(policyRefusal(challenge, offers), isStrict)
      // After a redirect only GET and HEAD are known to have kept their method and body.
      if (!isWhole || (isRedirected && !/^(GET|HEAD)$/.test(method)))
        return giveUp(new BodyNotReplayableError(challenge), isStrict)
      if (step.type === 'spend') {
        const { clientId, currency } = step
        await sendAgain({ clientId, currency }, isProofWanted)
        continue
      }

      const isAllowed = emit(events, 'payment-required', { ...about(request), challenge })
      if (mode === 'throw' && !isStrict) throw new PaymentRequiredError(challenge, () => untilPaid(true))
      if (!isAllowed || mode === 'event' || !payer) return reply
      const verdict = await waitForCredit(client, {
        request,
        challenge: offering(challenge, step.currencies),
        reason: step.reason,
        since,
        send: sendFor,
      })
      if (verdict.type === 'ended') {
        if (isStrict && verdict.outcome.type !== 'paid')
          throw verdict.error ?? errorOf(verdict.outcome, challenge)
        return latest.reply
      }
      approved = verdict.approved
    }
    request.release?.()
    return latest.reply
  }

  return untilPaid(false)
}

/** Notes that a path asks for payment, and the price in the currency that would be used. */
function remember(memory: OriginMemory, pathname: string, offers: readonly JudgedOffer[]): void {
  const offer = offers.find(({ clientId, answer }) => clientId && answer !== 'refuse') ?? offers[0]
  if (offer) memory.rememberAsked(pathname, offer.currency, offer.amount)
}

/** Where to send the request again. The hops of a redirect never see a credential: its end is asked directly. */
function replayUrl(request: PayableRequest, reply: Reply): string {
  const { href } = request.url
  const end = cameFrom(request, reply)?.href ?? href
  return end.replace(/#.*/s, '') === href.replace(/#.*/s, '') ? href : end
}
