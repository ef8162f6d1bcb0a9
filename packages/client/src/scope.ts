/** Whether requests to an origin are looked after. */
export type Scope = (origin: string) => boolean

/**
 * The page's own origin and those listed. Where there is no own origin (Node), those listed, or all when none are.
 *
 * @throws TypeError for a listed origin that is not a URL.
 */
export function scopeOf(origins: readonly string[] | '*' | undefined): Scope {
  const own = globalThis.location?.origin
  if (origins === '*' || (!origins && !own)) return () => true
  const listed = new Set([own, ...(origins ?? []).map((origin) => new URL(origin).origin)])
  return (origin) => listed.has(origin)
}

/** What a relative URL is relative to at this moment; undefined in Node. */
export function baseUrl(): string | undefined {
  return globalThis.document?.baseURI ?? globalThis.location?.href
}
