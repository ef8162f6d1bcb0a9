import type { Door, FaultKind } from './fault.js'
import type { Timeline } from './timeline.js'

/** One life of a process, from its start to its crash. */
export interface Life {
  readonly name: string
  isOver: boolean
  crash(): void
}

/** A passage through a door: the k-th of its run. */
export interface Passage {
  at: number
  door: Door
  name: string
}

/** What passes. */
export interface Crossing<T> {
  door: Door
  name: string
  /** Who asks; null for clients and Stripe, who do not crash. */
  life: Life | null
  /** Kills the process that this is about, when it is not the one that asks. */
  crash?(): void
  /** The effect. */
  perform(): T | Promise<T>
  /** The error of somebody who got no answer. `status` is Stripe's. */
  broken(status?: 409 | 429 | 500): Error
  /** Stripe fails, without or after the effect, and keeps its 500 under the key of the call. */
  failAtStripe?(when: 'before' | 'after'): void
  /** The store loses its last writes. */
  lose?(writes: number): void
  /** Whoever asked goes away. */
  leave?(afterMs: number): void
}

/** The only way from the engine to anything else. */
export interface Seam {
  cross<T>(crossing: Crossing<T>): Promise<T>
  /** Passages that have ended, one way or the other. */
  steps(): number
  passages(): readonly Passage[]
}

/** What a run decides about passages. */
export interface SeamRules {
  timeline: Timeline
  faultAt(passage: Passage): FaultKind | undefined
  latencyMs(door: Door): number
  /** Nothing can be expected to be in order before this moment. */
  troubleUntil(atMs: number): void
  trace(line: () => string): void
}

const SECOND_MS = 1000
const HOUR_MS = 3_600_000
/** Stripe's is longer than its idempotency keys live. */
const OUTAGE_MS: Readonly<Record<Door, number>> = {
  store: 20 * SECOND_MS,
  stripe: 30 * HOUR_MS,
  'stripe-read': 30 * HOUR_MS,
  request: 0,
  reply: 0,
  webhook: 0,
}
/** How long somebody waits for an answer that does not come. */
const TIMEOUT_MS = 20 * SECOND_MS
/** The effect of a call that was given up comes so much later. */
const LATE_MS = 6 * SECOND_MS
const STALL_MS = 70 * SECOND_MS
/** Amid a payment. */
const LEAVE_MS = 200
/** Longer than a hold lasts. */
const FREEZE_MS = 400 * SECOND_MS

/** A passage under way, and whoever waits for it. */
interface Pass<T> {
  crossing: Crossing<T>
  resolve(value: T): void
  reject(error: Error): void
}

/** Makes the seam of a run. */
export function createSeam(rules: SeamRules): Seam {
  const { timeline, trace } = rules
  const passages: Passage[] = []
  const downUntilMs: Partial<Record<Door, number>> = {}
  let steps = 0

  function isDown(door: Door): boolean {
    return (downUntilMs[door] ?? 0) > timeline.nowMs()
  }

  function goDown(door: Door): void {
    const untilMs = timeline.nowMs() + OUTAGE_MS[door]
    downUntilMs[door] = untilMs
    if (door === 'stripe') downUntilMs['stripe-read'] = untilMs
    if (door === 'stripe-read') downUntilMs.stripe = untilMs
    rules.troubleUntil(untilMs)
  }

  function cross<T>(crossing: Crossing<T>): Promise<T> {
    const { door, name, life } = crossing
    // What a dead process still computes reaches nobody.
    if (life?.isOver) return new Promise(() => {})
    const passage = { at: passages.length, door, name }
    passages.push(passage)
    const fault = rules.faultAt(passage)
    return new Promise((resolve, reject) => {
      const pass: Pass<T> = { crossing, resolve, reject }
      timeline.after(rules.latencyMs(door), () => {
        steps += 1
        trace(() => `${passage.at} ${life?.name ?? 'client'} ${door} ${name}${fault ? ` — ${fault}` : ''}`)
        if (fault) rules.troubleUntil(timeline.nowMs())
        if (isDown(door)) reject(crossing.broken())
        else if (fault) suffer[fault](pass)
        else succeed(pass, 0)
      })
    })
  }

  function succeed<T>({ crossing, resolve, reject }: Pass<T>, afterMs: number): void {
    const { life } = crossing
    const tell = (value: T): void => {
      if (!life?.isOver) resolve(value)
    }
    const answer = (value: T): void => {
      if (afterMs === 0) tell(value)
      else later(afterMs, () => tell(value))
    }
    const fail = (error: Error): void => {
      if (!life?.isOver) reject(error)
    }
    const effect = perform(crossing)
    if (effect instanceof Promise) effect.then(answer, fail)
    else answer(effect)
  }

  function later(ms: number, task: () => void): void {
    rules.troubleUntil(timeline.nowMs() + ms)
    timeline.after(ms, task)
  }

  function crash<T>({ crossing, reject }: Pass<T>): void {
    const { life, broken } = crossing
    if (life) life.crash()
    else {
      crossing.crash?.()
      reject(broken())
    }
  }

  function fail<T>({ crossing, reject }: Pass<T>, status?: 409 | 429 | 500): void {
    if (!crossing.life?.isOver) reject(crossing.broken(status))
  }

  function effectOnly<T>({ crossing }: Pass<T>): void {
    const effect = perform(crossing)
    if (effect instanceof Promise) effect.catch(() => {})
  }

  /** Each ends in an effect or none, and in an answer, an error or none. */
  const suffer: Readonly<Record<FaultKind, <T>(pass: Pass<T>) => void>> = {
    'crash-before': crash,
    'crash-after'(pass) {
      effectOnly(pass)
      crash(pass)
    },
    fail: (pass) => fail(pass),
    outage(pass) {
      goDown(pass.crossing.door)
      fail(pass)
    },
    lost(pass) {
      effectOnly(pass)
      if (pass.crossing.door === 'stripe') later(TIMEOUT_MS, () => fail(pass))
      else fail(pass)
    },
    late(pass) {
      later(TIMEOUT_MS, () => fail(pass))
      later(TIMEOUT_MS + LATE_MS, () => effectOnly(pass))
    },
    twice(pass) {
      effectOnly(pass)
      succeed(pass, 0)
    },
    stall: (pass) => succeed(pass, STALL_MS),
    freeze: (pass) => succeed(pass, FREEZE_MS),
    '500'(pass) {
      pass.crossing.failAtStripe?.('before')
      fail(pass, 500)
    },
    '500-after'(pass) {
      pass.crossing.failAtStripe?.('after')
      fail(pass, 500)
    },
    '409': (pass) => fail(pass, 409),
    '429': (pass) => fail(pass, 429),
    gone(pass) {
      pass.crossing.leave?.(0)
      succeed(pass, 0)
    },
    'gone-later'(pass) {
      pass.crossing.leave?.(LEAVE_MS)
      succeed(pass, 0)
    },
    wipe(pass) {
      pass.crossing.lose?.(Number.POSITIVE_INFINITY)
      fail(pass)
    },
    'lose-1'(pass) {
      pass.crossing.lose?.(1)
      fail(pass)
    },
    'lose-4'(pass) {
      pass.crossing.lose?.(4)
      fail(pass)
    },
    dropped(pass) {
      pass.crossing.leave?.(0)
      fail(pass)
    },
  }

  return { cross, steps: () => steps, passages: () => passages }
}

/** Promises only where there are some: every one of them is a turn of a queue that millions of steps go through. */
function perform<T>({ perform }: Crossing<T>): T | Promise<T> {
  try {
    return perform()
  } catch (error) {
    return Promise.reject(error)
  }
}
