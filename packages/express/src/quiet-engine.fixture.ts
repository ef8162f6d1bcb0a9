import { createStripe402, MemoryStore, type Stripe402, type Stripe402Options } from '@stripe402/server'

/** An engine whose Stripe is never reached, that sweeps nothing and says nothing: for what is decided before a card matters. */
export function quietEngine(options: Partial<Stripe402Options> = {}): Stripe402 {
  return createStripe402({
    stripe: { secretKey: 'sk_test_local', apiBase: 'http://127.0.0.1:9' },
    publishableKey: 'pk_test_local',
    secret: 'the shop secret of thirty-two bytes',
    store: new MemoryStore(),
    sweepEveryMs: 0,
    logger: { warn() {}, error() {} },
    ...options,
  })
}
