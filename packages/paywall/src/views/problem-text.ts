import { say } from '../localization/say.js'
import type { MessageId } from '../localization/translation.js'
import type { Problem } from '../state/problem.js'

// https://docs.stripe.com/declines/codes . Codes that say something about the cardholder (lost, stolen, fraudulent, …)
// are missing on purpose: the person who types may not be the cardholder.
const DECLINES: ReadonlyArray<readonly [RegExp, MessageId]> = [
  [/^insufficient/, 'insufficient-funds'],
  [/expir/, 'expired'],
  [/_cvc$/, 'wrong-cvc'],
  [/_number$/, 'wrong-number'],
  [/velocity|limit/, 'card-limit'],
  [/^processing|^try_again/, 'processing-error'],
  [/_zip$/, 'wrong-postal-code'],
  [/^amount/, 'amount-refused'],
  [/^(card|currency)_not/, 'card-unsupported'],
]

/** Problems whose own words leave out that nothing was charged. */
const UNSAID: ReadonlySet<Problem['kind']> = new Set(['rate-limited', 'amount-refused', 'frozen'])

/** A problem in plain words: that nothing was charged, why, and the next step. */
export function problemText(problem: Problem): string {
  if (problem.kind === 'card') return say('not-charged', problem.message || say('generic-decline'))
  if (problem.kind !== 'declined') {
    const text = say(problem.kind)
    return UNSAID.has(problem.kind) ? say('not-charged', text) : text
  }
  const [, reason = 'generic-decline'] = DECLINES.find(([codes]) => codes.test(problem.code)) ?? []
  return say('not-charged', say(reason))
}
