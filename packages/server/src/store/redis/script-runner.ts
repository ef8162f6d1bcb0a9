import type { Cluster, Redis } from 'ioredis'
import { StoreUnavailableError } from '../store-error.js'
import { LUA } from './lua.gen.js'
import { redisFault } from './redis-fault.js'

/** One run of one script. */
export interface ScriptCall {
  script: keyof typeof LUA
  /** All in one shard. */
  keys: readonly string[]
  args: readonly (string | number)[]
}

/** Writes that were acknowledged by so many replicas count; others are of unknown outcome. */
export interface ReplicaWait {
  count: number
  timeoutMs: number
}

/**
 * Runs one script in one round trip; two when the server has not seen it since it started.
 *
 * @throws {@link StoreUnavailableError}
 */
export async function runScript(redis: Redis | Cluster, call: ScriptCall): Promise<unknown> {
  const { sha1 } = LUA[call.script]
  try {
    return await redis.evalsha(sha1, call.keys.length, ...call.keys, ...call.args)
  } catch (error) {
    if (isUnknownScript(error)) return evaluate(redis, call)
    throw redisFault(error)
  }
}

/** Runs many scripts in one round trip per node. The answers stand in the order of the calls. */
export async function runScripts(redis: Redis | Cluster, calls: readonly ScriptCall[]): Promise<unknown[]> {
  // A pipeline of ioredis goes to one node; commands that are not awaited are sent together anyway.
  if (redis.isCluster || calls.length <= 1) return Promise.all(calls.map((call) => runScript(redis, call)))
  const pipeline = redis.pipeline()
  for (const { script, keys, args } of calls)
    pipeline.evalsha(LUA[script].sha1, keys.length, ...keys, ...args)
  const replies = await execute(pipeline)
  return Promise.all(
    calls.map((call, index) => {
      const [error, reply] = replies[index] ?? [new Error('A reply is missing.'), null]
      if (error === null) return reply
      if (isUnknownScript(error)) return evaluate(redis, call)
      throw redisFault(error)
    }),
  )
}

/**
 * Runs a script and waits until replicas have what it wrote, in one round trip to the node of its shard.
 *
 * `WAIT` covers everything that the server had written when the script ended, so it also vouches for what an earlier
 * try on another connection wrote.
 *
 * @throws {@link StoreUnavailableError} also when too few replicas answered in time.
 */
export async function runReplicated(
  redis: Redis | Cluster,
  call: ScriptCall,
  { count, timeoutMs }: ReplicaWait,
): Promise<unknown> {
  const send = (name: 'evalsha' | 'eval'): Promise<[Error | null, unknown][]> => {
    const { sha1, source } = LUA[call.script]
    const pipeline = redis.pipeline()
    pipeline[name](name === 'eval' ? source : sha1, call.keys.length, ...call.keys, ...call.args)
    return execute(pipeline.wait(count, timeoutMs))
  }
  let replies = await send('evalsha')
  if (isUnknownScript(replies[0]?.[0])) replies = await send('eval')
  if (isElsewhere(replies[0]?.[0])) {
    // ioredis follows a shard to its new node for a command, but not for a pipeline in which WAIT has succeeded.
    const reply = await runScript(redis, call)
    replies = [[null, reply], ...(await send('evalsha')).slice(1)]
  }
  for (const [error] of replies) if (error) throw redisFault(error)
  const acknowledged = Number(replies.at(-1)?.[1])
  if (acknowledged < count)
    throw new StoreUnavailableError(
      `Only ${acknowledged} of ${count} replicas confirmed a write within ${timeoutMs} ms; its outcome is unknown.`,
    )
  return replies[0]?.[1]
}

/** Runs commands that need no script. */
export async function ask<T>(command: Promise<T>): Promise<T> {
  try {
    return await command
  } catch (error) {
    throw redisFault(error)
  }
}

async function execute(pipeline: ReturnType<Redis['pipeline']>): Promise<[Error | null, unknown][]> {
  const replies = await ask(pipeline.exec())
  if (replies === null) throw new StoreUnavailableError('Redis gave no answer.')
  return replies
}

async function evaluate(redis: Redis | Cluster, { script, keys, args }: ScriptCall): Promise<unknown> {
  return ask(redis.eval(LUA[script].source, keys.length, ...keys, ...args))
}

function isElsewhere(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|ASK|TRYAGAIN) /.test(error.message)
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
