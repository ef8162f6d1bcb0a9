import type { Balance } from '../events/balance-change-event.js'

/** Calls back when a balance has changed: through a paywall of this page, or in another tab. Returns the undo. */
export function watchBalances(onChange: (balance?: Balance) => void): () => void {
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('stripe402-balance-change', ({ balance }) => onChange(balance), { signal })
  addEventListener(
    'storage',
    ({ key }) => {
      if (key === null || key.startsWith('stripe402:')) onChange()
    },
    { signal },
  )
  return () => stop.abort()
}
