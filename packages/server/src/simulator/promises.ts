import { HEADERS, isErrorCode, type Payment, readPayment } from '@stripe402/core'
import type { PaidRequest } from '../paid-request.js'
import type { Reply } from './connection.js'

/** What payers were told, held against what happens to their cards. */
export interface Promises {
  asked(request: PaidRequest): void
  answered(request: PaidRequest, reply: Reply): void
  /** A card was charged. */
  charged(charge: ChargedCard): void
  /** The store lost what it knew of refusals: from here on a no stands until somebody asks again. */
  lost(): void
}

/** A charge as far as promises are concerned. */
export interface ChargedCard {
  paymentMethodId: string
  purchaseId: string
}

const NO: ReadonlySet<string> = new Set(['card_declined', 'payment_failed'])

/** All that was said and done about one card payment: a PaymentMethod is made for one click and used for no other. */
interface Told {
  isCharged: boolean
  /** "It did not go through": for ever, as far as the store remembers. */
  isRefused: boolean
  isForgotten: boolean
  /** "Nothing was charged": unless somebody asks again. */
  isDenied: boolean
  inFlight: number
  /** Two requests without a purchase id were under way at once: two payments, of which one may fail and one succeed. */
  hasTwin: boolean
}

/**
 * Holds every answer to its word: after a definite no, that card is never charged for that purchase; who is told that
 * nothing was charged was not charged, and will not be unless they ask again.
 */
export function watchPromises(
  violate: (rule: string, detail: string) => void,
  nowMs: () => number,
): Promises {
  const told = new Map<string, Told>()
  /** A purchase's PaymentMethods: who asks about it without naming one asks about all of them. */
  const cards = new Map<string, Set<string>>()

  function about(paymentMethodId: string): Told {
    const known = told.get(paymentMethodId) ?? {
      isCharged: false,
      isRefused: false,
      isForgotten: false,
      isDenied: false,
      inFlight: 0,
      hasTwin: false,
    }
    told.set(paymentMethodId, known)
    return known
  }

  function concerned({ paymentMethodId, purchaseId, savedCard }: Payment): Told[] {
    const all = cards.get(purchaseId ?? '') ?? new Set()
    if (purchaseId !== undefined) cards.set(purchaseId, all)
    const name = savedCard ? keptFor(purchaseId) : paymentMethodId
    if (name !== undefined) all.add(name)
    return name === undefined ? [...all].map(about) : [about(name)]
  }

  return {
    asked(request) {
      const payment = paymentOf(request)
      if (!payment) return
      for (const one of concerned(payment)) {
        if (payment.purchaseId === undefined && one.inFlight > 0) one.hasTwin = true
        one.inFlight += 1
        one.isDenied = false
        if (one.isForgotten) one.isRefused = false
        one.isForgotten = false
      }
    },

    answered(request, { status, body }) {
      const payment = paymentOf(request)
      if (!payment) return
      const error = status >= 400 ? errorIn(body) : null
      for (const one of concerned(payment)) {
        one.inFlight -= 1
        if (error === null) continue
        const deniesCharge = error.message.includes('Nothing was charged')
        if (deniesCharge && one.isCharged && !one.hasTwin)
          violate('told the truth', `${status} ${error.code} says that nothing was charged`)
        one.isDenied = deniesCharge
        // Without a purchase id nobody can tell two copies of a request from two payments: the other one may still pay.
        const isDefinite = payment.purchaseId !== undefined || one.inFlight <= 0
        if (isDefinite && NO.has(error.code)) one.isRefused = true
      }
    },

    lost() {
      for (const one of told.values()) one.isForgotten = one.isRefused
    },

    charged({ paymentMethodId, purchaseId }) {
      const kept = keptFor(purchaseId)
      const one = about(cards.get(purchaseId)?.has(kept) ? kept : paymentMethodId)
      one.isCharged = true
      const what = `${paymentMethodId} of ${purchaseId} at ${nowMs()}`
      if (one.isRefused) violate('I8', `${what} was charged after a definite no`)
      if (one.isDenied && one.inFlight <= 0)
        violate(
          'told the truth',
          `${what} was charged after "nothing was charged", and nobody had asked again`,
        )
    },
  }
}

/** A kept card is good for many clicks: each of its purchases is a card of its own. */
function keptFor(purchaseId: string | undefined): string {
  return `the kept card for ${purchaseId}`
}

const payments = new WeakMap<PaidRequest, Payment | null>()

/** The payment in a request, read once. */
export function paymentOf(request: PaidRequest): Payment | null {
  const known = payments.get(request)
  if (known !== undefined) return known
  const read = readPayment(request.header(HEADERS.PAYMENT))
  const payment = read.ok ? read.value : null
  payments.set(request, payment)
  return payment
}

function errorIn(body: string): { code: string; message: string } | null {
  if (body === '') return null
  const { errorCode = '', error = '' }: { errorCode?: string; error?: string } = JSON.parse(body)
  return isErrorCode(errorCode) ? { code: errorCode, message: error } : null
}
