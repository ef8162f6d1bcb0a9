/** Where the engine, its clients and Stripe meet the world. */
export type Door = 'store' | 'stripe' | 'stripe-read' | 'request' | 'reply' | 'webhook'

/**
 * What goes wrong when something passes a door.
 *
 * - `crash-before`, `crash-after`: the process dies before it, or after its effect and before the answer.
 * - `fail`: no effect, and whoever asked sees an error. `outage`: so does everybody at this door for a while.
 * - `lost`: the effect, and an error in place of the answer. `late`: an error, and the effect some seconds later.
 * - `twice`: it is sent again because its answer was lost on the way, and takes effect each time.
 * - `stall`: the effect, and an answer that comes when others have taken over; `freeze`: when holds have run out.
 * - `500`, `500-after`: Stripe's, without and with the effect; Stripe keeps both under the idempotency key. `409`, `429`.
 * - `gone`, `gone-later`: the client leaves as soon as it has sent its request, or a while later.
 * - `dropped`: an event that Stripe never sends again.
 * - `wipe`: the store loses everything and knows it; `lose-1`, `lose-4`: so many last writes, and does not.
 */
export type FaultKind =
  | 'crash-before'
  | 'crash-after'
  | 'fail'
  | 'outage'
  | 'lost'
  | 'late'
  | 'twice'
  | 'stall'
  | 'freeze'
  | '500'
  | '500-after'
  | '409'
  | '429'
  | 'gone'
  | 'gone-later'
  | 'dropped'
  | 'wipe'
  | 'lose-1'
  | 'lose-4'

/** A fault at the k-th passage through a door, counted from 0 over the whole run. */
export interface Fault {
  at: number
  kind: FaultKind
}

const KINDS: Readonly<Record<Door, readonly FaultKind[]>> = {
  store: [
    'crash-before',
    'crash-after',
    'fail',
    'lost',
    'late',
    'twice',
    'stall',
    'freeze',
    'outage',
    'wipe',
    'lose-1',
    'lose-4',
  ],
  stripe: [
    'crash-before',
    'crash-after',
    'fail',
    'lost',
    'late',
    'twice',
    'stall',
    'freeze',
    'outage',
    '500',
    '500-after',
    '409',
    '429',
  ],
  // Reading changes nothing at Stripe, so that only these differ.
  'stripe-read': ['crash-before', 'fail', 'stall', 'outage', '429'],
  request: ['fail', 'crash-before', 'twice', 'gone', 'gone-later'],
  reply: ['lost', 'crash-before', 'crash-after'],
  webhook: ['fail', 'dropped', 'lost', 'late', 'twice', 'crash-before'],
}

/** Everything that can go wrong at a door. */
export function kindsFor(door: Door): readonly FaultKind[] {
  return KINDS[door]
}

const ALL: ReadonlySet<string> = new Set(Object.values(KINDS).flat())

/** Whether a text names a fault. */
export function isFaultKind(text: string): text is FaultKind {
  return ALL.has(text)
}
