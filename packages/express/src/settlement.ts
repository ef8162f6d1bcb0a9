import type { Answer, Grant } from '@stripe402/server'
import type { Response } from 'express'
import { labelPaid, takeHeaders, unlabelPaid } from './paid-headers.js'

/**
 * What a gate knows of the answers behind it. `unknown`, and after `lost`, each response gets a hook of its own: an app of another
 * copy of Express takes away the one that all responses share. `kept`: it was there when an answer came.
 */
export interface Gate {
  sharedHook: 'unknown' | 'kept' | 'lost'
}

/** What the gates of one request have granted, and what became of it. */
export interface Settlement {
  /** One for each price that is paid: a paid router's comes before a paid route's. */
  readonly grants: Grant[]
  /** The gates that granted them. */
  readonly gates: Gate[]
  /** The response has a hook of its own. */
  isHooked: boolean
  /** Its head is being composed, perhaps through another hook of ours. */
  isComposing: boolean
  /** Somebody waits for the client to leave. */
  isWatched: boolean
  /** The head of an answer stands, or none will, and the grants have ended with it. */
  isSettled: boolean
  /** Holds the answer back, where a price wants to be captured first. */
  holdUntil: ((captured: Promise<Answer | null>) => void) | null
}

/** Makes its subclasses put their fields on the response that they are given. */
class OnResponse {
  constructor(response: Response) {
    // biome-ignore lint/correctness/noConstructorReturn: a private field of an object of somebody else.
    return response
  }
}

/**
 * The settlement is a private field of the response: whatever a handler removes, copies or overwrites, it stays. A weak
 * map would do the same, and cost 8 µs of each request: its entries have to outlive the young generation's collections.
 */
class Settled extends OnResponse {
  readonly #settlement: Settlement

  constructor(response: Response, settlement: Settlement) {
    super(response)
    this.#settlement = settlement
  }

  static find(response: Response): Settlement | undefined {
    return #settlement in response ? response.#settlement : undefined
  }
}

/** The settlement of a response, if a gate has asked for one. */
export function findSettlement(response: Response): Settlement | undefined {
  return Settled.find(response)
}

/** The settlement of a response, begun by the first gate that is paid. */
export function settlementOf(response: Response): Settlement {
  const begun = Settled.find(response)
  if (begun) return begun
  const settlement: Settlement = {
    grants: [],
    gates: [],
    isHooked: false,
    isComposing: false,
    isWatched: false,
    isSettled: false,
    holdUntil: null,
  }
  new Settled(response, settlement)
  return settlement
}

/**
 * Ends the grants of a response whose client leaves before its answer. Ask for it in the turn in which nobody had left yet,
 * and once a handler has not answered at once: most do, and a listener costs more than the rest of a settlement.
 */
export function watchClient(response: Response, settlement: Settlement): void {
  if (settlement.isSettled || settlement.isWatched) return
  settlement.isWatched = true
  response.on('close', () => {
    if (settlement.isSettled) return
    // A head that went out past our hook was served all the same.
    const isPast = response.headersSent && !settlement.isHooked
    if (isPast) for (const gate of settlement.gates) gate.sharedHook = 'lost'
    end(settlement, response.headersSent && response.statusCode < 400 ? 'capture' : 'release')
  })
}

/**
 * Composes the head of an answer with `writeHead`, and ends the grants with it: captured below 400, released from there
 * on. Every way of answering in Node and Express comes through here, so that streams stay streams.
 */
export function settleHead(
  response: Response,
  settlement: Settlement,
  { writeHead, args }: { writeHead: Response['writeHead']; args: readonly unknown[] },
): Response {
  const [status] = args
  // 1xx answers are not the answer yet; a second head is Node's to refuse.
  const isEnded = settlement.isSettled || settlement.isComposing
  if (!(Number(status) >= 200) || isEnded || settlement.grants.length === 0)
    return Reflect.apply(writeHead, response, args)
  const isServed = Number(status) < 400
  const taken = args.length > 1 ? [status, ...takeHeaders(response, args.slice(1))] : args
  labelPaid(response, settlement.grants, isServed)
  settlement.isComposing = true
  try {
    Reflect.apply(writeHead, response, taken)
  } catch (error) {
    // Node refused the status: this was no answer, and nobody pays for it.
    unlabelPaid(response)
    throw error
  } finally {
    settlement.isComposing = false
  }
  end(settlement, isServed ? 'capture' : 'release')
  return response
}

function end(settlement: Settlement, how: 'capture' | 'release'): void {
  settlement.isSettled = true
  const { grants, holdUntil } = settlement
  if (holdUntil && how === 'capture') holdUntil(captureAll(grants))
  else for (const grant of grants) void grant[how]()
}

/** The answer in place of the one that was to be captured first, where that failed. */
async function captureAll(grants: readonly Grant[]): Promise<Answer | null> {
  const captured = await Promise.all(grants.map((grant) => grant.capture()))
  return grants.find((_, index) => !captured[index])?.uncaptured() ?? null
}
