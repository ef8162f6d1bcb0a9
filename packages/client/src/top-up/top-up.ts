import { isStripe402Error } from '@stripe402/core'
import type { Client } from '../client.js'
import { emit } from '../events.js'
import { originMemory } from '../origin-memory.js'
import { about } from '../payable-request.js'
import type { PaymentOutcome } from '../payer.js'
import { underWay } from '../under-way.js'
import { payerChoice } from './payer-choice.js'
import { credited, ended, failed, newStanding, type PayerSession } from './payer-session.js'
import { paymentContext } from './payment-context.js'
import { purchaseNotes } from './purchase-notes.js'
import { runSession } from './run-session.js'
import { newsOf, type TabNews } from './tab-news.js'
import { takeTurn } from './take-turn.js'
import { openWaitingRoom, type Verdict, type Waiting } from './waiting-room.js'

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
  const { events, store } = client
  const { request, challenge } = opening
  const { origin } = request.url
  const currencies = challenge.accepts.map((offer) => offer.currency)
  const [currency = ''] = currencies
  const memory = originMemory(store, origin)
  const topUpsBefore = memory.topUps()
  const given = new AbortController()
  const { signal } = given
  let isRunning = false

  const room = openWaitingRoom(() => {
    // Nobody is left to ask for. A newcomer opens a session of its own and finds the purchase, if one is open.
    close()
    given.abort()
  })
  const standing = newStanding(opening)
  const context = paymentContext({ client, opening, memory, standing, signal })
  const notes = purchaseNotes(client, { origin, currency, memory })
  const choice = payerChoice(client, { context, memory, notes, standing })
  const session: PayerSession = {
    ...choice,
    client,
    room,
    context,
    memory,
    notes,
    standing,
    currencies,
    tell,
  }

  function tell(news: PaymentOutcome): void {
    try {
      client.payer?.settled?.(news, context)
    } catch (cause) {
      report('PAYER_FAILED', cause)
    }
  }

  function report(code: string, cause: unknown): void {
    const message = isStripe402Error(cause) ? cause.message : 'The payer has thrown.'
    emit(events, 'error', { ...about(request), code, message, cause })
  }

  /** What came of it in the tab that asked, as the verdict here; null when this tab has to ask. */
  function verdictOf(heard: TabNews): Verdict | null {
    if (heard.type === 'credited') {
      memory.adopt(currency, heard)
      standing.approved = heard.approved
    }
    if (memory.topUps() !== topUpsBefore) return credited(session)
    if (heard.type !== 'ended') return null
    standing.outcome = heard.outcome
    return ended(session)
  }

  /** Runs once. Every path closes the top-up first, so that a newcomer opens one of its own. */
  async function settle(heard: TabNews): Promise<TabNews> {
    let isHandedBack = false
    try {
      const known = verdictOf(heard)
      const verdict = known ?? (await runSession(session))
      close(isShared(verdict) ? verdict : undefined)
      if (!known) tell(standing.outcome)
      isHandedBack = verdict.type === 'credited'
      room.dismiss(verdict)
    } catch (error) {
      close()
      breakOff(error)
    }
    const { outcome, approved } = standing
    const isOpen = signal.aborted || isHandedBack
    return newsOf(memory, { currency, topUpsBefore, outcome, approved, isOpen })
  }

  /** Ends a session whose payer has thrown, or for which nobody waits any more. */
  function breakOff(error: unknown): void {
    const code = isStripe402Error(error) ? error.code : 'PAYER_FAILED'
    const { type } = standing.outcome
    // Of a purchase that was sent, or is being confirmed at the bank, money may still move, whoever has lost patience.
    if (signal.aborted && type === 'failed') standing.outcome = { type: 'pending', retryAfterMs: 0 }
    if (!signal.aborted && type !== 'pending') standing.outcome = failed(session, code)
    tell(standing.outcome)
    if (!signal.aborted) report(code, error)
    // A seller can make a payer throw, by a key that Stripe does not know: no reason to reject into the app.
    if (/^(POLICY_REFUSED|PAYER_FAILED)$/.test(code)) room.dismiss(ended(session, error))
    else room.fail(error)
  }

  async function start(): Promise<void> {
    // Given up while its 402 was read.
    if (signal.aborted) return
    if (!store.watch) {
      await settle({ type: 'nothing' })
      return
    }
    let isWaiting = false
    const setWaiting = (now: boolean): void => {
      if (isWaiting === now) return
      isWaiting = now
      emit(events, 'payment-elsewhere', { ...about(request), isWaiting })
    }
    await takeTurn({
      name: `stripe402 ${origin} ${currency}`,
      signal,
      onWait: () => setWaiting(true),
      session(heard) {
        setWaiting(false)
        return settle(heard)
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

/** Whether those who come a moment later are told the same. Where a reply was lost they ask about the purchase themselves. */
function isShared(verdict: Verdict): boolean {
  if (verdict.type !== 'ended') return false
  const { outcome } = verdict
  return outcome.type !== 'paid' && !(outcome.type === 'failed' && outcome.error === 'network')
}
