import type { Cluster, Redis } from 'ioredis'
import type { Mark, MarkResult } from '../../store.js'
import { checkMark } from '../checked-input.js'
import { marksKey } from './keys.js'
import { readInteger, readReply } from './replies.js'
import { runScripts, type ScriptCall } from './script-runner.js'

/** Makes marks, one script each: they are in as many shards as there are names. */
export async function markAll(redis: Redis | Cluster, marks: readonly Mark[]): Promise<MarkResult[]> {
  for (const mark of marks) checkMark(mark)
  const calls = marks.map(({ name, member, windowMs, most }): ScriptCall => {
    return { script: 'mark', keys: [marksKey(name)], args: [member, windowMs, most] }
  })
  const replies = await runScripts(redis, calls)
  return replies.map((reply) => {
    const [isMade, count, freeInMs] = readReply(reply)
    return { isMade: isMade === 1, count: readInteger(count), freeInMs: readInteger(freeInMs) }
  })
}
