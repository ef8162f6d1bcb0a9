import type { Mutant } from './mutant.js'

const SERVER = 'packages/server/src'
const GATEWAY = `${SERVER}/stripe-gateway.ts`
const ADVANCE = `${SERVER}/top-up/advance-purchase.ts`
const EXPRESS = 'packages/express/src'
const CHARGING = [
  `${SERVER}/top-up/give-up.test.ts`,
  `${SERVER}/simulator/single-faults.test.ts`,
  `${SERVER}/simulator/interleavings.test.ts`,
  `${EXPRESS}/races.test.ts`,
  `${EXPRESS}/faults.test.ts`,
]

/** Breakages of the rules about charging: at most one charge, and never a wrong word about it. */
export const TOP_UP_MUTANTS: readonly Mutant[] = [
  {
    name: 'a key that changes with every call',
    rule: 'keys come from the purchase',
    file: GATEWAY,
    find: '\n    idempotencyKey: `',
    replace: '\n    idempotencyKey: Math.random() + `',
    tests: CHARGING,
  },
  {
    name: 'one key for every attempt',
    rule: 'keys come from the purchase',
    file: GATEWAY,
    find: '{purchase.attempt}:',
    replace: '{purchase.currency}:',
    tests: CHARGING,
  },
  {
    name: 'keys that never grow old',
    rule: 'keys come from the purchase',
    file: ADVANCE,
    find: 'purchase.nowMs - purchase.updatedAtMs > KEY_LIFE_MS',
    replace: 'purchase.nowMs - purchase.updatedAtMs > Number.MAX_VALUE',
    tests: CHARGING,
  },
  {
    name: 'Stripe is asked for what this request wants',
    rule: 'frozen parameters',
    file: `${SERVER}/top-up/top-up.ts`,
    find: "carryOn(context, prepared.purchase, 'begin')",
    replace: "carryOn(context, { ...prepared.purchase, minor: prepared.purchase.minor + 1 }, 'begin')",
    tests: CHARGING,
  },
  {
    name: 'a PaymentIntent that does not say whose it is',
    rule: 'self-describing PaymentIntents',
    file: GATEWAY,
    find: '    clientId: purchase.clientId,\n    purchaseId: purchase.purchaseId,\n    attempt',
    replace: "    clientId: '',\n    purchaseId: purchase.purchaseId,\n    attempt",
    tests: CHARGING,
  },
  {
    name: 'no answer counts as a no',
    rule: 'unknown is a state',
    file: ADVANCE,
    find: "if (confirmed.type !== 'refused') return pendingBecause(context, purchase, confirmed)",
    replace: "if (confirmed.type !== 'refused') return fail(context, purchase, { error: 'payment_failed' })",
    tests: CHARGING,
  },
  {
    name: 'a fault after the charge says that nothing was charged',
    rule: 'unknown is a state',
    file: `${SERVER}/top-up/or-else.ts`,
    find: 'return pending()',
    replace: 'return unavailable()',
    tests: CHARGING,
  },
  {
    name: 'a purchase is called failed without being cancelled',
    rule: 'poison before giving up',
    file: ADVANCE,
    find: 'const cancelled = await context.gateway.cancelIntent(intent.id)',
    replace:
      "const cancelled = await Promise.resolve({ type: 'intent' as const, intent: { ...intent, status: 'canceled' as const } })",
    tests: CHARGING,
  },
  {
    name: 'an intent without an id is not looked for',
    rule: 'poison before giving up',
    file: ADVANCE,
    find: 'return search.intent\n    ?',
    replace: 'return search.intent && purchase.attempt < 0\n    ?',
    tests: CHARGING,
  },
  {
    name: 'a purchase that the store forgot is not cancelled before a no',
    rule: 'poison before giving up',
    file: `${SERVER}/top-up/top-up.ts`,
    find: 'found = await gateway.cancelIntent(found.intent.id)',
    replace: 'found = await gateway.retrieveIntent(found.intent.id)',
    tests: CHARGING,
  },
  {
    name: 'whatever Stripe says is credited',
    rule: 'one credit function',
    file: `${SERVER}/top-up/credit-intent.ts`,
    find: " || intent.status !== 'succeeded'",
    replace: '',
    tests: CHARGING,
  },
  {
    name: 'an open top-up does not make others wait',
    rule: 'one open top-up per account and currency',
    file: `${SERVER}/top-up/top-up.ts`,
    find: 'const prepared = await store.prepareTopUp(terms, hold)',
    replace:
      "const found = await store.prepareTopUp(terms, hold)\n    const prepared = found.type === 'busy' ? { ...found, type: 'prepared' as const } : found",
    tests: CHARGING,
  },
  {
    name: 'the balance is not asked again before a top-up',
    rule: 'one open top-up per account and currency',
    file: `${SERVER}/top-up/top-up.ts`,
    find: 'store.prepareTopUp(terms, hold)',
    replace: 'store.prepareTopUp(terms, null)',
    tests: CHARGING,
  },
  {
    name: 'the id is not stored before the confirmation',
    rule: 'two steps at Stripe',
    file: ADVANCE,
    find: 'const saved = await settings.store.saveIntent(purchase, created.intent.id)',
    replace:
      "const saved = { ...purchase, status: 'intent_saved' as const, paymentIntentId: created.intent.id }",
    tests: CHARGING,
  },
  {
    name: 'the sweeper confirms what nobody asks for any more',
    rule: 'the sweeper cancels rather than confirms',
    file: `${SERVER}/sweep.ts`,
    find: "advancePurchase(context, purchase, 'cancel')",
    replace: "advancePurchase(context, purchase, 'resume')",
    tests: CHARGING,
  },
  {
    name: 'a webhook is believed',
    rule: 'a webhook is a hint',
    file: `${SERVER}/endpoints/webhook.ts`,
    find: `event = stripe.webhooks.constructEvent(
      Buffer.from(rawBody),
      signature ?? '',
      webhookSecret,
      TOLERANCE_S,
      undefined,
      runtime.now(),
    )`,
    replace: 'event = JSON.parse(Buffer.from(rawBody).toString())',
    tests: [`${EXPRESS}/webhook.test.ts`],
  },
]
