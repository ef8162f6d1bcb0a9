import type { Answer } from '../../refusal.js'
import type { Recorded } from '../../top-up/credit-intent.js'

/** An answer that Stripe's dashboard shows to the seller. */
export function plain(status: number, body: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body,
  }
}

/** Stripe knows no such object under this key: it was of another mode or account. */
export function unknownObject(): Answer {
  return plain(200, 'No such object.')
}

/** What became of a refund or dispute. */
export function recorded(outcome: Recorded): Answer {
  const text = { changed: 'Recorded.', unchanged: 'Known already.', foreign: 'Not ours.' }
  return plain(200, text[outcome])
}
