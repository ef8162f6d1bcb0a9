import { createHmac } from 'node:crypto'
import type { Payment } from '@stripe402/core'
import type { PaidRequest } from '../paid-request.js'
import { readSession, type Session } from '../proof/session-token.js'
import type { Settings } from '../settings.js'
import type { Limits } from './limits.js'
import { isLoopback, networkOf, wideNetworkOf } from './network-of.js'

/** A customer's IPv6 network may hold several households, and 65,536 networks of one address each. */
const WIDE_TIMES = 4

/** One try of one card, as the limits see it. */
export interface Attempt {
  limits: Limits
  request: PaidRequest
  payment: Payment
  /** Digests of its address and of the wider network around it, with how many addresses' worth; empty when unknown. */
  networks: readonly { of: string; times: number }[]
  /** The token that came along, which only somebody with an account here has. */
  session: Session | null
  /** The same for a retry of the same purchase: it counts once. */
  id: string
}

/** As much of an attempt as it takes to count it. */
export type Counted = Pick<Attempt, 'limits' | 'networks' | 'id'>

/** The attempt that a request makes; `null` when nothing limits it. */
export function attemptOf(settings: Settings, request: PaidRequest, payment: Payment): Attempt | null {
  const { limits, publishableKey, runtime } = settings
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
    networks: networksOf(settings, address),
    // Without a name for the purchase every request is one of its own.
    id:
      payment.purchaseId === undefined
        ? runtime.randomUUID()
        : digestFor(settings, `${payment.purchaseId} ${payment.paymentMethodId ?? ''}`),
  }
}

/** Digests of an address and of the wider network around it, with how many addresses' worth; none for what is no address. */
export function networksOf(settings: Settings, address: string | undefined): { of: string; times: number }[] {
  return [
    { network: networkOf(address), times: 1 },
    { network: wideNetworkOf(address), times: WIDE_TIMES },
  ].flatMap(({ network, times }) =>
    network === undefined ? [] : [{ of: digestFor(settings, network), times }],
  )
}

/** An address is somebody's: the store is told only whether it is the same one. */
function digestFor({ secrets }: Settings, text: string): string {
  return createHmac('sha256', secrets[0]).update(`stripe402 limits ${text}`).digest('base64url').slice(0, 22)
}
