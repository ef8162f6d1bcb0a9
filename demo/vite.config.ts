import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InlineConfig, Plugin } from 'vite'

const site = fileURLToPath(new URL('./site', import.meta.url))
const pages = ['index', 'article', 'gallery', 'playground', 'report', 'terms']

/** Puts `partials/<name>.html` where a page says `<!-- include <name> -->`, and marks the link to the page itself. */
function partials(): Plugin {
  return {
    name: 'demo-partials',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { filename }) {
        const here = `/${basename(filename, '.html').replace('index', '')}`
        return html.replace(/<!-- include ([a-z-]+) -->/g, (_comment, name: string) =>
          readFileSync(`${site}/partials/${name}.html`, 'utf8').replace(
            `<a href="${here}"`,
            `<a href="${here}" aria-current="page"`,
          ),
        )
      },
    },
  }
}

/** Builds the demo's pages into `dist/site`; nothing inline, because the policy of the pages forbids it. */
const demoSite: InlineConfig = {
  configFile: false,
  root: site,
  publicDir: false,
  logLevel: 'warn',
  plugins: [partials()],
  build: {
    target: 'es2022',
    outDir: fileURLToPath(new URL('./dist/site', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        ...Object.fromEntries(pages.map((page) => [page, `${site}/${page}.html`])),
        'paywall-page': `${site}/scripts/paywall-page.ts`,
      },
      output: {
        // The server names this one in the page of a 402, so its address must not change.
        entryFileNames: ({ name }) =>
          name === 'paywall-page' ? 'static/[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
}

export default demoSite
