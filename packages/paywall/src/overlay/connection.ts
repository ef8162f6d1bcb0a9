/**
 * Tells whether the browser has no connection, now and whenever that changes. What it says is a hint in one direction
 * only: "offline" is true, "online" need not be.
 *
 * @returns stops telling
 */
export function watchConnection(onChange: (isOffline: boolean) => void): () => void {
  const stop = new AbortController()
  const tell = (): void => onChange(!navigator.onLine)
  for (const type of ['online', 'offline']) addEventListener(type, tell, { signal: stop.signal })
  queueMicrotask(tell)
  return () => stop.abort()
}
