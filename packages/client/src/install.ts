import { type Client, type ClientOptions, createClient } from './client.js'
import { emit } from './events.js'
import { payingWith } from './paying-fetch.js'
import { register } from './registry.js'
import { payingFetch } from './wrap-fetch.js'
import { payingXMLHttpRequest } from './xhr/paying-xml-http-request.js'

/**
 * Makes every `fetch` and `XMLHttpRequest` of this realm pay. Returns the undo.
 *
 * However often it is called, there is one layer; the newest installation answers for an origin.
 *
 * @throws Stripe402Error `NOT_INSTALLABLE` where the globals are frozen.
 * @example
 * ```ts
 * const uninstall = install({ payer: async () => ({ paymentMethodId: 'pm_card_visa' }) })
 * ```
 */
export function install(options: ClientOptions): () => void {
  const client = createClient(options)
  const uninstall = register(payingWith(client), {
    fetch: payingFetch,
    XMLHttpRequest: payingXMLHttpRequest,
  })
  const unwatch = followBalances(client)
  return () => {
    unwatch?.()
    uninstall()
  }
}

/** Reports what other tabs have bought and spent. */
function followBalances({ store, events, isInScope }: Client): (() => void) | undefined {
  return store.watch?.((origin, { clients }, before) => {
    if (!isInScope(origin)) return
    for (const currency in clients) {
      const balance = clients[currency]?.balanceUnits
      if (balance !== undefined && balance !== before?.clients[currency]?.balanceUnits)
        emit(events, 'balance-change', { origin, currency, balance })
    }
  })
}
