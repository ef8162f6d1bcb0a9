import type { AccountKey, AuditBreak } from '../store.js'
import { type AccountAtStripe, isDisputed, type StripeBook, sumsOf } from './stripe-book.js'

/** Whether the sums of an account are the same here and at Stripe. */
export function agrees(
  stripe: AccountAtStripe | undefined,
  { credited, debited }: { credited: number; debited: number },
): boolean {
  const { charged, back } = stripe ? sumsOf(stripe) : { charged: 0, back: 0 }
  return charged === credited && back === debited
}

/** Whether an account is frozen here while a dispute is open at Stripe, and only then. */
export function isFrozenAlike(
  stripe: AccountAtStripe | undefined,
  { disputed }: { disputed: boolean },
): boolean {
  const isOpen = stripe ? isDisputed(stripe) : false
  return isOpen === null || isOpen === disputed
}

/** What is wrong with an account that does not. */
export function differences(
  key: AccountKey,
  stripe: AccountAtStripe | undefined,
  here: { credited: number; debited: number; disputed: boolean; payments: readonly string[] },
): AuditBreak[] {
  const { charged, back } = stripe ? sumsOf(stripe) : { charged: 0, back: 0 }
  const breaks: AuditBreak[] = []
  const found = (rule: AuditBreak['rule'], detail: string): void => {
    breaks.push({ rule, account: { clientId: key.clientId, currency: key.currency }, detail })
  }
  const atStripe = [...(stripe?.payments.keys() ?? [])]
  const missing = atStripe.filter((id) => !here.payments.includes(id))
  const unknown = here.payments.filter((id) => !atStripe.includes(id))
  if (charged > here.credited)
    found('charged_not_credited', `charged ${charged}, credited ${here.credited}${listed(missing)}`)
  if (charged < here.credited)
    found(
      'credited_not_charged',
      `credited ${here.credited}, charged ${charged}${listed(unknown)}; were the keys or SERVER_SECRET changed?`,
    )
  if (back !== here.debited)
    found(
      'debited_differently',
      `refunded and disputed ${back}, debited ${here.debited}${listed([...(stripe?.debits.keys() ?? [])])}`,
    )
  // A dispute that is not written down at all is told once.
  else if (!isFrozenAlike(stripe, here)) {
    const where = here.disputed ? 'frozen here, by no open dispute' : 'not frozen here, by an open dispute'
    found('frozen_differently', where)
  }
  return breaks
}

/** Purchases that two payments stand for, neither of which went back. */
export function paidTwice(book: StripeBook): AuditBreak[] {
  const purchases = new Map<string, { key: AccountKey; id: string }[]>()
  for (const { key, payments, debits } of book.values())
    for (const [id, { units, purchaseId }] of payments) {
      const back = [...debits.values()]
        .filter(({ paymentIntentId }) => paymentIntentId === id)
        .reduce((sum, debit) => sum + debit.units, 0)
      if (units > back) purchases.set(purchaseId, [...(purchases.get(purchaseId) ?? []), { key, id }])
    }
  return [...purchases].flatMap(([purchaseId, kept]) => {
    const [first] = kept
    if (!first || kept.length < 2) return []
    const detail = `purchase ${purchaseId}${listed(kept.map(({ id }) => id))}`
    return [{ rule: 'paid_twice' as const, account: first.key, detail }]
  })
}

const MOST_LISTED = 10

function listed(ids: readonly string[]): string {
  if (ids.length === 0) return ''
  const more = ids.length > MOST_LISTED ? ` and ${ids.length - MOST_LISTED} more` : ''
  return ` (${ids.slice(0, MOST_LISTED).join(', ')}${more})`
}
