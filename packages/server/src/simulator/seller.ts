import { type PriceTag, priceTag } from '../price-tag.js'
import { resolveSettings, type Settings } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import type { Resource } from './adapter.js'
import { FORGET_CARD, TOP_UP } from './device-tab.js'
import type { Timeline } from './timeline.js'

/** Stripe signs webhooks with it. */
export const WEBHOOK_SECRET = 'whsec_simulated'

/** What every server of the simulated seller is set to; store, clock and timers are put in by each. */
export const SETTINGS: Settings = resolveSettings({
  stripe: { secretKey: 'sk_test_local' },
  publishableKey: 'pk_test_local',
  secret: 'the simulated secret of thirty-two bytes',
  store: new MemoryStore(),
  webhookSecret: WEBHOOK_SECRET,
  logger: { warn() {}, error() {} },
})

const PRICE_UNITS = 500
const AFTER: PriceTag = priceTag({ price: PRICE_UNITS, settle: 'after-response' }, SETTINGS)
const BEFORE: PriceTag = priceTag({ price: PRICE_UNITS, settle: 'before-response' }, SETTINGS)
const WORK_MS = 15
const SLOW_WORK_MS = 4000

/** The seller's pages, by the first part of their path; null for the engine's own endpoints. */
export function resourceAt(url: string, timeline: Timeline): Resource | null {
  if (url === TOP_UP || url === FORGET_CARD) return null
  const handler = async (): Promise<number> => {
    await timeline.sleep(url.startsWith('/slow/') ? SLOW_WORK_MS : WORK_MS)
    if (url.startsWith('/throws/')) throw new Error('the handler is broken')
    return url.startsWith('/fails/') ? 500 : 200
  }
  return { tag: url.startsWith('/before/') ? BEFORE : AFTER, handler }
}
