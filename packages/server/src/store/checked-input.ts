import { type ClientId, InvalidAmountError, isClientId, isPurchaseId } from '@stripe402/core'
import type {
  AccountKey,
  Capture,
  Credit,
  Debit,
  DueQuery,
  HoldReference,
  HoldRequest,
  JudgedPurchase,
  Mark,
  PurchaseReference,
  PurchaseTerms,
  SavedCard,
} from '../store.js'
import { InvalidInputError } from './store-error.js'

/** Longest id and fingerprint that a store keeps, in characters. */
const MAX_ID_LENGTH = 255
const MAX_RESOURCE_LENGTH = 200
/** Stripe's own limit. */
const MAX_DESCRIPTION_LENGTH = 1000
const MAX_PAGE = 1000

/**
 * Checks an account key.
 *
 * @throws {@link InvalidInputError} for anything but 64 hex digits and a lower-case currency code.
 */
export function checkAccountKey(key: AccountKey): void {
  checkClientId(key.clientId)
  if (!/^[a-z]{3}$/.test(key.currency))
    throw new InvalidInputError(`"${key.currency}" is not a lower-case ISO 4217 code.`)
}

/** Checks a client id. */
export function checkClientId(clientId: ClientId): void {
  if (!isClientId(clientId)) throw new InvalidInputError('clientId must be 64 lower-case hex digits.')
}

/** Checks a moment. */
export function checkTime(atMs: number): void {
  if (!Number.isSafeInteger(atMs) || atMs < 0)
    throw new InvalidInputError(`${atMs} is no moment in epoch milliseconds.`)
}

/** Checks a hold and shortens its resource to what the history keeps. */
export function checkHold(request: HoldRequest): HoldRequest {
  checkHoldReference(request)
  if (request.fingerprint !== request.operationId) checkId('fingerprint', request.fingerprint)
  checkUnits('units', request.units, 1)
  checkDuration('holdMs', request.holdMs)
  checkDuration('rememberMs', request.rememberMs)
  if (request.era !== undefined) checkUnits('era', request.era, 0)
  if (request.access) {
    checkId('access.resource', request.access.resource)
    checkDuration('access.durationMs', request.access.durationMs)
  }
  const { resource } = request
  if (resource.length <= MAX_RESOURCE_LENGTH && isPrintable(resource)) return request
  return { ...request, resource: printable(resource.slice(0, MAX_RESOURCE_LENGTH)) }
}

/** Checks what names one run of an operation. */
export function checkHoldReference(reference: HoldReference): void {
  checkAccountKey(reference)
  checkId('operationId', reference.operationId)
  // Most requests have one id for all of it.
  if (reference.runId !== reference.operationId) checkId('runId', reference.runId)
}

/** Checks a capture. */
export function checkCapture(capture: Capture): void {
  checkHoldReference(capture)
  checkUnits('units', capture.units, 0)
}

/** Checks a top-up and the hold that it is for. */
export function checkTopUp(terms: PurchaseTerms, request: HoldRequest | null): HoldRequest | null {
  checkTerms(terms)
  if (request === null) return null
  if (request.clientId !== terms.clientId || request.currency !== terms.currency)
    throw new InvalidInputError('A top-up and its hold must be of the same account.')
  return checkHold(request)
}

function checkTerms(terms: PurchaseTerms): void {
  checkAccountKey(terms)
  checkPurchaseId(terms.purchaseId)
  checkUnits('minor', terms.minor, 1)
  checkUnits('units', terms.units, 1)
  checkId('paymentMethodId', terms.paymentMethodId)
  if (terms.customerId !== null) checkId('customerId', terms.customerId)
  if (terms.keyThumbprint !== null) checkId('keyThumbprint', terms.keyThumbprint)
  checkId('issuer', terms.issuer)
  checkDescription(terms.description)
}

function checkDescription(text: string): void {
  if (text.length === 0 || text.length > MAX_DESCRIPTION_LENGTH || !isPrintable(text))
    throw new InvalidInputError(`description must have 1 to ${MAX_DESCRIPTION_LENGTH} printable characters.`)
}

/** Checks what names one attempt of a purchase. */
export function checkPurchaseReference(purchase: PurchaseReference): void {
  checkAccountKey(purchase)
  checkPurchaseId(purchase.purchaseId)
  checkUnits('attempt', purchase.attempt, 1)
}

/** Checks what names one attempt of a purchase and the PaymentIntent that it was judged by. */
export function checkJudgedPurchase(purchase: JudgedPurchase): void {
  checkPurchaseReference(purchase)
  if (purchase.paymentIntentId !== null) checkId('paymentIntentId', purchase.paymentIntentId)
}

/** Checks a credit. */
export function checkCredit(credit: Credit): void {
  checkAccountKey(credit)
  checkId('paymentIntentId', credit.paymentIntentId)
  checkUnits('units', credit.units, 1)
  if (credit.purchaseId !== null) checkPurchaseId(credit.purchaseId)
}

/** Checks a debit. */
export function checkDebit(debit: Debit): void {
  checkAccountKey(debit)
  checkId('debitId', debit.debitId)
  if (debit.hold) checkHoldReference({ ...debit, ...debit.hold })
  checkUnits('rank', debit.rank, 0)
  checkUnits('units', debit.units, 0)
}

/** How many devices of an account are remembered. */
export const MOST_KEYS = 20

/** Checks a key to be bound. */
export function checkKey(key: AccountKey, thumbprint: string): void {
  checkAccountKey(key)
  checkId('thumbprint', thumbprint)
}

/** Checks a card that is to be kept. */
export function checkCard(card: SavedCard): void {
  checkCardReference(card)
  checkId('customerId', card.customerId)
  checkId('brand', card.brand)
  checkId('last4', card.last4)
  checkUnits('expMonth', card.expMonth, 1)
  checkUnits('expYear', card.expYear, 1)
}

/** Checks what names the card of a client. */
export function checkCardReference(card: Pick<SavedCard, 'clientId' | 'paymentMethodId'>): void {
  checkClientId(card.clientId)
  checkId('paymentMethodId', card.paymentMethodId)
}

/** Checks a mark. */
export function checkMark(mark: Mark): void {
  checkId('name', mark.name)
  checkId('member', mark.member)
  checkUnits('most', mark.most, 0)
  checkDuration('windowMs', mark.windowMs)
}

/** Checks how many a caller wants at most. */
export function checkLimit(limit: number): void {
  checkUnits('limit', limit, 1)
}

/** Checks a page of history and keeps it at most 1000 lines. */
export function checkPageSize(limit: number): number {
  checkLimit(limit)
  return Math.min(limit, MAX_PAGE)
}

/** Checks a wish for a page of open purchases. */
export function checkDue({ idleMs, limit, after }: DueQuery): void {
  checkUnits('idleMs', idleMs, 0)
  checkLimit(limit)
  if (!after) return
  checkPurchaseReference(after)
  checkTime(after.updatedAtMs)
}

/** Checks an id that a store uses in a key or keeps in a row. */
export function checkId(name: string, id: string): void {
  if (id.length === 0 || id.length > MAX_ID_LENGTH || !isPrintable(id))
    throw new InvalidInputError(`${name} must have 1 to ${MAX_ID_LENGTH} printable characters.`)
}

/**
 * A sum that a store is about to keep.
 *
 * @throws {@link InvalidAmountError} when it is no longer an exact integer.
 */
export function checkSum(name: string, sum: number): void {
  if (!Number.isSafeInteger(sum)) throw unsafeSum(name)
}

/** The refusal of a sum beyond 2^53 - 1. */
export function unsafeSum(name: string): InvalidAmountError {
  return new InvalidAmountError(`${name} would pass 2^53 - 1 units and lose precision; nothing was written.`)
}

function checkPurchaseId(purchaseId: string): void {
  if (!isPurchaseId(purchaseId)) throw new InvalidInputError('purchaseId must be a lower-case UUID.')
}

function checkUnits(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidAmountError(`${name} is ${value}: use a whole number from ${least} to 2^53 - 1.`)
}

function checkDuration(name: string, value: number): void {
  // Ten years keep sums of time far inside exact integers.
  if (!Number.isSafeInteger(value) || value < 1 || value > 10 * 366 * 86_400_000)
    throw new InvalidInputError(`${name} is ${value}: use whole milliseconds from 1 to ten years.`)
}

/** A control character ends a text in PostgreSQL, and half a surrogate pair is no text in UTF-8 and JSON. */
function isPrintable(text: string): boolean {
  // Nearly every text is ASCII, which takes no look at Unicode.
  return /^[ -~]*$/.test(text) || !/\p{Cc}|\p{Cs}/u.test(text)
}

/** The text as a store can keep it. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cs}/gu, '\ufffd')
}
