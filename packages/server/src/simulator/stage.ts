import type { PurchaseId, RequestId } from '@stripe402/core'
import type { StripeLocal } from '@stripe402/stripe-local'
import type { DeviceTab } from './device-tab.js'
import type { AtTheBank, Purse } from './purse.js'
import type { Random } from './random.js'
import type { Outcome, Tab } from './tab.js'
import type { Timeline } from './timeline.js'

/** What a scenario plays on. */
export interface Stage {
  timeline: Timeline
  random: Random
  local: StripeLocal
  openTab(): Tab
  openDeviceTab(): DeviceTab
  purse(cards: readonly string[], atTheBank?: AtTheBank): Purse
  newId(): string
  newPurchaseId(): PurchaseId
  newRequestId(): RequestId
  /** PaymentIntents that have succeeded, oldest first. */
  charged(): string[]
}

/** A story: who wants what. Every step in it may fail. */
export interface Scenario {
  name: string
  /** Cards may be charged so often, whatever goes wrong. */
  mostCharges: number
  /** How each visit ends when nothing goes wrong. */
  outcomes: readonly Outcome[]
  play(stage: Stage): Promise<Outcome>[]
  /** What must not be so at the end, once everybody has gone home and the store has lost nothing; null when all is well. */
  wrong?(stage: Stage, outcomes: readonly Outcome[]): string | null
}
