import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const ENTRY = 'bundle-entry'

/** Bundles a module, and what it imports from `node_modules`, to one script. */
export async function bundle(code: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: ENTRY,
        resolveId: (source) => (source === ENTRY ? `${ROOT}${ENTRY}.js` : null),
        load: (id) => (id === `${ROOT}${ENTRY}.js` ? code : null),
      },
    ],
    build: { write: false, rollupOptions: { input: ENTRY, output: { codeSplitting: false } } },
  })
  const chunk = 'output' in result ? result.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('The bundler gave no script.')
  return chunk.code
}
