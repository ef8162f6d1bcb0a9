import type { Mutant } from './mutant.js'

const SERVER = 'packages/server/src'
const EXPRESS = 'packages/express/src'
const SPENDING = [`${EXPRESS}/paying.test.ts`, `${EXPRESS}/settling.test.ts`, `${EXPRESS}/races.test.ts`]

/** Breakages of the path of one request: hold, handler, capture or release. */
export const REQUEST_MUTANTS: readonly Mutant[] = [
  {
    name: 'a request id means nothing',
    rule: 'every change carries an operation id',
    file: `${SERVER}/hold-credits.ts`,
    find: 'operationId: payment.requestId === undefined ? runId : operationOf(request, payment.requestId)',
    replace: 'operationId: runId',
    tests: SPENDING,
  },
  {
    name: 'one request id for any request',
    rule: 'every change carries an operation id',
    file: `${SERVER}/hold-credits.ts`,
    find: 'fingerprint ?? runId',
    replace: "fingerprint === undefined ? runId : 'any'",
    tests: SPENDING,
  },
  {
    name: 'a failed handler is paid',
    rule: 'not served, not captured',
    file: `${EXPRESS}/settlement.ts`,
    find: 'const isServed = Number(status) < 400',
    replace: 'const isServed = Number(status) < 600',
    tests: SPENDING,
  },
  {
    name: 'a served request is not paid',
    rule: 'served, captured once',
    file: `${EXPRESS}/settlement.ts`,
    find: "end(settlement, isServed ? 'capture' : 'release')",
    replace: "end(settlement, 'release')",
    tests: SPENDING,
  },
  {
    name: 'a client that has left pays',
    rule: 'not served, not captured',
    file: `${EXPRESS}/settlement.ts`,
    find: "response.headersSent && response.statusCode < 400 ? 'capture' : 'release'",
    replace: "'capture'",
    tests: SPENDING,
  },
  {
    name: 'the answer does not wait for its capture',
    rule: 'before-response captures before the first byte',
    file: `${EXPRESS}/settlement.ts`,
    find: 'holdUntil(captureAll(grants))',
    replace: '{\n    void captureAll(grants)\n    holdUntil(Promise.resolve(null))\n  }',
    tests: SPENDING,
  },
  {
    name: 'a batch of captures that failed is forgotten',
    rule: 'served, captured once',
    file: `${SERVER}/capture-queue.ts`,
    find: 'await store.capture(captures).catch(() => store.capture(captures))',
    replace: 'await store.capture(captures)',
    tests: [`${SERVER}/capture-queue.test.ts`],
  },
  {
    name: 'a store that lost its data says that no card is kept',
    rule: 'a blank store sells nothing',
    file: `${SERVER}/saved-card/kept-card.ts`,
    find: '  await requireOpen(context, payment.clientId)\n',
    replace: '',
    tests: [`${SERVER}/saved-card/charge-kept-card.test.ts`],
  },
  {
    name: 'a store that lost its data says that nobody ever bought anything',
    rule: 'a blank store sells nothing',
    file: `${SERVER}/endpoints/history.ts`,
    find: '  if (credited === 0) await requireOpen(context, clientId)\n',
    replace: '',
    tests: [`${SERVER}/endpoints/history.test.ts`],
  },
  {
    name: 'anybody buys under the Customer of a kept card',
    rule: 'a kept card is charged by its own device alone',
    file: `${SERVER}/saved-card/keep-card.ts`,
    find: 'isOwn ? await context.settings.store.savedCard(terms.clientId) : null',
    replace: 'await context.settings.store.savedCard(terms.clientId)',
    tests: [`${SERVER}/saved-card/strangers-customer.test.ts`],
  },
  {
    name: 'an issuer that accepts a card has confirmed its holder',
    rule: 'a card opens its own account alone',
    file: `${SERVER}/proof/bank-check.ts`,
    find: "verified.type === 'accepted' && isHolderConfirmed(verified.intent)",
    replace: "verified.type === 'accepted'",
    tests: [`${SERVER}/proof/takeover.test.ts`],
  },
  {
    name: 'a check that was passed with another card is as good',
    rule: 'a card opens its own account alone',
    file: `${SERVER}/proof/bank-check.ts`,
    find: 'card === null || !isHolder(account.clientId, card.fingerprint, context.settings.secrets)',
    replace: 'card === null',
    tests: [`${SERVER}/proof/takeover.test.ts`],
  },
  {
    name: 'whoever began a purchase that another card has paid is its buyer',
    rule: 'a card opens its own account alone',
    file: `${SERVER}/proof/right-to-spend.ts`,
    find: 'if (!isHolders) return (await provedRight(context, evidence, account)) ?? proofRequired()',
    replace: '',
    tests: [`${SERVER}/proof/takeover.test.ts`],
  },
]
