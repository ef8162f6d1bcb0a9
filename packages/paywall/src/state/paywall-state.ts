import type { SavedCard } from '@stripe402/client'
import type { NamedCard } from '../stripe/card-name.js'
import type { Offer } from './offer.js'
import type { Problem } from './problem.js'
import { chargeable } from './top-up-choices.js'

/** How far the card form has come. `blocked`: Stripe.js could not be loaded. */
export type CardForm = 'loading' | 'ready' | 'blocked'

/** The amount a person is about to pay: one of the choices, or their own words for it. */
export type Amount = { readonly kind: 'choice'; readonly units: number } | OwnAmount

/** A person's own words for an amount, read by the part that they are typed into. */
export interface OwnAmount {
  readonly kind: 'own'
  readonly text: string
  /** 0 while it is only begun, `null` when the text is no amount. */
  readonly units: number | null
  /** Whether the person has left the field, or pressed Pay. */
  readonly isDone?: boolean
}

/** What every state of an open dialog holds. */
export interface OpenDialog {
  readonly offer: Offer
  readonly amount: Amount
  readonly card: CardForm
  /** Whether the browser says that it has no connection. */
  readonly isOffline: boolean
  /** The card that the seller keeps for this person and that would be charged: no form is needed then. */
  readonly saved: SavedCard | undefined
  /** Whether the person agrees that the card of the form is kept. */
  readonly keepsCard: boolean
}

/** The dialog, whole: what is on the screen is a function of this value. */
export type PaywallState =
  | { readonly step: 'closed' }
  /** A request that nobody clicked for wants money: a bar says so, and the page goes on. */
  | (OpenDialog & { readonly step: 'noticed'; readonly problem: Problem | undefined })
  /** The person chooses an amount and fills the card form in. */
  | (OpenDialog & { readonly step: 'choosing'; readonly problem: Problem | undefined })
  /** Pay was pressed: nothing can be changed any more. `isRead`: the card form is still read, or found incomplete. */
  | (OpenDialog & { readonly step: 'paying'; readonly isRead?: boolean })
  /**
   * The bank has the word (3-D Secure). `isFree`: it only checks who it is, and the balance pays. `isLate`: so late that
   * it may not give it back.
   */
  | (OpenDialog & { readonly step: 'authenticating'; readonly isFree: boolean; readonly isLate?: boolean })
  /** Money may have moved: nobody may pay again before it is known. */
  | (OpenDialog & { readonly step: 'unknown'; readonly isChecking: boolean })
  /** Nothing was charged and this dialog can do no more. */
  | (OpenDialog & { readonly step: 'failed'; readonly problem: Problem })
  | (OpenDialog & { readonly step: 'paid' } & Payment)

/** A state in which the dialog itself is on the screen. */
export type ShownDialog = Exclude<PaywallState, { step: 'closed' | 'noticed' }>

/** What a payment came to. */
export interface Payment {
  /** Credit left in units, when the receipt could be read. */
  readonly left: number | undefined
  /** Whether the card was charged; credit may have been there already. `undefined` when the receipt is hidden. */
  readonly isCharged: boolean | undefined
  /** The card that Pay was pressed for, as far as its maker named it. */
  readonly chargedCard?: NamedCard | undefined
}

/** What can happen to a dialog. */
export type PaywallAction =
  | {
      readonly type: 'ask'
      readonly offer: Offer
      readonly problem: Problem | undefined
      /** Nobody clicked: ask with the bar. */
      readonly isQuiet?: boolean
    }
  /** The bar was pressed. */
  | { readonly type: 'open' }
  | { readonly type: 'connection'; readonly isOffline: boolean }
  | { readonly type: 'card'; readonly card: CardForm }
  | { readonly type: 'choose'; readonly amount: Amount }
  /** The kept card is known, or shall not be used; the person wants the card of the form kept, or not. */
  | {
      readonly type: 'keep'
      readonly change: Partial<
        Pick<OpenDialog, 'saved' | 'card' | 'keepsCard'> & { readonly problem: Problem }
      >
    }
  | { readonly type: 'pay' }
  /** Nothing is missing in the card form. */
  | { readonly type: 'complete' }
  | { readonly type: 'refuse'; readonly problem: Problem | undefined }
  | { readonly type: 'authenticate'; readonly isFree: boolean }
  | { readonly type: 'late' }
  | { readonly type: 'authenticated' }
  | { readonly type: 'pending' }
  /** Nobody asks about the outcome any more. */
  | { readonly type: 'silence' }
  | { readonly type: 'fail'; readonly problem: Problem }
  | ({ readonly type: 'paid' } & Payment)
  | { readonly type: 'close' }

/**
 * The next state. An action that has no meaning in a state answers the very same state, so a second press of Pay
 * does nothing.
 */
export function reduce(state: PaywallState, action: PaywallAction): PaywallState {
  if (action.type === 'ask') return ask(state, action)
  if (state.step === 'closed') return state
  const { offer, amount, card, isOffline, saved, keepsCard } = state
  const open: OpenDialog = { offer, amount, card, isOffline, saved, keepsCard }
  switch (action.type) {
    case 'open':
      return state.step === 'noticed' ? { ...open, step: 'choosing', problem: state.problem } : state
    case 'connection':
      return isOffline === action.isOffline ? state : { ...state, isOffline: action.isOffline }
    case 'card':
      return state.card === action.card ? state : { ...state, card: action.card }
    case 'choose':
      return state.step === 'choosing' ? { ...state, amount: action.amount } : state
    case 'keep':
      return state.step === 'choosing' || state.step === 'noticed' ? { ...state, ...action.change } : state
    case 'pay':
      return canPay(state) ? { ...open, step: 'paying', isRead: true } : state
    case 'refuse':
      return state.step === 'paying' ? { ...open, step: 'choosing', problem: action.problem } : state
    case 'authenticate':
      return state.step === 'paying' || state.step === 'unknown'
        ? { ...open, step: 'authenticating', isFree: action.isFree }
        : state
    case 'complete':
    case 'authenticated':
      return isBusy(state) ? { ...open, step: 'paying' } : state
    case 'late':
      return state.step === 'authenticating' ? { ...state, isLate: true } : state
    case 'pending':
      return state.step === 'paying' || isSilent(state)
        ? { ...open, step: 'unknown', isChecking: true }
        : state
    case 'silence':
      return state.step === 'unknown' ? { ...open, step: 'unknown', isChecking: false } : state
    case 'fail':
      return { ...open, step: 'failed', problem: action.problem }
    case 'paid':
      return { ...open, ...action, step: 'paid' }
    case 'close':
      return { step: 'closed' }
  }
}

/** Whether pressing Pay would pay. */
export function canPay(state: PaywallState): boolean {
  if (state.step !== 'choosing' || state.isOffline || chosenUnits(state) === null) return false
  return needsNoCard(state) || state.card === 'ready'
}

/** Whether the dialog may be closed now, for whatever reason. */
export function canClose(state: PaywallState): boolean {
  return !isBusy(state) || (state.step === 'authenticating' && state.isLate === true)
}

/** Whether a payment is on its way. */
export function isBusy(state: PaywallState): boolean {
  return state.step === 'paying' || state.step === 'authenticating'
}

/** Whether the dialog, and not only the bar, is on the screen. */
export function isShown(state: PaywallState): state is ShownDialog {
  return state.step !== 'closed' && state.step !== 'noticed'
}

/** Whether the page behind is out of reach: not while a bar asks, nor once it is paid. */
export function isModal(state: PaywallState): boolean {
  return isShown(state) && state.step !== 'paid'
}

/** Whether the card that a person gave was left alone, because its owner had credit. */
export function isUncharged(state: ShownDialog): boolean {
  return state.step === 'paid' && state.isCharged === false && state.offer.purpose === 'request'
}

/** Whether the balance pays: no card is asked for and nothing is bought. */
export function needsNoCard({ offer }: Pick<OpenDialog, 'offer'>): boolean {
  return offer.purpose === 'confirm'
}

/** The units that would be bought now, or `null` while the person's own amount is none that can be paid. */
export function chosenUnits({ amount, offer }: Pick<OpenDialog, 'amount' | 'offer'>): number | null {
  if (offer.purpose === 'confirm') return 0
  if (amount.kind === 'choice') return amount.units
  const units = chargeable(amount.units ?? 0, offer.currency)
  return !units || units < offer.minTopUp || units > (offer.maxTopUp ?? units) ? null : units
}

/** Whether a card form that was made for one offer serves the other. */
export function fitsCard(one: Offer, other: Offer): boolean {
  return one.publishableKey === other.publishableKey && one.currency === other.currency
}

function ask(
  state: PaywallState,
  { offer, problem, isQuiet = false }: Extract<PaywallAction, { type: 'ask' }>,
): PaywallState {
  const first: Amount = { kind: 'choice', units: offer.choices[0] ?? offer.minTopUp }
  const kept = state.step === 'closed' || state.step === 'paid' ? undefined : state
  const open: OpenDialog = {
    offer,
    amount: kept && isStillOffered(kept.amount, offer) ? kept.amount : first,
    card: kept && !kept.saved && fitsCard(kept.offer, offer) ? kept.card : 'loading',
    isOffline: kept?.isOffline ?? false,
    // A kept card that was just declined is not offered again: the form is there for another one.
    saved: undefined,
    keepsCard: kept?.keepsCard ?? false,
  }
  if (offer.choices.length === 0 && !needsNoCard({ offer }))
    return { ...open, step: 'failed', problem: { kind: 'unpayable' } }
  return { ...open, step: isQuiet && !kept ? 'noticed' : 'choosing', problem }
}

function isSilent(state: PaywallState): boolean {
  return state.step === 'unknown' && !state.isChecking
}

function isStillOffered(amount: Amount, offer: Offer): boolean {
  return amount.kind === 'own' || offer.choices.includes(amount.units)
}
