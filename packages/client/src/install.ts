import { type ClientOptions, createClient } from './client.js'
import { sendAndPay } from './paying-fetch.js'
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
  return register(
    { isInScope: client.isInScope, pay: (request) => sendAndPay(client, request) },
    { fetch: payingFetch, XMLHttpRequest: payingXMLHttpRequest },
  )
}
