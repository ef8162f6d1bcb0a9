import { type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel'
import { Server } from 'node:net'
import type { Logger } from '@stripe402/server'
import { describeDoors } from './describe-doors.js'
import { type Layer, stackOf } from './express-stack.js'
import type { PricedRoute } from './route-map.js'

/** Maps that no server has been seen with yet. */
const waiting = new Set<(app: unknown) => void>()
const listening = tracingChannel<'net.server.listen', { server: unknown }>('net.server.listen')
const onListening: TracingChannelSubscribers<{ server: unknown }> = {
  start() {},
  end() {},
  asyncStart() {},
  error() {},
  asyncEnd({ server }) {
    if (!(server instanceof Server)) return
    for (const app of server.listeners('request')) for (const check of waiting) check(app)
  },
}

/**
 * Compares a map with the app around it once the app's server listens, for only then every route stands; at the latest,
 * call what comes back with the app of the first request. Warns about what {@link describeDoors} finds.
 */
export function checkRoutesAtStart(
  gate: unknown,
  routes: readonly PricedRoute[],
  logger: Logger,
): (app: unknown) => void {
  let isDone = false
  function end(): void {
    isDone = true
    waiting.delete(check)
    if (waiting.size === 0) listening.unsubscribe(onListening)
  }
  function check(app: unknown): void {
    if (isDone || !isWithin(gate, stackOf(app))) return
    end()
    for (const warning of describeDoors(gate, routes, app)) logger.warn(`stripe402: ${warning}`)
  }
  if (waiting.size === 0) listening.subscribe(onListening)
  waiting.add(check)
  return (app) => {
    if (isDone) return
    check(app)
    // A map that its app hides in a handler of its own cannot be compared; looking again would cost every request.
    if (!isDone) end()
  }
}

function isWithin(gate: unknown, stack: readonly Layer[]): boolean {
  return stack.some(({ handle }) => handle === gate || isWithin(gate, stackOf(handle)))
}
