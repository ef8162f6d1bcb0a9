import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { bundle } from '../packages/server/src/crash/bundle.fixture.js'
import { secondsSince } from './run-command.js'

/*
 * Lets the simulator run for long: `npm run test:soak`, or `npm run test:soak -- --steps 1e6 --seed 1 --workers 2`. Prints
 * how far it is, and for a failure the run with the command that plays it again; exit code 1 then.
 */

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1e8' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
  },
})
const [steps, seed, workers] = [Number(values.steps), Number(values.seed), Number(values.workers)]
if (![steps, seed, workers].every((value) => Number.isSafeInteger(value) && value > 0))
  throw new RangeError('--steps, --seed and --workers take whole numbers of at least 1.')

const PROGRESS_MS = 30_000
const startedAt = performance.now()
const { file, remove } = await bundle('../simulator/soak-worker.ts')
const done = Array.from({ length: workers }, () => ({ steps: 0, runs: 0, seed: 0 }))
const progress = setInterval(tell, PROGRESS_MS)
const codes = await Promise.all(done.map((_, index) => work(index)))
clearInterval(progress)
await remove()
tell()
const hasFailed = codes.some((code) => code !== 0)
console.log(hasFailed ? 'soak: FAILED' : 'soak: passed, 0 violations')
process.exitCode = hasFailed ? 1 : 0

function work(index: number): Promise<number> {
  return new Promise((resolve) => {
    const share = Math.ceil(steps / workers)
    const child = fork(file, [String(share), String(seed + index), String(workers)], { execArgv: [] })
    child.on('message', (message) => {
      const told = done[index]
      if (told && typeof message === 'object' && message !== null) Object.assign(told, message)
    })
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function tell(): void {
  const total = done.reduce((sum, one) => sum + one.steps, 0)
  const runs = done.reduce((sum, one) => sum + one.runs, 0)
  const perSecond = Math.round(total / ((performance.now() - startedAt) / 1000))
  const seeds = done.map((one) => one.seed).join(', ')
  console.log(
    `soak: ${total} steps, ${runs} runs, ${perSecond} steps/s, ${secondsSince(startedAt)}; at seeds ${seeds}`,
  )
}
