import { createHmac } from 'node:crypto'
import type { Payment } from '@stripe402/core'
import type { PaidRequest } from '../paid-request.js'
import { readSession, type Session } from '../proof/session-token.js'
import type { Settings } from '../settings.js'
import type { Limits } from './limits.js'
import { isLoopback, networkOf } from './network-of.js'

/** One try of one card, as the limits see it. */
export interface Attempt {
  limits: Limits
  request: PaidRequest
  payment: Payment
  /** Digest of the address it came from; undefined when nobody knows it. */
  from: string | undefined
  /** The token that came along, which only somebody with an account here has. */
  session: Session | null
  /** The same for a retry: it counts once. */
  id: string
}

/** The attempt that a request makes; `null` when nothing limits it. */
export function attemptOf(settings: Settings, request: PaidRequest, payment: Payment): Attempt | null {
  const { limits, publishableKey } = settings
  if (limits === null) return null
  const address = request.address?.()
  const network = networkOf(address)
  // No card can be tested with test keys, and whoever tries things out on one machine tries many.
  if (publishableKey.startsWith('pk_test_') && (network === undefined || isLoopback(network, address)))
    return null
  return {
    limits,
    request,
    payment,
    session: readSession(settings, payment.session),
    from: network && digestFor(settings, network),
    id: digestFor(settings, `${payment.purchaseId ?? ''} ${payment.paymentMethodId ?? ''}`),
  }
}

/** An address is somebody's: the store is told only whether it is the same one. */
function digestFor({ secrets }: Settings, text: string): string {
  return createHmac('sha256', secrets[0]).update(`stripe402 limits ${text}`).digest('base64url').slice(0, 22)
}
