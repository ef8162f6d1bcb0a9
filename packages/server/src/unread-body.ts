import type { RequestId } from '@stripe402/core'
import type { Context } from './context.js'
import { clientDigest } from './events.js'
import type { Grant } from './grant.js'
import type { PaidRequest } from './paid-request.js'
import { reportFault } from './report.js'
import type { Mark, Store } from './store.js'
import type { Refusal } from './top-up/outcome.js'

/** As long as a request id is remembered. */
const REMEMBER_MS = 600_000

/**
 * Whether a request has a body that nobody has read so far: then its id stands for the length and the type of it alone, and
 * another body may come under the same id.
 */
export function isBodyUnread(request: PaidRequest): boolean {
  const length = Number(request.header('content-length') ?? 0)
  if (!(length > 0) && request.header('transfer-encoding') === undefined) return false
  const { body } = request
  // What a parser of Express 4 leaves of a body that it does not parse; `{}` itself is two bytes long.
  const isEmpty = typeof body === 'object' && body !== null && Object.keys(body).length === 0
  return body === undefined || (isEmpty && length !== 2 && !(body instanceof Uint8Array))
}

/**
 * A grant for a request whose body nobody has read. A second run that pays nothing is for whoever lost the first answer: it is
 * given where that one was cut off, and not after one that was sent to its end.
 */
export async function grantUnread(
  context: Context,
  requestId: RequestId,
  grant: Grant,
): Promise<{ type: 'granted'; grant: Grant } | Refusal> {
  const { store } = context.settings
  const cut: Mark = {
    name: `cut:${clientDigest(grant.info.clientId)}:${requestId}`,
    member: 'cut',
    windowMs: REMEMBER_MS,
    most: 1,
  }
  if (grant.isReplay) {
    const isCut = await isMarked(store, cut).catch(async (error: unknown) => {
      await grant.release()
      throw error
    })
    if (!isCut) {
      // The server may see only later that its answer was cut off.
      await grant.release()
      return usedBefore()
    }
  }
  return {
    type: 'granted',
    grant: {
      ...grant,
      async cutOff() {
        await store.mark([cut]).catch((error: unknown) => reportFault(context, 'an answer cut off', error))
      },
    },
  }
}

function usedBefore(): Refusal {
  return {
    type: 'refused',
    error: 'invalid_payment',
    message: 'This requestId was paid for and answered before. Use a new one.',
  }
}

async function isMarked(store: Store, mark: Mark): Promise<boolean> {
  const [found] = await store.mark([{ ...mark, most: 0 }])
  return Boolean(found?.count)
}
