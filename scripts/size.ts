import { gzipSync } from 'node:zlib'
import { build, type Plugin, type Rollup } from 'vite'
import { ROOT } from './run-command.js'

interface Budget {
  name: string
  /** The module that a page would write; everything it reaches is counted. */
  code: string
  limitBytes: number
  /** Told, and not failed on. */
  isGoal?: boolean
}

/** Minified and compressed with gzip, from the built packages. */
const BUDGETS: Budget[] = [
  {
    name: 'core: what a paying fetch reads and writes',
    code: `export { HEADERS, readPaymentRequired, readPaymentResponse, serializePayment } from '@stripe402/core'`,
    limitBytes: 1_600,
  },
  {
    name: 'client: wrapFetch',
    code: `export { wrapFetch } from '@stripe402/client'`,
    limitBytes: 3_500,
  },
  {
    name: 'client: install, with XHR and tabs',
    code: `export { install } from '@stripe402/client'`,
    limitBytes: 5_500,
  },
  {
    name: 'paywall: the elements, with Lit and the client',
    code: `import '@stripe402/paywall/define'`,
    limitBytes: 20_000,
    isGoal: true,
  },
]

let isOver = false
for (const { name, code, limitBytes, isGoal = false } of BUDGETS) {
  const bytes = await weigh(code)
  const isWithin = bytes <= limitBytes
  if (!isWithin && !isGoal) isOver = true
  const mark = isWithin ? '✓' : isGoal ? '!' : '✗'
  console.log(`${mark} ${name.padEnd(46)} ${kilobytes(bytes)} of ${kilobytes(limitBytes)}`)
}
if (isOver) process.exitCode = 1

/** Bundles a module as an app would and returns the bytes that travel. */
async function weigh(code: string): Promise<number> {
  const result = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    plugins: [plainImports(), virtualEntry(code)],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rollupOptions: { input: 'entry', preserveEntrySignatures: 'strict' },
    },
  })
  if (!('output' in result)) throw new Error('The bundler gave no output.')
  const chunks = new Map(
    result.output
      .filter((file): file is Rollup.OutputChunk => file.type === 'chunk')
      .map((chunk) => [chunk.fileName, chunk]),
  )
  const waiting = [...chunks.values()].filter((chunk) => chunk.isEntry)
  // What is imported later on demand, such as a language, is not part of the first load.
  const loaded = new Set<Rollup.OutputChunk>()
  for (let chunk = waiting.pop(); chunk; chunk = waiting.pop()) {
    if (loaded.has(chunk)) continue
    loaded.add(chunk)
    for (const name of chunk.imports) waiting.push(...[chunks.get(name) ?? []].flat())
  }
  return [...loaded].reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0)
}

/** Vite wraps the first `import()` of an app in 1 KB of its own, which loads styles along: not part of a package. */
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
