import type { Context } from '../context.js'
import { createContext } from '../create-context.js'
import { answerWebhook } from '../endpoints/webhook.js'
import type { PaidRequest } from '../paid-request.js'
import { reconcile } from '../reconcile/reconcile.js'
import type { Settings } from '../settings.js'
import { type Resource, serve } from './adapter.js'
import { type Connection, NetworkError, openConnection, type Reply } from './connection.js'
import type { Disk } from './disk.js'
import type { Judge } from './judge.js'
import type { Life, Seam } from './seam.js'
import { storeFor } from './store-model.js'
import type { StripeModel } from './stripe-model.js'
import type { SweepClock } from './sweep-clock.js'
import type { Timeline } from './timeline.js'

/** A server process that can crash and comes back by itself. */
export interface SimulatedServer {
  readonly name: string
  /** A client's request. Rejects with a `NetworkError` when no answer comes, with a `LeftError` when nobody waits. */
  request(request: PaidRequest): Promise<Reply>
  /** Stripe's delivery of an event; rejects when no answer comes. */
  webhook(rawBody: string, signature: string, dropped: () => void): Promise<number>
  /** The seller compares the store with Stripe; rejects when that could not be finished. */
  reconcile(): Promise<void>
}

/** What a server is made of. */
export interface ServerParts {
  name: string
  /** How far its clock is from the right time. */
  skewMs: number
  settings: Settings
  disk: Disk
  /** The store loses so many of its last writes. */
  lose(writes: number): void
  stripe: StripeModel
  seam: Seam
  timeline: Timeline
  sweeps: SweepClock
  judge: Judge
  newId(): string
  /** The paid resource at a URL; null for the top-up endpoint. */
  resource(url: string, context: Context): Resource | null
  troubleUntil(atMs: number): void
}

interface Running {
  life: Life
  context: Context
  /** What to do for everybody who waits, should it crash. */
  waiting: Set<() => void>
  /** Answers that stand and are not captured yet. */
  uncaptured: Set<object>
}

const RESTART_MS = 1500
const CAPTURE_FAILED = 'stripe402: capture failed'

/** Starts a server. */
export function startServer(parts: ServerParts): SimulatedServer {
  const { name, timeline, seam, judge } = parts
  let current: Running | null = boot()

  function boot(): Running {
    const running = { waiting: new Set<() => void>(), uncaptured: new Set<object>() }
    const life: Life = { name, isOver: false, crash: () => crash({ ...running, life }) }
    const settings: Settings = {
      ...parts.settings,
      store: storeFor({ ...parts, life, written: judge.written }),
      runtime: runtimeOf(life),
      // Not by onEvent: digests for thousands of events that nobody reads take their time.
      logger: {
        warn() {},
        error(message) {
          if (message.startsWith(CAPTURE_FAILED)) judge.mayLose(1)
        },
      },
    }
    const { context } = createContext(settings, parts.stripe.apiFor(life))
    // At boot, as a seller should; when the store is down, the first request tries again.
    context.start().catch(() => {})
    return { ...running, life, context }
  }

  function crash({ life, waiting, uncaptured }: Omit<Running, 'context'>): void {
    if (life.isOver) return
    life.isOver = true
    current = null
    judge.mayLose(uncaptured.size)
    for (const disappoint of waiting) disappoint()
    parts.troubleUntil(timeline.nowMs() + RESTART_MS)
    timeline.after(RESTART_MS, () => {
      current = boot()
    })
  }

  function runtimeOf(life: Life): Settings['runtime'] {
    const whileAlive = (task: () => void) => () => {
      if (!life.isOver) task()
    }
    return {
      now: () => timeline.nowMs() + parts.skewMs,
      sleep: (ms) =>
        new Promise((resolve) => {
          timeline.after(ms, whileAlive(resolve))
        }),
      after: (ms, task) => timeline.after(ms, whileAlive(task)),
      every: (ms, task) => {
        const stop = parts.sweeps.every(ms, () => {
          if (life.isOver) stop()
          else task()
        })
        return stop
      },
      randomUUID: parts.newId,
    }
  }

  function receive(request: PaidRequest, connection: Connection): void {
    const running = current
    if (running === null) throw new NetworkError('refused')
    const { context, waiting, uncaptured, life } = running
    waiting.add(() => connection.close())
    judge.asked(request)
    const send = (reply: Reply): void => {
      if (life.isOver) return
      judge.answered(request, reply)
      const sent = seam.cross({
        door: 'reply',
        name: String(reply.status),
        life,
        perform: () => {},
        broken: lost,
      })
      sent.then(
        () => connection.deliver(reply),
        () => connection.close(),
      )
    }
    const served = (charged: number): (() => void) => {
      const capture = {}
      uncaptured.add(capture)
      judge.served(request, charged)
      return () => void uncaptured.delete(capture)
    }
    const resource = parts.resource(request.url, context)
    serve({ context, resource, served }, { request, connection }, send).catch((error) =>
      judge.violate('defect', String(error)),
    )
  }

  function request(asked: PaidRequest): Promise<Reply> {
    const { connection, reply } = openConnection()
    const sent = seam.cross({
      door: 'request',
      name: `${asked.method} ${asked.url}`,
      life: null,
      crash: () => current?.life.crash(),
      perform: () => receive(asked, connection),
      broken: lost,
      leave: (afterMs) => timeline.after(afterMs, () => connection.close('left')),
    })
    return sent.then(() => reply)
  }

  function webhook(rawBody: string, signature: string, dropped: () => void): Promise<number> {
    return seam.cross({
      door: 'webhook',
      name: 'event',
      life: null,
      crash: () => current?.life.crash(),
      perform: async () => {
        const running = current
        if (running === null) throw lost()
        return new Promise<number>((resolve, reject) => {
          running.waiting.add(() => reject(lost()))
          const { context } = running
          context
            .start()
            .then(() => answerWebhook(context, rawBody, signature))
            .then(({ status }) => resolve(status), reject)
        })
      },
      broken: lost,
      leave: dropped,
    })
  }

  async function reconcileNow(): Promise<void> {
    const running = current
    if (running === null) throw lost()
    await new Promise((resolve, reject) => {
      running.waiting.add(() => reject(lost()))
      reconcile(running.context).then(resolve, reject)
    })
  }

  return { name, request, webhook, reconcile: reconcileNow }
}

function lost(): NetworkError {
  return new NetworkError('no answer')
}
