import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { docsModules } from './scripts/docs-modules.js'

/** Sources instead of `dist` for our own packages, so that a unit test never runs yesterday's build. */
const sources = readdirSync(new URL('packages', import.meta.url)).flatMap((folder) => {
  const manifest = JSON.parse(
    readFileSync(new URL(`packages/${folder}/package.json`, import.meta.url), 'utf8'),
  )
  return Object.entries<unknown>(manifest.exports).flatMap(([path, target]) => {
    const file = typeof target === 'object' && target !== null && 'default' in target ? target.default : null
    if (typeof file !== 'string') return []
    return {
      find: new RegExp(`^${manifest.name}${path.slice(1)}$`),
      replacement: new URL(
        `packages/${folder}/${file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`,
        import.meta.url,
      ).pathname,
    }
  })
})

/** The seller of the client's tests on the page's own origin: `/shop/…`, and `/api/…` for the code of the docs. */
const ownSeller: Plugin = {
  name: 'stripe402:own-seller',
  configureServer(server) {
    const load = server.ssrLoadModule('/packages/client/src/testing/seller.fixture.ts')
    const seller = load.then(({ createSeller }) => createSeller())
    server.middlewares.use(async (request, response, next) => {
      request.url = request.url?.replace(/^\/api\//, '/shop/docs/sold/')
      if (request.url?.startsWith('/shop/')) (await seller)(request, response)
      else next()
    })
  },
}

const sellers = './packages/client/src/testing/seller-server.fixture.ts'
const isRoot = process.getuid?.() === 0
/** `CHROMIUM_PATH`, else the system's, else the one that Playwright installed. */
const chromium =
  process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)

export default defineConfig({
  resolve: { alias: sources },
  test: {
    // Of two cores Vitest would use one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        plugins: [docsModules()],
        test: {
          name: 'node',
          include: ['packages/*/src/**/*.test.ts', 'demo/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/dist/**', '**/node_modules/**'],
          globalSetup: [sellers],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        plugins: [ownSeller, docsModules()],
        // Found while a test runs, they would reload its page.
        optimizeDeps: {
          include: [
            'react',
            'react/jsx-runtime',
            'react-dom/client',
            'react-dom/server.browser',
            '@tanstack/react-query',
            'vue',
            'svelte',
            'svelte/internal/client',
            'svelte/internal/disclose-version',
            'eventsource-parser',
            'fast-check',
            'axios',
          ],
        },
        test: {
          name: 'chromium',
          include: ['packages/*/src/**/*.{neutral,browser}.test.ts'],
          globalSetup: [sellers],
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(chromium ? { executablePath: chromium } : {}),
                args: isRoot ? ['--no-sandbox'] : [],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: { name: 'fuzz', include: ['fuzz/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        // The adapter's tests once more, against the Express that most servers still run.
        resolve: { alias: [...sources, { find: /^express$/, replacement: 'express4' }] },
        test: {
          name: 'express4',
          include: ['packages/express/src/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
})
