import { type ClientId, HEADERS, isClientId, serializePayment } from '@stripe402/core'

/** As many clients as connections: with a single one, every hold would meet the same row and the same shard. */
export const CONNECTIONS = 64

/** The accounts that pay for the requests of a benchmark. */
export const BENCH_CLIENTS: readonly ClientId[] = Array.from({ length: CONNECTIONS }, (_, index) =>
  clientId(index.toString(16).padStart(2, '0').repeat(32)),
)

/** What each of them sends, bare requests too, so that its bytes are no part of the difference. */
export const BENCH_HEADERS: readonly Record<string, string>[] = BENCH_CLIENTS.map((id) => ({
  [HEADERS.PAYMENT]: serializePayment({ clientId: id }),
}))

function clientId(text: string): ClientId {
  if (!isClientId(text)) throw new TypeError(`${text} is not a client id`)
  return text
}
