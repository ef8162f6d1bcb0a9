import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPurchaseId, isRequestId, minorToUnits, type PurchaseId } from '@stripe402/core'
import { type StripeLocalServer, startStripeLocal } from '@stripe402/stripe-local'
import { deriveClientId } from '../client-id.js'
import { createStripe402 } from '../create-stripe402.js'
import type { Store } from '../store.js'
import { type Journey, PRICE_UNITS, type StoreAddress, TOP_UP_UNITS, type Visit } from './job.fixture.js'
import { type Fate, type Victims, victims } from './victims.fixture.js'

/** Who carries on after a kill: the client that asks again, or nobody but the sweeper. */
export type Rescue = 'client' | 'sweeper'

/** What a lane came to. */
export interface LaneReport {
  kills: number
  /** Names of the points that a process died at. */
  points: string[]
  /** From the kill to a reconciled account, at most. */
  slowestMs: number
}

/** One journey over one store, with a Stripe of its own. */
export interface Lane {
  journey: Journey
  rescue: Rescue
  file: string
  address: StoreAddress
  /** The same store, for looking on. */
  store: Store
}

/**
 * Long enough never to end between hold and capture on a busy machine; short where the sweeper waits for its end, who
 * takes any end; in between where a client waits for it, both of whose runs were killed.
 */
const HOLD_MS = { long: 60_000, between: 10_000, short: 700 }

/** Kills a process at each point of a journey, one after the other, and sees that everything is reconciled each time. */
export async function killAtEveryPoint(lane: Lane): Promise<LaneReport> {
  return inLane(lane, async ({ shop, report, process }) => {
    for (let killAt = 1; ; killAt += 1) {
      const visit = await newVisit(lane, shop, holdOnce(lane))
      const fate = await process.run({ task: 'visit', visit, killAt })
      if (fate.type === 'ended') return expectDone(shop, visit, fate.end.outcome)
      await rescue(lane, { shop, report, process }, { visit, fate })
    }
  })
}

/** The same, and whoever comes to the rescue is killed as well, at each of its points. */
export async function killTwice(lane: Lane & { firstKillAt: number }): Promise<LaneReport> {
  return inLane(lane, async (bench) => {
    const task = lane.rescue === 'client' ? 'visit' : 'sweep'
    for (let killAt = 1; ; killAt += 1) {
      const holdMs = lane.rescue === 'client' ? HOLD_MS.between : HOLD_MS.short
      const visit = await newVisit(lane, bench.shop, holdMs)
      const first = await bench.process.run({ task: 'visit', visit, killAt: lane.firstKillAt })
      if (first.type === 'ended') return
      bench.report.kills += 1
      const second = await bench.process.run({ task, visit, killAt })
      await rescue(lane, bench, { visit, fate: second, isSecond: true })
      if (second.type === 'ended') return
    }
  })
}

/** The same, but nobody comes to the rescue before the end: then a server of default settings, which nobody asks. */
export async function killAndWait(lane: Lane): Promise<LaneReport> {
  return inLane(lane, async ({ shop, report, process }) => {
    const visits: Visit[] = []
    for (let killAt = 1; ; killAt += 1) {
      const visit = await newVisit(lane, shop, holdOnce(lane))
      const fate = await process.run({ task: 'visit', visit, killAt })
      visits.push(visit)
      if (fate.type === 'ended') break
      report.kills += 1
      report.points.push(fate.point)
    }
    const killedAtMs = performance.now()
    const { keys } = shop.stripeLocal
    const server = createStripe402({
      stripe: { secretKey: keys.secretKey, apiBase: shop.url },
      publishableKey: keys.publishableKey,
      // One shop that has often changed its secret.
      secret: visits.map(({ secret }) => secret),
      store: lane.store,
      logger: { warn() {}, error() {} },
    })
    await server.start()
    while ((await lane.store.due({ idleMs: 0, limit: 1 })).length > 0 || (await heldIn(lane.store)) > 0)
      await sleep(100)
    report.slowestMs = performance.now() - killedAtMs
    await server.close()
    for (const visit of visits) await expectReconciled(lane, shop, visit)
  })
}

async function heldIn(store: Store): Promise<number> {
  const { totals } = await store.audit()
  return totals.usd?.held ?? 0
}

interface Bench {
  shop: StripeLocalServer
  report: LaneReport
  process: Victims
}

async function inLane(lane: Lane, run: (bench: Bench) => Promise<void>): Promise<LaneReport> {
  const shop = await startStripeLocal()
  const stripe = { url: shop.url, ...shop.stripeLocal.keys }
  const process = victims(lane.file, { store: lane.address, stripe })
  const report: LaneReport = { kills: 0, points: [], slowestMs: 0 }
  try {
    await run({ shop, report, process })
    await expectLaneSound(lane.store, shop)
    return report
  } finally {
    process.stop()
    await shop.close()
  }
}

async function rescue(
  lane: Lane,
  { shop, report, process }: Bench,
  { visit, fate, isSecond = false }: { visit: Visit; fate: Fate; isSecond?: boolean },
): Promise<void> {
  const killedAtMs = performance.now()
  if (fate.type === 'killed') {
    assert.equal(fate.signal, 'SIGKILL')
    report.kills += 1
    report.points.push(fate.point)
  }
  const where = `${lane.journey}, killed ${fate.type === 'killed' ? fate.point : 'once'}, then the ${lane.rescue}`
  try {
    if (lane.rescue === 'client') {
      const visited = await process.run({ task: 'visit', visit, killAt: 0 })
      assert(visited.type === 'ended')
      // The one run took the price and the other one the answer; that it was taken is seen below.
      const isUsedUp = isSecond && visited.end.outcome === 'invalid_payment'
      expectDone(shop, visit, isUsedUp ? 'served' : visited.end.outcome)
    }
    // Whoever has left may still say yes in their bank's app.
    else approveWaiting(shop)
    await process.run({ task: 'sweep', visit, killAt: 0 })
    await expectReconciled(lane, shop, visit)
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
  report.slowestMs = Math.max(report.slowestMs, performance.now() - killedAtMs)
}

function holdOnce({ journey, rescue }: Lane): number {
  // A run that was killed may still be going on, for all that its successor knows.
  return rescue === 'sweeper' || journey === 'failed handler' ? HOLD_MS.short : HOLD_MS.long
}

async function newVisit({ journey }: Lane, shop: StripeLocalServer, holdMs: number): Promise<Visit> {
  const requestId = randomUUID()
  assert(isRequestId(requestId))
  return {
    journey,
    secret: `the secret of a shop for ${randomUUID()}`,
    purchaseId: newPurchaseId(),
    earlierPurchaseId: newPurchaseId(),
    requestId,
    askingCard: await askingCard(shop),
    holdMs,
  }
}

async function askingCard({ url, stripeLocal }: StripeLocalServer): Promise<string> {
  const card = '&card[number]=4000002760003184&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123'
  const answer = await fetch(`${url}/v1/payment_methods`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stripeLocal.keys.publishableKey}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `type=card${card}`,
  })
  const { id }: { id: unknown } = JSON.parse(await answer.text())
  assert(typeof id === 'string')
  return id
}

function newPurchaseId(): PurchaseId {
  const id = randomUUID()
  assert(isPurchaseId(id))
  return id
}

function approveWaiting({ stripeLocal }: StripeLocalServer): void {
  for (const intent of stripeLocal.state.paymentIntents())
    if (intent.status === 'requires_action') stripeLocal.authenticate(intent.id, 'approve')
}

/** The client that asks again gets what it came for, and its card is charged once. */
function expectDone(shop: StripeLocalServer, visit: Visit, outcome: string): void {
  const expected = { 'top-up': 'paid', 'failed handler': 'released' } as const
  assert.equal(outcome, visit.journey in expected ? Reflect.get(expected, visit.journey) : 'served')
  assert.equal(chargesOf(shop, visit).length, 1)
}

function chargesOf(
  { stripeLocal }: StripeLocalServer,
  visit: Visit,
): { minor: number; fingerprint: string }[] {
  const ids: unknown[] = [visit.purchaseId, visit.earlierPurchaseId]
  return stripeLocal.state.paymentIntents().flatMap((intent) => {
    if (!ids.includes(intent.metadata.purchaseId)) return []
    assert(intent.status === 'succeeded' || intent.status === 'canceled', `an intent ${intent.status}`)
    if (intent.status === 'canceled') return []
    const charge = stripeLocal.state
      .charges()
      .find(({ payment_intent: of, paid }) => of === intent.id && paid)
    return {
      minor: intent.amount_received,
      fingerprint: charge?.payment_method_details?.card?.fingerprint ?? '',
    }
  })
}

/** Charged is credited, at most once per purchase; spent is the price, once or (when the client left) not at all. */
async function expectReconciled(lane: Lane, shop: StripeLocalServer, visit: Visit): Promise<void> {
  const charges = chargesOf(shop, visit)
  assert(charges.length <= 1, `${charges.length} charges`)
  const purchase = await lane.store.purchase(visit.purchaseId)
  assert(
    purchase === null || purchase.status === 'credited' || purchase.status === 'failed',
    purchase?.status,
  )
  const [charge] = charges
  if (!charge) return
  const key = { clientId: deriveClientId(charge.fingerprint, visit.secret), currency: 'usd' }
  const account = await lane.store.account(key)
  assert.equal(minorToUnits(charge.minor, 'usd'), TOP_UP_UNITS)
  const { credited, available, held, spent } = account
  assert.equal(credited, TOP_UP_UNITS)
  assert.equal(held, 0)
  const isSpending = visit.journey !== 'top-up' && visit.journey !== 'failed handler'
  const allowed = !isSpending ? [0] : lane.rescue === 'client' ? [PRICE_UNITS] : [0, PRICE_UNITS]
  assert(allowed.includes(spent), `spent ${spent}`)
  assert.equal(available, credited - spent)
}

async function expectLaneSound(store: Store, { stripeLocal }: StripeLocalServer): Promise<void> {
  const { breaks, totals } = await store.audit()
  assert.deepEqual(breaks, [])
  const charged = stripeLocal.state.charges().reduce((sum, { amount_captured: minor }) => sum + minor, 0)
  assert.equal(totals.usd?.credited ?? 0, minorToUnits(charged, 'usd'))
  assert.equal(totals.usd?.held ?? 0, 0)
}
