import type { Cluster, Redis } from 'ioredis'
import type { HoldRequest, HoldResult } from '../../store.js'
import { operationKey } from './keys.js'
import { redisFault } from './redis-fault.js'
import { readHoldResult, readReply } from './replies.js'
import { askInGroups } from './script-groups.js'
import { runScript } from './script-runner.js'
import { wishList } from './wish.js'

/** Decides many wishes in one round trip. What fails, fails for its own wishes only. */
export function holdAll(
  redis: Redis | Cluster,
  wishes: readonly HoldRequest[],
  spansShards: boolean,
): Promise<readonly (HoldResult | Error)[]> {
  return askInGroups(wishes, spansShards, async (group) => {
    try {
      const reply = await runScript(redis, {
        script: 'hold',
        keys: group.map((wish) => operationKey(wish, wish.operationId)),
        args: [JSON.stringify(group.map(wishList))],
      })
      const answers = readReply(reply)
      return group.map((wish, index) => readAnswer(wish, answers[index]))
    } catch (error) {
      return group.map(() => redisFault(error))
    }
  })
}

/** `type reason sums…`, or `fault message`. */
function readAnswer(wish: HoldRequest, answer: unknown): HoldResult | Error {
  const text = String(answer)
  try {
    if (text.startsWith('fault ')) throw redisFault(new Error(text.slice(6)))
    return readHoldResult(wish, text.split(' '))
  } catch (error) {
    return redisFault(error)
  }
}
