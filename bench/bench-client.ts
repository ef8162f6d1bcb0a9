import { type ClientId, isClientId } from '@stripe402/core'

function clientId(text: string): ClientId {
  if (!isClientId(text)) throw new TypeError(`${text} is not a client id`)
  return text
}

/** The account that pays for every request of a benchmark. */
export const BENCH_CLIENT = { clientId: clientId('b'.repeat(64)), currency: 'usd' }
