import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { tightTemplates } from './tight-templates.js'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))

/** Languages stay files of their own beside the bundle, fetched when a page speaks them. */
const localesBeside: Plugin = {
  name: 'stripe402:locales-beside',
  enforce: 'pre',
  resolveId(source) {
    const file = /^\.\/locales\/(?!en\.js)\w+\.js$/.test(source) ? source.slice(2) : null
    return file === null ? null : { id: `./localization/${file}`, external: true }
  },
}

/** Builds `dist/stripe402-paywall.js`: one module that registers the elements, with Lit and Stripe's loader inside. */
export async function buildPaywallCdn(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    root: packages,
    plugins: [localesBeside, tightTemplates],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: 'es2022',
      outDir: `${packages}paywall/dist`,
      emptyOutDir: false,
      minify: true,
      lib: {
        entry: `${packages}paywall/dist/define.js`,
        formats: ['es'],
        fileName: () => 'stripe402-paywall.js',
      },
      // Vite keeps the white space of ES libraries, for the bundlers of others; this one is for a page.
      rolldownOptions: { output: { codeSplitting: false, minify: true } },
    },
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPaywallCdn()
