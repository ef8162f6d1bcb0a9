import type { Mutant } from './mutant.js'

const SERVER = 'packages/server/src'
const REFUNDS = ['refund-client', 'refund-order', 'interrupted-refund'].map(
  (subject) => `${SERVER}/refund/${subject}.test.ts`,
)
const DEBITS = `${SERVER}/debits`
const EVENTS = [
  `${DEBITS}/refund-debit.test.ts`,
  `${DEBITS}/dispute-debit.test.ts`,
  `${DEBITS}/six-events.test.ts`,
]
const AUDITS = [`${SERVER}/audit/audit.test.ts`]
const AUDIT_RULES = [`${SERVER}/store/audit-rules.test.ts`]
const RECONCILING = [`${SERVER}/reconcile/reconcile.test.ts`]

/** Breakages of what happens after the fact: money that goes back, stores that lost something, audits. */
export const AFTER_MUTANTS: readonly Mutant[] = [
  {
    name: 'a refund that failed stays taken',
    rule: 'a refund that fails gives the units back',
    file: `${DEBITS}/refund-debit.ts`,
    find: "new Set(['failed', 'canceled'])",
    replace: "new Set(['canceled'])",
    tests: EVENTS,
  },
  {
    name: 'an open dispute freezes nothing',
    rule: 'a frozen account spends nothing',
    file: `${DEBITS}/dispute-debit.ts`,
    find: 'freezes: stage === OPEN',
    replace: 'freezes: false',
    tests: EVENTS,
  },
  {
    name: 'a dispute of anybody freezes the account that was paid',
    rule: 'a card opens, and shuts, its own account alone',
    file: `${DEBITS}/record-debit.ts`,
    find: '  const freezes = await isPaidByOwner(context, intent, debit)\n',
    replace: '  const freezes = true\n',
    tests: [`${DEBITS}/strangers-dispute.test.ts`],
  },
  {
    name: 'the order of a dispute comes from its status alone',
    rule: 'merging is free of order',
    file: `${DEBITS}/dispute-debit.ts`,
    find: '(movementsOf(dispute)?.length ?? 0) * STAGES + stage',
    replace: 'stage',
    tests: EVENTS,
  },
  {
    name: 'an inquiry takes the money',
    rule: 'inquiries withdraw nothing',
    file: `${DEBITS}/dispute-debit.ts`,
    find: 'return Math.max(0, minor)',
    replace: 'return dispute.amount',
    tests: EVENTS,
  },
  {
    name: 'a refund under a key of chance',
    rule: 'keys come from the purchase',
    file: `${SERVER}/stripe-gateway.ts`,
    find: '{ ...options, idempotencyKey: `',
    replace: '{ ...options, idempotencyKey: Math.random() + `',
    tests: REFUNDS,
  },
  {
    name: 'units are free before the refund takes them',
    rule: 'what goes back cannot be spent',
    file: `${SERVER}/refund/refund-payment.ts`,
    find: '      await recordRefund(context, outcome.refund, part.intent)',
    replace:
      '      await store.release(hold)\n      await recordRefund(context, outcome.refund, part.intent)',
    tests: REFUNDS,
  },
  {
    name: 'a refund of unknown outcome is over',
    rule: 'unknown is a state',
    file: `${SERVER}/refund/refund-payment.ts`,
    find: "return { type: 'unknown', reason: 'no_answer' }",
    replace: "return { type: 'refused', reason: 'no_answer' }",
    tests: REFUNDS,
  },
  {
    name: 'the reconciler forgets disputes',
    rule: 'the reconciler repairs differences',
    file: `${SERVER}/reconcile/reconcile.ts`,
    find: 'for await (const { object, intent } of records.disputes(since.disputes))',
    replace: 'for await (const { object, intent } of records.disputes(Number.MAX_SAFE_INTEGER))',
    tests: RECONCILING,
  },
  {
    name: 'a rebuilt store opens before everything is back',
    rule: 'a blank store sells nothing',
    file: `${SERVER}/reconcile/reconcile.ts`,
    find: '  await compare(context, report, onProgress)',
    replace: '  if (isBlank) await store.open(state.dataId)\n  await compare(context, report, onProgress)',
    tests: RECONCILING,
  },
  {
    name: 'a store that lost its data sells on',
    rule: 'a blank store sells nothing',
    file: `${SERVER}/start-store.ts`,
    find: 'if (isMoneyTaken) throw new BlankStoreError()',
    replace: '',
    tests: [`${SERVER}/start-store.test.ts`],
  },
  {
    name: 'an audit does not compare with Stripe',
    rule: 'charged is credited',
    file: `${SERVER}/audit/compare.ts`,
    find: 'return charged === credited && back === debited',
    replace: 'return true',
    tests: AUDITS,
  },
  {
    name: 'an audit does not see a purchase that was paid twice',
    rule: 'no purchase was paid twice',
    file: `${SERVER}/audit/compare.ts`,
    find: 'if (!first || kept.length < 2) return []',
    replace: 'if (!first || kept.length < 3) return []',
    tests: AUDITS,
  },
  {
    name: 'an audit takes what went back for a payment',
    rule: 'no purchase was paid twice',
    file: `${SERVER}/audit/compare.ts`,
    find: 'if (units > back) purchases.set',
    replace: 'if (units > 0) purchases.set',
    tests: AUDITS,
  },
  {
    name: 'an audit does not see units that are held for ever',
    rule: 'no hold outlives its time',
    file: `${SERVER}/audit/overdue.ts`,
    find: 'if (overdueMs <= MOST_OVERDUE_MS) return null',
    replace: 'if (overdueMs <= Number.MAX_VALUE) return null',
    tests: AUDITS,
  },
  {
    name: 'an audit does not see a purchase that nobody finished',
    rule: 'no purchase is left open for a day',
    file: `${SERVER}/audit/overdue.ts`,
    find: 'store.due({ idleMs: MOST_OPEN_MS,',
    replace: 'store.due({ idleMs: Number.MAX_SAFE_INTEGER,',
    tests: AUDITS,
  },
  {
    name: 'an audit does not add up an account',
    rule: 'credited is available, held, spent and debited',
    file: `${SERVER}/store/audit-rules.ts`,
    find: 'if (credited - debited !== available + held + spent)',
    replace: 'if (Number.isNaN(credited))',
    tests: AUDIT_RULES,
  },
  {
    name: 'an audit does not see what is held for no request',
    rule: 'what is held belongs to requests that are under way',
    file: `${SERVER}/store/audit-rules.ts`,
    find: 'if (held !== audited.heldByOperations)',
    replace: 'if (Number.isNaN(held))',
    tests: AUDIT_RULES,
  },
  {
    name: 'an audit lets an account be below zero without a refund',
    rule: 'available is below zero only by refunds and disputes',
    file: `${SERVER}/store/audit-rules.ts`,
    find: 'if (available + debited < 0)',
    replace: 'if (available + credited < 0)',
    tests: AUDIT_RULES,
  },
]
