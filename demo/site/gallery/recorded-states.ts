import type { PaywallAction, Problem, Recording } from '@stripe402/paywall/preview'
import { challengeWith, DEAR, HOSTILE, TOP_UP } from './recorded-challenges.js'

/** One picture of the gallery. */
export interface RecordedState extends Omit<Recording, 'origin'> {
  /** Kebab-case; names the picture in addresses, tests and files. */
  id: string
  title: string
}

const ready: PaywallAction = { type: 'card', card: 'ready' }
const pay: PaywallAction = { type: 'pay' }
const paying = [ready, pay] as const
const first = challengeWith()
const poor = challengeWith({ balance: 300 })
const keeping = challengeWith({ canSaveCard: true })
const kept: PaywallAction = {
  type: 'keep',
  change: { saved: { brand: 'visa', last4: '4242', expMonth: 3, expYear: 2034 }, card: 'ready' },
}

const paidByCard: PaywallAction = {
  type: 'paid',
  left: 49_500,
  isCharged: true,
  chargedCard: { brand: 'visa', last4: '4242' },
}

function refused(id: string, title: string, problem: Problem): RecordedState {
  return { id, title, challenge: first, actions: [...paying, { type: 'refuse', problem }] }
}

function declined(code: string, title: string): RecordedState {
  return refused(`declined-${code.replaceAll('_', '-')}`, title, { kind: 'declined', code })
}

function failed(
  kind: 'rate-limited' | 'unavailable' | 'offline' | 'frozen' | 'seller-at-fault' | 'other-problem',
  title: string,
): RecordedState {
  return {
    id: `failed-${kind}`,
    title,
    challenge: first,
    actions: [...paying, { type: 'fail', problem: { kind } }],
  }
}

/** What the dialog shows, from the first question to every end. */
export const DIALOGS: readonly RecordedState[] = [
  { id: 'first-payment', title: 'The first payment', challenge: first, actions: [ready] },
  { id: 'card-loading', title: 'The card form is on its way', challenge: first },
  {
    id: 'own-amount',
    title: 'An amount of one’s own',
    challenge: first,
    actions: [ready, { type: 'choose', amount: { kind: 'own', text: '7.50', units: 75_000 } }],
  },
  {
    id: 'own-amount-wrong',
    title: 'An amount that is too much',
    challenge: first,
    actions: [ready, { type: 'choose', amount: { kind: 'own', text: '7500', units: 75_000_000 } }],
  },
  {
    id: 'own-amount-small',
    title: 'An amount that is too little',
    challenge: first,
    actions: [ready, { type: 'choose', amount: { kind: 'own', text: '0.10', units: 1000, isDone: true } }],
  },
  { id: 'low-balance', title: 'A balance that is too low', challenge: poor, actions: [ready] },
  {
    id: 'confirm',
    title: 'Credit covers it; the price is high enough to ask',
    challenge: DEAR,
    balance: 80_000,
    isConfirmation: true,
  },
  { id: 'top-up', title: 'Credit for its own sake', challenge: TOP_UP, balance: 12_300, actions: [ready] },
  {
    id: 'keep-card',
    title: 'A card that shall be kept',
    challenge: keeping,
    actions: [ready, { type: 'keep', change: { keepsCard: true } }],
  },
  { id: 'kept-card', title: 'A card that is kept', challenge: keeping, balance: 300, actions: [kept] },
  {
    id: 'kept-card-paying',
    title: 'A kept card that pays',
    challenge: keeping,
    balance: 300,
    actions: [kept, pay],
  },
  {
    id: 'card-forgotten',
    title: 'A kept card that is forgotten',
    challenge: keeping,
    balance: 300,
    isForgotten: true,
    actions: [ready],
  },
  { id: 'paying', title: 'Paying', challenge: first, actions: paying },
  {
    id: 'bank-check',
    title: 'The bank asks',
    challenge: first,
    actions: [...paying, { type: 'authenticate', isFree: false }],
  },
  {
    id: 'bank-check-free',
    title: 'The bank asks, and the balance pays',
    challenge: first,
    actions: [...paying, { type: 'authenticate', isFree: true }],
  },
  {
    id: 'bank-check-late',
    title: 'The bank takes its time, and the person may leave',
    challenge: first,
    actions: [...paying, { type: 'authenticate', isFree: false }, { type: 'late' }],
  },
  refused('incomplete', 'Something is missing in the card form', { kind: 'incomplete' }),
  declined('generic_decline', 'Declined'),
  declined('insufficient_funds', 'Too little money'),
  declined('incorrect_cvc', 'Wrong security code'),
  declined('expired_card', 'Expired'),
  declined('incorrect_zip', 'Wrong postal code'),
  declined('card_velocity_exceeded', 'Limit reached'),
  declined('stolen_card', 'A reason that is not told'),
  refused('authentication-failed', 'The bank got no confirmation', { kind: 'authentication-failed' }),
  refused('amount-refused', 'An amount that the server refused', { kind: 'amount-refused' }),
  {
    id: 'offline',
    title: 'Offline',
    challenge: first,
    actions: [ready, { type: 'connection', isOffline: true }],
  },
  {
    id: 'stripe-blocked',
    title: 'Stripe is held back',
    challenge: first,
    actions: [{ type: 'card', card: 'blocked' }],
  },
  failed('rate-limited', 'Too many attempts'),
  failed('unavailable', 'The server cannot take payments'),
  failed('offline', 'The answer was lost'),
  failed('frozen', 'An account on hold'),
  failed('seller-at-fault', 'The seller’s keys or account'),
  failed('other-problem', 'Something else'),
  { id: 'unknown', title: 'Nobody knows yet', challenge: first, actions: [...paying, { type: 'pending' }] },
  {
    id: 'still-unknown',
    title: 'Nobody knows, and nobody asks',
    challenge: first,
    actions: [...paying, { type: 'pending' }, { type: 'silence' }],
  },
  {
    id: 'paid',
    title: 'Paid',
    challenge: first,
    actions: [...paying, { type: 'paid', left: 49_500, isCharged: true }],
  },
  {
    id: 'paid-by-card',
    title: 'Paid, and with which card',
    challenge: first,
    actions: [...paying, paidByCard],
  },
  {
    id: 'paid-from-balance',
    title: 'Paid, and the card was not charged',
    challenge: first,
    actions: [...paying, { type: 'paid', left: 12_300, isCharged: false }],
  },
]

/** What stands in the page instead of in front of it. */
export const IN_PAGE: readonly RecordedState[] = [
  { id: 'bar', title: 'The bar, for what nobody clicked for', challenge: first, isQuiet: true },
  { id: 'elsewhere', title: 'Paying in another tab', challenge: first, isElsewhere: true },
  {
    id: 'top-up-failed',
    title: 'A top-up that could not be asked for',
    challenge: first,
    topUpFailure: 'unavailable',
  },
  { id: 'top-up-unknown', title: 'A top-up that nobody knows of', challenge: first, topUpFailure: 'unknown' },
  { id: 'inline-loading', title: 'Inline: asking', challenge: first, inline: 'loading' },
  { id: 'inline-locked', title: 'Inline: locked', challenge: first, inline: 'locked' },
  { id: 'inline-unlocking', title: 'Inline: the person pays', challenge: first, inline: 'unlocking' },
  {
    id: 'inline-paid-not-loaded',
    title: 'Inline: paid, and not loaded',
    challenge: first,
    inline: 'failed',
    isPaid: true,
  },
  { id: 'inline-failed', title: 'Inline: it could not be loaded', challenge: first, inline: 'failed' },
]

/** The form as a part of a page of its own. */
export const PAGES: readonly RecordedState[] = [
  {
    id: 'page',
    title: 'A page that is itself paid for',
    challenge: first,
    isInPlace: true,
    actions: [ready],
  },
  {
    id: 'page-failed',
    title: 'The same, after a failure',
    challenge: challengeWith({ payee: { name: 'Fjord Tides' } }),
    isInPlace: true,
    actions: [...paying, { type: 'fail', problem: { kind: 'unavailable' } }],
  },
  {
    id: 'page-unknown',
    title: 'The same, while nobody knows',
    challenge: challengeWith({ payee: { name: 'Aurora Maps' } }),
    isInPlace: true,
    actions: [...paying, { type: 'pending' }],
  },
  {
    id: 'page-paid',
    title: 'The same, paid',
    challenge: challengeWith({ payee: { name: 'Polar Press' } }),
    isInPlace: true,
    actions: [...paying, paidByCard],
  },
]

/** Texts, currencies and amounts that nobody should send. */
export const ODDITIES: readonly RecordedState[] = [
  { id: 'odd-markup', title: 'Markup', challenge: HOSTILE.markup, actions: [ready] },
  { id: 'odd-long', title: 'Ten thousand characters', challenge: HOSTILE.long, actions: [ready] },
  {
    id: 'odd-one-word',
    title: 'Ten thousand characters without a space',
    challenge: HOSTILE.oneWord,
    actions: [ready],
  },
  { id: 'odd-emoji', title: 'Emoji, and text from the right', challenge: HOSTILE.emoji, actions: [ready] },
  {
    id: 'odd-currency',
    title: 'A currency that nobody knows',
    challenge: HOSTILE.currency,
    actions: [ready],
  },
  { id: 'odd-amounts', title: 'Absurd amounts', challenge: HOSTILE.absurd, actions: [ready] },
  {
    id: 'odd-beyond',
    title: 'A price beyond what Stripe takes',
    challenge: HOSTILE.beyond,
    actions: [ready],
  },
  { id: 'odd-bare', title: 'Everything optional left out', challenge: HOSTILE.bare, actions: [ready] },
]
