import { gzipSync } from 'node:zlib'
import { build, type Plugin, type Rollup } from 'vite'
import { ROOT } from './run-command.js'

interface Budget {
  name: string
  /** What the figure is of, in a few words. */
  counts: string
  /** The module that a page would write; everything it reaches is counted. */
  code: string
  limitBytes: number
  /** Counts what a page loads later instead. */
  onDemand?: OnDemand
}

interface OnDemand {
  /** The module that is imported on demand, by its name. */
  chunk: string
  /** Modules that were imported on demand before. */
  after?: readonly string[]
  /** Counts the first load, too. */
  isWithFirst?: boolean
}

/** Minified and compressed with gzip, from the built packages. */
const BUDGETS: Budget[] = [
  {
    name: 'core: what a paying fetch reads and writes',
    counts: 'all of it',
    code: `export { HEADERS, readPaymentRequired, readPaymentResponse, serializePayment } from '@stripe402/core'`,
    limitBytes: 1_600,
  },
  {
    name: 'client: wrapFetch',
    counts: 'before the first 402',
    code: `export { wrapFetch } from '@stripe402/client'`,
    limitBytes: 3_500,
  },
  {
    name: 'client: install, with XHR and tabs',
    counts: 'before the first 402',
    code: `export { install } from '@stripe402/client'`,
    limitBytes: 5_500,
  },
  {
    name: 'client: what pays, loaded by the first 402',
    counts: 'beside install',
    code: `export { install } from '@stripe402/client'`,
    onDemand: { chunk: 'payment-due' },
    limitBytes: 13_500,
  },
  {
    name: 'paywall: what a page loads before its first 402',
    counts: 'both elements, and install of the client',
    code: `import '@stripe402/paywall/define'`,
    limitBytes: 6_000,
  },
  {
    name: 'paywall: the dialog with Lit, once there is a 402',
    counts: 'without the client, Stripe.js and the texts',
    code: `import '@stripe402/paywall/define'`,
    onDemand: { chunk: 'checkout', after: ['payment-due'] },
    limitBytes: 20_000,
  },
  {
    name: 'paywall: the bar at the edge of the page',
    counts: 'beside the dialog',
    code: `import '@stripe402/paywall/define'`,
    onDemand: { chunk: 'bar', after: ['payment-due', 'checkout'] },
    limitBytes: 1_100,
  },
  {
    name: 'paywall: the panel of an inline paywall',
    counts: 'beside the dialog, with the first src',
    code: `import '@stripe402/paywall/define'`,
    onDemand: { chunk: 'inline-panel', after: ['payment-due', 'checkout'] },
    limitBytes: 3_000,
  },
  {
    name: 'paywall: the box that asks, and the kept card',
    counts: 'beside the dialog, where the seller keeps cards',
    code: `import '@stripe402/paywall/define'`,
    onDemand: { chunk: 'kept-card', after: ['payment-due', 'checkout'] },
    limitBytes: 2_000,
  },
  {
    name: 'paywall: an amount of one’s own',
    counts: 'beside the dialog, once it is chosen',
    code: `import '@stripe402/paywall/define'`,
    onDemand: { chunk: 'own-amount', after: ['payment-due', 'checkout'] },
    limitBytes: 2_000,
  },
  {
    name: 'paywall: <stripe402-balance> alone',
    counts: 'shown; its panel comes when it is opened',
    code: `import { register, Stripe402Balance } from '@stripe402/paywall/balance'
      register({ 'stripe402-balance': Stripe402Balance })`,
    onDemand: { chunk: 'purse', isWithFirst: true },
    limitBytes: 9_000,
  },
  {
    name: 'paywall: what opens from <stripe402-balance>',
    counts: 'with Lit, where the dialog has not brought it',
    code: `import { register, Stripe402Balance } from '@stripe402/paywall/balance'
      register({ 'stripe402-balance': Stripe402Balance })`,
    onDemand: { chunk: 'panel', after: ['purse'] },
    limitBytes: 7_000,
  },
  {
    name: 'paywall: the texts of a language',
    counts: 'one of ten is loaded',
    code: `import '@stripe402/paywall/define'`,
    onDemand: { chunk: 'de' },
    limitBytes: 2_000,
  },
]

let isOver = false
for (const { name, counts, code, limitBytes, onDemand } of BUDGETS) {
  const bytes = await weigh(code, onDemand)
  const isWithin = bytes <= limitBytes
  if (!isWithin) isOver = true
  console.log(
    `${isWithin ? '✓' : '✗'} ${name.padEnd(48)} ${kilobytes(bytes)} of ${kilobytes(limitBytes)}  ${counts}`,
  )
}
if (isOver) process.exitCode = 1

/** Bundles a module as an app would and returns the bytes that travel. */
async function weigh(code: string, onDemand?: OnDemand): Promise<number> {
  const result = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    plugins: [plainImports(), virtualEntry(code)],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      // As in an app: what the first chunk holds is not repeated, nor split off for the sake of later ones.
      rollupOptions: { input: 'entry', preserveEntrySignatures: 'allow-extension' },
    },
  })
  if (!('output' in result)) throw new Error('The bundler gave no output.')
  const chunks = new Map(
    result.output
      .filter((file): file is Rollup.OutputChunk => file.type === 'chunk')
      .map((chunk) => [chunk.fileName, chunk]),
  )
  const startingAt = (isStart: (chunk: Rollup.OutputChunk) => boolean): Rollup.OutputChunk[] =>
    reachable(chunks, [...chunks.values()].filter(isStart))
  const named = (names: readonly string[]): Rollup.OutputChunk[] =>
    startingAt(({ name }) => names.includes(name))
  const first = startingAt(({ isEntry }) => isEntry)
  if (!onDemand) return total(first)
  const { chunk, after = [], isWithFirst = false } = onDemand
  const later = named([chunk])
  if (later.length === 0) throw new Error(`Nothing called ${chunk} is loaded on demand.`)
  if (isWithFirst) return total([...first, ...later])
  const known = new Set([...first, ...named(after)])
  return total(later.filter((loaded) => !known.has(loaded)))
}

/** Everything that comes along with some chunks. What is imported on demand only does not. */
function reachable(
  chunks: ReadonlyMap<string, Rollup.OutputChunk>,
  waiting: Rollup.OutputChunk[],
): Rollup.OutputChunk[] {
  const loaded = new Set<Rollup.OutputChunk>()
  for (let chunk = waiting.pop(); chunk; chunk = waiting.pop()) {
    if (loaded.has(chunk)) continue
    loaded.add(chunk)
    for (const name of chunk.imports) waiting.push(...[chunks.get(name) ?? []].flat())
  }
  return [...loaded]
}

function total(chunks: readonly Rollup.OutputChunk[]): number {
  return [...new Set(chunks)].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
}

/**
 * Vite wraps the first `import()` of an app in 1 KB of its own, which loads styles along, and (`modulePreload`) lists what
 * each one will load: not part of a package.
 */
function plainImports(): Plugin {
  return {
    name: 'size-plain-imports',
    enforce: 'pre',
    resolveId: (source) => (source.endsWith('vite/preload-helper.js') ? 'plain-imports' : null),
    load: (id) => (id === 'plain-imports' ? 'export const __vitePreload = (load) => load()' : null),
  }
}

function virtualEntry(code: string): Plugin {
  const id = `${ROOT}size-entry.js`
  return {
    name: 'size-entry',
    resolveId: (source) => (source === 'entry' ? id : null),
    load: (loaded) => (loaded === id ? code : null),
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2).padStart(6)} KB`
}
