import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))

/**
 * Builds `dist/stripe402-paywall.js`: the one module that a page names. It registers the elements and fetches what lies
 * beside it in `dist/cdn` (Lit and the dialog, the languages, Stripe's loader) when there is something to ask.
 */
export async function buildPaywallCdn(): Promise<void> {
  rmSync(`${packages}paywall/dist/cdn`, { recursive: true, force: true })
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    root: packages,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: 'es2022',
      outDir: `${packages}paywall/dist`,
      emptyOutDir: false,
      minify: true,
      modulePreload: false,
      lib: { entry: `${packages}paywall/dist/define.js`, formats: ['es'] },
      rolldownOptions: {
        // What the first file holds stays in it: later ones may import it from there.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: 'stripe402-paywall.js',
          chunkFileNames: 'cdn/[name]-[hash].js',
          // Vite keeps the white space of ES libraries, for the bundlers of others; this one is for a page.
          minify: true,
        },
      },
    },
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPaywallCdn()
