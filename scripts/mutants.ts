// Breaks the rules about money one by one, in a copy of the sources, and sees whether the tests notice.
// `npm run test:mutants -- --only PATTERN` tries those whose name, rule or file matches.
import { parseArgs } from 'node:util'
import { MUTANTS } from './mutants/all.js'
import type { Mutant } from './mutants/mutant.js'
import { openWorkshop, type Workshop } from './mutants/workshop.js'
import { secondsSince } from './run-command.js'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, workers: { type: 'string', default: '2' } },
})
const pattern = new RegExp(values.only)
const chosen = MUTANTS.filter(({ name, rule, file }) => [name, rule, file].some((text) => pattern.test(text)))
const waiting = [...chosen]
const surprises: string[] = []

/** A test that fails without any breakage would seem to catch everything. */
async function checkBaseline(workshop: Workshop): Promise<void> {
  const startedAt = performance.now()
  const { isCaught, failed, output } = await workshop.test([...new Set(chosen.flatMap(({ tests }) => tests))])
  if (isCaught) throw new Error(`The tests fail on whole sources: ${failed.join(', ') || output}`)
  console.log(`✓ whole sources pass (${secondsSince(startedAt)})`)
}

async function tryAll(workshop: Workshop): Promise<void> {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) await tryOne(workshop, mutant)
}

async function tryOne(workshop: Workshop, mutant: Mutant): Promise<void> {
  const startedAt = performance.now()
  const { isCaught, failed } = await workshop.try(mutant)
  const isExpected = isCaught === (mutant.survives === undefined)
  if (!isExpected) surprises.push(mutant.name)
  const how = isCaught ? `caught by: ${failed[0]}` : 'survived'
  const what = isCaught || !mutant.survives ? how : `survived, as it must: ${mutant.survives}`
  console.log(
    `${isExpected ? '✓' : '✗'} ${mutant.name} (${mutant.rule}), ${secondsSince(startedAt)}\n    ${what}`,
  )
}

const workshops = Array.from({ length: Number(values.workers) }, openWorkshop)
try {
  const [first] = workshops
  if (first) await checkBaseline(first)
  await Promise.all(workshops.map(tryAll))
} finally {
  for (const workshop of workshops) workshop.close()
}
const caught = chosen.length - surprises.length - chosen.filter(({ survives }) => survives).length
console.log(
  `\n${chosen.length} mutants, ${caught} caught${surprises.length > 0 ? `; not as expected: ${surprises.join(', ')}` : ''}`,
)
if (surprises.length > 0) process.exitCode = 1
