import { soak } from './soak.js'

/* A process of `npm run test:soak`: told what to play by its arguments, it reports to its parent and exits 1 on a failure. */

const [steps = 0, first = 1, stride = 1] = process.argv.slice(2).map(Number)
const EVERY_MS = 1000
let toldAtMs = 0

const { failures, ...tally } = await soak({
  steps,
  first,
  stride,
  onProgress(progress) {
    if (Date.now() - toldAtMs < EVERY_MS) return
    toldAtMs = Date.now()
    process.send?.(progress)
  },
})
process.send?.({ steps: tally.steps, runs: tally.runs, seed: 0 })
for (const failure of failures) console.error(failure)
process.exitCode = tally.failed > 0 ? 1 : 0
process.disconnect?.()
