import { invalidParameter } from './api-error.js'

/** What goes wrong. */
export type FaultAction =
  /** The connection is closed before the request is looked at. */
  | { kind: 'refuse' }
  /** No answer ever comes. */
  | { kind: 'hang'; when?: 'before' | 'after' }
  /** The work begins late; meanwhile its idempotency key is in use. */
  | { kind: 'delay'; delayMs: number }
  /** The answer has this status; `after` means that the effect happened all the same. */
  | { kind: 'status'; status: number; when?: 'before' | 'after'; kept?: boolean }
  /** The effect happens and the socket is cut before the answer. */
  | { kind: 'cut' }

/** Which calls it hits. */
export interface FaultMatch {
  /** Absent: every method. */
  method?: 'GET' | 'POST' | 'DELETE'
  /** A path such as `/v1/payment_intents/:id/confirm`; a segment with a colon stands for anything. Absent: every path. */
  path?: string
  /** The first matching call that it hits, counted from 1. Default 1. */
  nth?: number
  /** How many matching calls it hits from there on. Default 1. */
  times?: number | 'always'
}

/** A fault to be injected. */
export type Fault = FaultMatch & FaultAction

/** The faults that wait for their call. */
export interface Faults {
  /** Adds a fault and gives the function that takes it away. */
  add(fault: Fault): () => void
  /** Takes all faults away and cuts the connections that hang. */
  clear(): void
}

/** The faults as the API sees them. */
export interface FaultQueue extends Faults {
  /** Counts the call and gives the fault that hits it. */
  take(method: string, path: string): FaultAction | null
  /** Waits for ever, or until the faults are cleared. */
  hang(): Promise<never>
}

interface Armed {
  fault: Fault
  seen: number
  fired: number
}

/** Makes an empty queue. */
export function createFaults(): FaultQueue {
  const armed = new Set<Armed>()
  const hanging = new Set<(error: Error) => void>()
  return {
    add(fault) {
      const entry: Armed = { fault, seen: 0, fired: 0 }
      armed.add(entry)
      return () => armed.delete(entry)
    },
    clear() {
      armed.clear()
      for (const reject of hanging) reject(connectionLost('ECONNRESET'))
      hanging.clear()
    },
    take(method, path) {
      let hit: FaultAction | null = null
      for (const entry of armed) {
        const { fault } = entry
        if (fault.method !== undefined && fault.method !== method) continue
        if (fault.path !== undefined && !isPathLike(fault.path, path)) continue
        entry.seen += 1
        // A second fault for the same call waits for the next one.
        if (hit !== null || entry.seen < (fault.nth ?? 1)) continue
        hit = fault
        entry.fired += 1
        if (fault.times !== 'always' && entry.fired >= (fault.times ?? 1)) armed.delete(entry)
      }
      return hit
    },
    hang: () =>
      new Promise<never>((_, reject) => {
        hanging.add(reject)
      }),
  }
}

/**
 * Reads the `x-stripe-local-fault` header: `refuse`, `cut`, `hang`, `hang after`, `delay 200`, `500 before`, `500 after`, `429`.
 * @throws ApiError 400 when it is none of these
 */
export function parseFault(header: string): FaultAction {
  const [word = '', detail] = header.trim().split(/\s+/)
  const when = detail === 'after' ? 'after' : 'before'
  if (word === 'refuse' || word === 'cut') return { kind: word }
  if (word === 'hang') return { kind: 'hang', when }
  if (word === 'delay' && detail !== undefined && /^\d+$/.test(detail))
    return { kind: 'delay', delayMs: Number(detail) }
  if (/^[45]\d\d$/.test(word)) return { kind: 'status', status: Number(word), when }
  throw invalidParameter(
    `Unknown fault "${header}": expected refuse, cut, hang [after], delay <ms>, or <status> [before|after].`,
  )
}

/** A lost connection as Node reports it, so that clients treat it like a real one. */
export function connectionLost(code: 'ECONNREFUSED' | 'ECONNRESET'): Error & { code: string; errno: number } {
  const message = code === 'ECONNRESET' ? 'socket hang up' : 'connect ECONNREFUSED'
  return Object.assign(new Error(message), { code, errno: code === 'ECONNRESET' ? -104 : -111 })
}

/** Tells a closed connection from a defect. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && 'errno' in error
}

/** Tells whether a path is of this kind; a segment that starts with a colon stands for anything. */
export function isPathLike(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const sent = path.split('/')
  return (
    wanted.length === sent.length &&
    wanted.every((segment, at) => segment.startsWith(':') || segment === sent[at])
  )
}
