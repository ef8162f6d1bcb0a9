/** What browsers wait before they connect again, until the server names another time. */
const RECONNECT_MS = 3000
/** Firefox waits no less (`MIN_RECONNECTION_TIME_VALUE`), whatever the server names. */
const LEAST_MS = 500
/** A timer that is set to more runs out at once. */
const MOST_MS = 2 ** 31 - 1
/** The wait doubles up to here. */
const BACK_OFF_MS = 60_000
/** How many connections in a row are paid for that bring no event. */
const MOST_IN_VAIN = 5

/** When to connect again, by what the connections in a row have cost and brought. */
export interface Reconnecting {
  /** A connection is tried. */
  begin(): void
  /** It had a price. */
  paid(): void
  /** It has brought an event: what was before does not count any more. */
  brought(): void
  /** The server has named a time. */
  retryAfter(retryMs: number): void
  /** Milliseconds to wait; null when too many were paid for in vain. */
  nextMs(): number | null
}

/** Waits as browsers do, and longer where connections bring nothing. */
export function reconnecting(): Reconnecting {
  let reconnectMs = RECONNECT_MS
  let inVain = 0
  let paidInVain = 0
  return {
    begin() {
      inVain++
    },
    paid() {
      paidInVain++
    },
    brought() {
      inVain = paidInVain = 0
    },
    retryAfter(retryMs) {
      reconnectMs = Math.min(Math.max(retryMs, LEAST_MS), MOST_MS)
    },
    nextMs() {
      if (paidInVain >= MOST_IN_VAIN) return null
      return Math.max(reconnectMs, Math.min(reconnectMs * 2 ** (inVain - 1), BACK_OFF_MS))
    },
  }
}
