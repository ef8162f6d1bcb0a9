import { AsyncLocalStorage } from 'node:async_hooks'
import { writeSync } from 'node:fs'

/** Places where this process may die: before and after everything that leaves it, named for the verb it belongs to. */
export interface CrashPoints {
  /** Counts from 0 again, and dies at the `killAt`-th point; 0 means nowhere. */
  arm(killAt: number): void
  passed(): number
  /** Names what is sent within it. */
  verb<T>(name: string, run: () => T): T
  /** One command or request that leaves the process: a point before it, and one when its answer is there. */
  sent<T>(what: string, run: () => Promise<T>): Promise<T>
}

/** A sweep asks 256 shards the same: to die between the ninth and the tenth shows what to die between the first two did. */
const MOST_ALIKE = 8

/** Points that count and kill in this process; the name of the last one is printed. */
export function crashPoints(): CrashPoints {
  const verbs = new AsyncLocalStorage<string>()
  let killAt = 0
  let passed = 0
  let latest = ''
  let alike = 0

  function point(moment: 'before' | 'after', what: string): void {
    const verb = verbs.getStore()
    const name = `${moment} ${verb === undefined ? what : `${verb} (${what})`}`
    alike = name === latest ? alike + 1 : 1
    latest = name
    if (alike > MOST_ALIKE) return
    passed += 1
    if (passed !== killAt) return
    writeSync(1, `${name}\n`)
    process.kill(process.pid, 'SIGKILL')
  }

  return {
    arm(at) {
      killAt = at
      passed = 0
      latest = ''
    },
    passed: () => passed,
    verb: (name, run) => verbs.run(name, run),
    async sent(what, run) {
      point('before', what)
      const answer = await run()
      point('after', what)
      return answer
    },
  }
}
