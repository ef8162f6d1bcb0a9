/** How far the clocks of sellers are ahead of this machine's, by origin. */
const aheadMs = new Map<string, number>()
/** A `Date` header has whole seconds and has been under way. */
const NEGLIGIBLE_MS = 30_000

/** Notes what a seller's answer says about the time, where its `Date` header can be read. */
export function noteServerTime(origin: string, date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now()
  if (!Number.isNaN(ahead)) aheadMs.set(origin, Math.abs(ahead) < NEGLIGIBLE_MS ? 0 : ahead)
}

/** How far the clock of a seller is ahead, as far as is known. A proof that is minutes off is refused, and people's clocks are. */
export function serverAheadMs(origin: string): number {
  return aheadMs.get(origin) ?? 0
}

/** Whether a seller has told of another time since it was taken to be so far ahead. */
export function hasToldOtherwise(origin: string, takenMs: number): boolean {
  return Math.abs(serverAheadMs(origin) - takenMs) >= NEGLIGIBLE_MS
}
