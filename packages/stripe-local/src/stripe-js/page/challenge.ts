import type { JsonObject } from '../wire/json.js'
import { hostFrame, setStyles } from './hosted-frame.js'
import type { IntentReference } from './intents.js'
import type { StripeContext } from './stripe-context.js'

/**
 * Shows the bank's challenge over the whole page and waits until it has ended, here or elsewhere.
 * What it came to is in the intent, not in the frame's word.
 */
export function runChallenge(
  context: StripeContext,
  reference: IntentReference,
  intent: JsonObject,
): Promise<void> {
  const opener = document.activeElement
  return new Promise((resolve) => {
    const frame = hostFrame({
      scriptOrigin: context.origins.script,
      page: 'challenge.html',
      title: '3D Secure',
      onMessage: (kind) => {
        if (kind === 'hello') {
          frame.send('setup', {
            apiOrigin: context.origins.api,
            publishableKey: context.publishableKey,
            intentId: reference.id,
            intentPath: reference.path,
            clientSecret: reference.clientSecret,
            amountMinor: intent.amount ?? null,
            currency: intent.currency ?? null,
          })
          frame.iframe.focus()
        }
        if (kind !== 'finished') return
        frame.close()
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
        resolve()
      },
    })
    setStyles(frame.iframe, {
      position: 'fixed',
      inset: '0',
      width: '100%',
      height: '100%',
      'max-width': 'none',
      margin: '0',
      padding: '0',
      border: 'none',
      'z-index': '2147483647',
      'color-scheme': 'light only',
    })
    document.body.append(frame.iframe)
  })
}
