import type { HoldRequest } from '../../store.js'

/** A wish as `hold.lua` reads it from JSON. */
export function wishList(wish: HoldRequest): (string | number)[] {
  return [
    shortened(wish.fingerprint, wish.operationId),
    shortened(wish.runId, wish.operationId),
    wish.units,
    wish.holdMs,
    wish.rememberMs,
    wish.resource,
    wish.access?.resource ?? '',
    wish.access?.durationMs ?? 0,
    wish.era ?? -1,
  ]
}

/** A run or fingerprint beside its operation's id, which it is for most requests. Different texts stay different. */
export function shortened(text: string, operationId: string): string {
  if (text === operationId) return '='
  return text.startsWith('=') ? `=${text}` : text
}
