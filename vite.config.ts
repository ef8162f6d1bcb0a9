import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

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

export default defineConfig({
  resolve: { alias: sources },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['packages/*/src/**/*.test.ts', 'demo/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/dist/**', '**/node_modules/**'],
          testTimeout: 30_000,
        },
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
