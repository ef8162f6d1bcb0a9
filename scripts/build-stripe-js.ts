import { copyFile, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const source = fileURLToPath(new URL('../packages/stripe-local/src/stripe-js/', import.meta.url))
const target = fileURLToPath(new URL('../packages/stripe-local/dist/stripe-js/', import.meta.url))

const scripts = [
  { entry: 'page/main.ts', folder: '', file: 'stripe.js' },
  { entry: 'frame/card-form.ts', folder: 'frames', file: 'card-form.js' },
  { entry: 'frame/challenge.ts', folder: 'frames', file: 'challenge.js' },
]
const pages = ['card-form.html', 'card-form.css', 'card-line.css', 'challenge.html', 'challenge.css']

/** Builds the local Stripe.js, one classic script, and the pages of its frames into `dist/stripe-js`. */
export async function buildStripeJs(): Promise<void> {
  await mkdir(`${target}frames`, { recursive: true })
  for (const { entry, folder, file } of scripts) {
    await build({
      configFile: false,
      logLevel: 'warn',
      root: source,
      publicDir: false,
      build: {
        target: 'es2022',
        outDir: `${target}${folder}`,
        emptyOutDir: false,
        minify: false,
        lib: { entry: `${source}${entry}`, formats: ['iife'], name: 'StripeJs', fileName: () => file },
      },
    })
  }
  await Promise.all(pages.map((page) => copyFile(`${source}frame/${page}`, `${target}frames/${page}`)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildStripeJs()
