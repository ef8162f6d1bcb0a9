import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'node_modules/.cache/docs-code')

interface Block {
  /** File and line of the fence. */
  where: string
  language: string
  code: string
}

const pages = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs')]
const blocks = pages.flatMap(blocksOf)

beforeAll(() => mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the code in README and docs', () => {
  it('compiles', () => {
    const sources = blocks.flatMap(scriptsOf)
    expect(sources.length).toBeGreaterThan(5)
    for (const [index, { where, language, code }] of sources.entries()) {
      const file = join(folder, fileOf({ where, language, code }) ?? `block-${index}.${language}`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `// ${where}\n${code}\nexport {}\n`)
    }
    writeFileSync(join(folder, 'components.d.ts'), COMPONENTS)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
    expect(compile()).toBe('')
  }, 120_000)

  it.each(blocks.filter(({ language }) => language === 'json'))('is JSON: $where', ({ code }) => {
    expect(() => JSON.parse(code)).not.toThrow()
  })

  it('names only commands that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    const named = blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => [...code.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name ?? ''))
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('links to pages that exist', () => {
    const missing = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target]) => join(page, '..', target ?? ''))
        .filter((target) => !exists(join(root, target)))
        .map((target) => `${page} → ${target}`),
    )
    expect(missing).toEqual([])
  })
})

/** What the plugins of Vue and Svelte say about their files. */
const COMPONENTS = `
declare module '*.vue' {
  const component: import('vue').Component
  export default component
}
declare module '*.svelte' {
  const component: import('svelte').Component
  export default component
}`

const TSCONFIG = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    composite: false,
    isolatedDeclarations: false,
    declaration: false,
    noEmit: true,
    module: 'ESNext',
    moduleResolution: 'Bundler',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    jsx: 'react-jsx',
  },
  include: ['**/*.ts', '**/*.tsx'],
}

function compile(): string {
  try {
    return execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  } catch (error) {
    return typeof error === 'object' && error !== null && 'stdout' in error
      ? String(error.stdout)
      : String(error)
  }
}

/** TypeScript as it is, and the module scripts of an HTML page. */
function scriptsOf({ where, language, code }: Block): Block[] {
  if (language === 'ts' || language === 'tsx') return [{ where, language, code }]
  if (language !== 'html') return []
  return [...code.matchAll(/<script type="module">(.*?)<\/script>/gs)].map(([, script]) => ({
    where,
    language: 'ts',
    code: script ?? '',
  }))
}

/** Where a block that begins with its name belongs, so that its neighbours find it. */
function fileOf({ where, code }: Block): string | undefined {
  const [, name] = /^\/\/ ([\w./-]+\.tsx?)\n/.exec(code) ?? []
  return name && join(where.replace(/\.md:.*/, ''), name)
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: code = '' }) => ({
    where: `${page}:${text.slice(0, index).split('\n').length}`,
    language,
    code,
  }))
}

function markdownIn(path: string): string[] {
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(path, name))
}

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EISDIR'
  }
}
