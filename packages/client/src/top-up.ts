import { isStripe402Error, type PaymentRequired } from '@stripe402/core'
import { abortable } from './abortable.js'
import type { Client } from './client.js'
import type { OpenPurchase } from './client-store.js'
import { AuthenticationRequiredError, PolicyRefusedError } from './errors.js'
import { emit } from './events.js'
import type { Exchange } from './exchange.js'
import { judgeNow, offerIn, offering } from './judged-offers.js'
import { newPurchaseId, newRequestId } from './new-id.js'
import { type Approved, isAgreed, type JudgedPrice } from './next-step.js'
import { originMemory } from './origin-memory.js'
import { about } from './payable-request.js'
import type { PaymentContext, PaymentOutcome } from './payer.js'
import { faultOf, readAnswer } from './payment-answer.js'
import { mostPerTopUp } from './policy.js'
import { savedCardOf } from './saved-card.js'
import type { PaymentDetails } from './send-once.js'
import { newsOf, type TabNews } from './tab-news.js'
import { takeTurn } from './take-turn.js'
import { type Unanswered, underWay } from './under-way.js'
import { openWaitingRoom, type Seat, type Verdict, type Waiting } from './waiting-room.js'

/** How often a pending outcome is asked about before the app is told that it is still open. */
const MOST_POLLS = 10
/** How often one purchase may send the person to the bank. */
const MOST_CHECKS = 2

/** One shortage, one prompt, one top-up: shared by all requests of an origin and currency that wait for credit. */
export interface TopUp {
  /** Rejects with the caller's own reason when the request is aborted, and with a typed error that the payer threw. */
  join(waiting: Waiting): Promise<Verdict>
}

/** Waits for credit together with every other request of the same origin and currency. */
export function waitForCredit(client: Client, waiting: Waiting): Promise<Verdict> {
  const { topUps, refusals } = underWay(client)
  const key = `${waiting.request.url.origin} ${waiting.challenge.accepts[0]?.currency}`
  const open = topUps.get(key)
  if (open) return open.join(waiting)
  // A request of the same burst whose 402 comes a moment after the person said no: it is the same no.
  const refusal = refusals.get(key)
  if (refusal && waiting.since < refusal.at) return Promise.resolve(refusal.verdict)
  const topUp = openTopUp(client, waiting, (refused) => {
    if (topUps.get(key) === topUp) topUps.delete(key)
    if (refused) refusals.set(key, { at: ++client.progress.moment, verdict: refused })
  })
  topUps.set(key, topUp)
  return topUp.join(waiting)
}

function openTopUp(client: Client, opening: Waiting, close: (refused?: Verdict) => void): TopUp {
  const { payer, events, store, delay = afterMs } = client
  const { unanswered } = underWay(client)
  const { request } = opening
  const { origin } = request.url
  const [preferred] = opening.challenge.accepts
  const currency = preferred?.currency ?? ''
  const key = `${origin} ${currency}`
  const memory = originMemory(store, origin)
  const given = new AbortController()
  let { challenge, reason } = opening
  let attempt = 1
  let outcome: PaymentOutcome = { type: 'cancelled' }
  let isRunning = false
  /** A card was sent, and nobody has told what came of it. */
  let isUnsure = false
  /** A purchase of an earlier page is asked about, whose card is gone. */
  let isRemembered = false
  /** What the payer has said yes to. Requests that wait may cost more. */
  let approved: Approved | undefined
  const topUpsBefore = memory.topUps()

  const room = openWaitingRoom(() => {
    // Nobody is left to ask for. A newcomer opens a session of its own and finds the purchase, if one is open.
    close()
    given.abort()
  })
  const context: PaymentContext = {
    ...about(request),
    id: newRequestId(),
    currency,
    signal: given.signal,
    get attempt() {
      return attempt
    },
    get reason() {
      return reason
    },
    get balance() {
      return memory.account(currency)?.balanceUnits ?? preferred?.balance
    },
    get clientId() {
      return memory.account(currency)?.clientId
    },
    async savedCard() {
      if (!memory.account(currency)) return null
      return savedCardOf({ ...client, origin, currency })
    },
  }

  /** A card that has answered a question about spending: it pays what credit does not. */
  let card: PaymentDetails | undefined

  // What the policy has taken out stays out.
  const currencies = opening.challenge.accepts.map((offer) => offer.currency)
  /** What the policy says now to a request that waits, where it is paid in this currency. */
  const judgeIn = (asking: PaymentRequired, paidIn: string): JudgedPrice => {
    const offer = offerIn(asking, paidIn)
    const answer = offer ? judgeNow(client, origin, offer) : 'refuse'
    return { currency: paidIn, amount: 0, ...offer, answer }
  }
  const ended = (error?: unknown): Verdict => ({ type: 'ended', outcome, error })
  const forgetPurchase = (): void => {
    isUnsure = false
    const purchaseId = unanswered.get(key)?.purchaseId
    unanswered.delete(key)
    // Another tab may have noted one of its own there.
    if (purchaseId === memory.purchase(currency)?.purchaseId) memory.rememberPurchase(currency, undefined)
  }
  const failed = (error: string): PaymentOutcome => ({ type: 'failed', error, ...(isUnsure && { isUnsure }) })
  const rememberPurchase = (details: PaymentDetails & OpenPurchase): PaymentDetails => {
    const { purchaseId, paymentIntentId } = details
    const purchase = { purchaseId, paymentIntentId, currency: details.currency, agreed: approved }
    unanswered.set(key, purchase)
    memory.rememberPurchase(currency, purchase)
    return details
  }

  function report(code: string, cause: unknown): void {
    emit(events, 'error', { ...about(request), code, message: 'The payer has thrown.', cause })
  }

  function tell(news: PaymentOutcome): void {
    try {
      payer?.settled?.(news, context)
    } catch (cause) {
      report('PAYER_FAILED', cause)
    }
  }

  /** Asks the payer; null when the person said no. */
  async function ask(): Promise<PaymentDetails | null> {
    const choice = payer && (await abortable(payer(challenge, context), given.signal))
    if (!choice) return null
    const details = { ...choice, currency: choice.currency ?? currency }
    const seen = offerIn(challenge, details.currency)
    if (!seen) throw new PolicyRefusedError(challenge, `${details.currency} is not offered.`)
    approved = { currency: seen.currency, units: seen.amount }
    return details
  }

  /** Asks the payer what to pay with. A card that answers a question about spending waits for what credit comes to. */
  async function choose(): Promise<PaymentDetails | null> {
    card = undefined
    const details = await ask()
    if (!details || !isCard(details)) return details
    const account = reason === 'confirm' ? memory.account(details.currency) : undefined
    if (!account) return buyWith(details)
    card = details
    return { clientId: account.clientId, currency: details.currency }
  }

  /** Opens a purchase, remembered before it is sent. The amount is always said, so that the seller cannot choose it. */
  function buyWith(choice: PaymentDetails): PaymentDetails {
    const { minTopUp = 0, amount = 0, balance = 0 } = offerIn(challenge, choice.currency) ?? {}
    const { topUpAmount = Math.max(minTopUp, amount, amount - balance) } = choice
    if (topUpAmount > mostPerTopUp(client, choice.currency, choice.topUpAmount !== undefined))
      throw new PolicyRefusedError(challenge, 'The top-up is above what the policy allows.')
    const details = { ...choice, topUpAmount, purchaseId: newPurchaseId() }
    if (details.savedCard) details.clientId = (memory.account(details.currency) ?? context).clientId
    return rememberPurchase(details)
  }

  /** What is still open from before. After a reload the card is gone: the seller is asked whether it was charged. */
  function resume(): PaymentDetails | null {
    const noted = memory.purchase(currency)
    const open: Unanswered | undefined = unanswered.get(key) ?? noted
    if (!open || !currencies.includes(open.currency)) return null
    unanswered.set(key, open)
    const { agreed, lost, ...purchase } = open
    approved = agreed
    isUnsure = true
    // Where another tab has written meanwhile it may be settled: its card is not sent again unasked.
    if (lost && noted?.purchaseId === open.purchaseId) return lost
    isRemembered = true
    return { ...purchase, clientId: context.clientId }
  }

  /** Null when that request failed or was aborted: the next one carries the same payment. */
  async function carry(seat: Seat, payment: PaymentDetails): Promise<Exchange | null> {
    try {
      return await seat.waiting.send(payment)
    } catch (error) {
      const open = unanswered.get(key)
      if (open && payment.purchaseId) unanswered.set(key, { ...open, lost: payment })
      seat.fail(error)
      return null
    }
  }

  /** From the first prompt to an outcome; whoever still waits then is told the same. */
  async function run(): Promise<Verdict> {
    let payment = resume()
    let isSent = payment !== null
    let polls = 0
    let checks = 0
    const leaveOpen = (): void => {
      isUnsure ||= payment?.purchaseId !== undefined
    }

    for (;;) {
      if (!payment) {
        payment = await choose()
        isSent = false
      }
      if (!payment) return ended()
      const { currency: paidIn } = payment
      const seat = room.first((waiting) => judgeIn(waiting.challenge, paidIn).answer !== 'refuse')
      // Who is left can pay in another way, or not at all.
      if (!seat) return room.first() ? { type: 'credited', approved } : ended()
      // The request that the payer has seen is gone, and this one is dearer.
      if (!isAgreed(judgeIn(seat.waiting.challenge, paidIn), approved)) {
        challenge = seat.waiting.challenge
        reason = seat.waiting.reason
        const again = await (isSent ? ask() : choose())
        if (!again) seat.leave({ type: 'ended', outcome: { type: 'cancelled' } })
        else if (!isSent) payment = again
        else if (isCard(again)) card = again
        continue
      }
      isSent = true
      const exchange = await carry(seat, payment)
      if (!exchange) {
        leaveOpen()
        outcome = failed('network')
        continue
      }
      const answer = readAnswer(exchange)
      switch (answer.type) {
        case 'paid':
          memory.rememberTopUp()
          outcome = { type: 'paid', receipt: exchange.receipt, status: exchange.reply.status }
          if (payment.purchaseId)
            emit(events, 'paid', { ...about(seat.waiting.request), receipt: exchange.receipt })
          seat.leave(ended())
          // CORS hides the receipt, so the account is unknown; the purchase itself opens the door for the others.
          if (!exchange.receipt) continue
          forgetPurchase()
          return { type: 'credited', approved }

        case 'pending':
          leaveOpen()
          outcome = { type: 'pending', retryAfterMs: answer.retryAfterMs }
          tell(outcome)
          if (++polls > MOST_POLLS) return ended()
          await abortable(delay(answer.retryAfterMs, given.signal), given.signal)
          continue

        case 'check': {
          if (isRemembered || ++checks > MOST_CHECKS) break
          const { purchaseId, paymentIntentId } = answer.nextAction
          payment = rememberPurchase({ purchaseId, paymentIntentId, currency: payment.currency })
          const error = new AuthenticationRequiredError(answer.challenge, answer.nextAction)
          isUnsure = false
          outcome = failed(error.code)
          if (!payer?.authenticate) return ended(error)
          await abortable(payer.authenticate(answer.nextAction, context), given.signal)
          continue
        }

        case 'stopped': {
          // A fault that the server tells of has moved nothing; a proxy's 503 tells nothing.
          const fault = answer.error === 'unavailable' && (await faultOf(exchange, seat.waiting.request))
          if (fault === undefined) leaveOpen()
          if (answer.isDefinite || !isUnsure) forgetPurchase()
          outcome = failed(fault || answer.error)
          return ended()
        }

        case 'unclear':
          leaveOpen()
          outcome = failed(answer.error)
          seat.leave(ended())
          continue
      }
      // Definitely refused: nothing is in flight, and the next try is a new purchase.
      const { purchaseId } = payment
      forgetPurchase()
      payment = null
      checks = 0
      if (card && isAgreed(judgeIn(answer.challenge, card.currency), approved)) {
        challenge = offering(answer.challenge, currencies)
        payment = buyWith(card)
        card = undefined
        isRemembered = false
        continue
      }
      if (isRemembered) {
        isRemembered = false
        outcome = { type: 'cancelled' }
        continue
      }
      challenge = offering(answer.challenge, currencies)
      // The card has paid and it is still not enough: no second payment for the same call.
      const isShort = challenge.error === 'insufficient_credits' && purchaseId !== undefined
      reason = answer.type === 'check' ? 'authentication' : 'declined'
      emit(events, 'declined', { ...about(seat.waiting.request), challenge })
      outcome = { type: 'declined', challenge }
      if (isShort || ++attempt > (payer?.attempts ?? 5)) return ended()
      outcome = { type: 'cancelled' }
    }
  }

  /** A reply was lost: those who come later ask about the purchase themselves. */
  function isLost(): boolean {
    return outcome.type === 'failed' && outcome.error === 'network'
  }

  /** What came of it in the tab that asked, as the verdict here; null when this tab has to ask. */
  function verdictOf(heard: TabNews): Verdict | null {
    if (heard.type === 'credited') {
      memory.adopt(currency, heard)
      approved = heard.approved
    }
    if (memory.topUps() !== topUpsBefore) return { type: 'credited', approved }
    if (heard.type !== 'ended') return null
    outcome = heard.outcome
    return ended()
  }

  /** Runs once. Every path closes the session first, so that a newcomer opens one of its own. */
  async function session(heard: TabNews): Promise<TabNews> {
    let isHandedBack = false
    try {
      const known = verdictOf(heard)
      const verdict = known ?? (await run())
      const isShared = verdict.type === 'ended' && outcome.type !== 'paid' && !isLost()
      close(isShared ? verdict : undefined)
      if (!known) tell(outcome)
      isHandedBack = verdict.type === 'credited'
      room.dismiss(verdict)
    } catch (error) {
      close()
      const code = isStripe402Error(error) ? error.code : 'PAYER_FAILED'
      // Of a purchase that was sent, or is being confirmed at the bank, money may still move, whoever has lost patience.
      if (given.signal.aborted && outcome.type === 'failed') outcome = { type: 'pending', retryAfterMs: 0 }
      if (!given.signal.aborted && outcome.type !== 'pending') outcome = failed(code)
      tell(outcome)
      if (!given.signal.aborted) report(code, error)
      // A seller can make a payer throw, by a key that Stripe does not know: no reason to reject into the app.
      if (/^(POLICY_REFUSED|PAYER_FAILED)$/.test(code)) room.dismiss(ended(error))
      else room.fail(error)
    }
    const isOpen = given.signal.aborted || isHandedBack
    return newsOf(memory, { currency, topUpsBefore, outcome, approved, isOpen })
  }

  async function start(): Promise<void> {
    if (!store.watch) {
      await session({ type: 'nothing' })
      return
    }
    let isWaiting = false
    const setWaiting = (now: boolean): void => {
      if (isWaiting === now) return
      isWaiting = now
      emit(events, 'payment-elsewhere', { ...about(request), isWaiting })
    }
    await takeTurn({
      name: `stripe402 ${request.url.origin} ${currency}`,
      signal: given.signal,
      onWait: () => setWaiting(true),
      session(heard) {
        setWaiting(false)
        return session(heard)
      },
    })
    // Nobody wanted it any more before the turn came.
    setWaiting(false)
  }

  return {
    join(waiting) {
      const verdict = room.enter(waiting)
      if (!isRunning) {
        isRunning = true
        void start()
      }
      return verdict
    },
  }
}

function isCard({ paymentMethodId, savedCard }: PaymentDetails): boolean {
  return Boolean(paymentMethodId ?? savedCard)
}

function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}
