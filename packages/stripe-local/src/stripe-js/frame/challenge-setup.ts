import type { ApiAccess } from '../wire/api.js'
import { isObject, textAt } from '../wire/json.js'

/** What the page tells a challenge: which intent it is for. */
export interface ChallengeSetup extends ApiAccess {
  readonly intentId: string
  /** Below the API's origin. */
  readonly intentPath: string
  readonly clientSecret: string
  /** `null` for a SetupIntent. */
  readonly amountMinor: number | null
  readonly currency: string | null
}

/** Reads a challenge's setup message. `null` when it is not one. */
export function readChallengeSetup(value: unknown): ChallengeSetup | null {
  if (!isObject(value)) return null
  const apiOrigin = textAt(value, 'apiOrigin')
  const publishableKey = textAt(value, 'publishableKey')
  const intentId = textAt(value, 'intentId')
  const intentPath = textAt(value, 'intentPath')
  const clientSecret = textAt(value, 'clientSecret')
  if (!apiOrigin || !publishableKey || !intentId || !intentPath || !clientSecret) return null
  const { amountMinor } = value
  return {
    apiOrigin,
    publishableKey,
    intentId,
    intentPath,
    clientSecret,
    amountMinor: typeof amountMinor === 'number' ? amountMinor : null,
    currency: textAt(value, 'currency'),
  }
}
