import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile as compileSvelte } from 'svelte/compiler'
import { type Plugin, transformWithOxc } from 'vite'
import { compileScript, parse } from 'vue/compiler-sfc'

const folder = fileURLToPath(new URL('../docs/frameworks/', import.meta.url))
const PREFIX = 'docs:'
const DEFINE = '\0docs-define'

/**
 * The named code blocks of docs/frameworks as modules: `docs:react/main.tsx` is the block of react.md that begins with its
 * name, and may import its neighbours. Vue and Svelte components are compiled as their own plugins would.
 */
export function docsModules(): Plugin {
  return {
    name: 'stripe402:docs-modules',
    enforce: 'pre',
    resolveId(source, importer) {
      // A query makes another instance of the same module.
      const [path = '', query] = source.split('?')
      if (path.startsWith(PREFIX)) return idOf(path.slice(PREFIX.length)) + (query ? `?${query}` : '')
      const [, from] = /^\0docs:(.*?)(\?|$)/.exec(importer ?? '') ?? []
      // The element has tests of its own; here a payer answers in the place of the person in front of it.
      if (from && /paywall\/(src\/)?define(\.ts)?$/.test(source)) return DEFINE
      if (!from || !source.startsWith('.')) return null
      return idOf(new URL(source, `file:///${from}`).pathname.slice(1))
    },
    async load(id) {
      if (id === DEFINE) return 'export {}'
      const [, path = ''] = /^\0docs:(.*?)(\?|$)/.exec(id) ?? []
      if (!path) return null
      return (await transformWithOxc(sourceOf(path), path, { jsx: { runtime: 'automatic' } })).code
    },
  }
}

/** The suffix lets what comes out of a component be treated as TypeScript. */
function idOf(path: string): string {
  const [page = '', ...rest] = path.split('/')
  const name = rest.join('/')
  const known = [name, name.replace(/\.js$/, '.ts'), name.replace(/\.js$/, '.tsx')]
  const found = known.find((one) => blocksOf(page).has(one)) ?? name
  return `\0${PREFIX}${page}/${found}${/\.(vue|svelte)$/.test(found) ? '.ts' : ''}`
}

function sourceOf(path: string): string {
  if (path.endsWith('.vue.ts')) return vueModule(path.slice(0, -3))
  return path.endsWith('.svelte.ts') ? svelteModule(path.slice(0, -3)) : blockNamed(path)
}

function blockNamed(path: string): string {
  const [page = '', ...rest] = path.split('/')
  const code = blocksOf(page).get(rest.join('/'))
  if (code === undefined) throw new Error(`docs/frameworks/${page}.md has no block ${rest.join('/')}.`)
  return code
}

function blocksOf(page: string): Map<string, string> {
  const text = readFileSync(`${folder}${page}.md`, 'utf8')
  const blocks = text.matchAll(/^```\w+\n((?:\/\/|<!--) ([\w./-]+\.\w+)(?: -->)?\n.*?)^```$/gms)
  return new Map([...blocks].map(([, code = '', name = '']) => [name, code]))
}

function vueModule(path: string): string {
  const templateParseOptions = { isCustomElement: (tag: string) => tag.startsWith('stripe402-') }
  const { descriptor } = parse(blockNamed(path), { filename: path, templateParseOptions })
  return compileScript(descriptor, { id: path, inlineTemplate: true }).content
}

function svelteModule(path: string): string {
  return compileSvelte(blockNamed(path), { filename: path, generate: 'client', dev: false }).js.code
}
