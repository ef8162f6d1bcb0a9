import { accountFetch } from './account-fetch.js'
import { hasKey, type Keeper } from './evidence.js'

/** A card that the seller keeps for this person: enough to know it by. */
export interface SavedCard {
  /** As Stripe names it, such as `visa`. */
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
}

/** Whose card is asked for. */
export interface CardOwner extends Keeper {
  readonly origin: string
  readonly currency: string
}

/**
 * The card that a seller keeps for the account that is known there. `null`: none, or nobody could be asked, and never asked
 * without a key, for then nobody could charge it.
 */
export async function savedCardOf({ origin, currency, ...keeper }: CardOwner): Promise<SavedCard | null> {
  try {
    if (!(await hasKey(keeper, origin))) return null
    const response = await accountFetch(
      `${origin}/.well-known/stripe402/balance`,
      {},
      { currency, ...keeper },
    )
    return response?.ok ? cardIn(await response.json()) : null
  } catch {
    // Offline, or not a server of ours: the card is entered.
    return null
  }
}

/**
 * Has the seller forget the kept card, so that nobody can charge it any more. False when it did not.
 *
 * @throws TypeError when the seller cannot be reached.
 */
export async function forgetCard(
  origin: string,
  currency: string,
  keeper: Partial<Keeper> = {},
): Promise<boolean> {
  const url = `${origin}/.well-known/stripe402/forget-card`
  return (await accountFetch(url, { method: 'POST' }, { ...keeper, currency }))?.ok ?? false
}

function cardIn(answer: unknown): SavedCard | null {
  const card = membersOf(membersOf(answer).savedCard)
  const { brand, last4, expMonth, expYear } = card
  if (typeof brand !== 'string' || typeof last4 !== 'string' || !/^[\w ]{1,40}$/.test(brand)) return null
  if (!/^\d{4}$/.test(last4) || typeof expMonth !== 'number' || typeof expYear !== 'number') return null
  return { brand, last4, expMonth, expYear }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
