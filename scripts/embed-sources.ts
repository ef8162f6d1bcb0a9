// Embeds .lua and .sql sources into generated modules, so that a published package reads no files at run time.
// `--check` writes nothing and exits with 1 when a module is stale.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const store = join(root, 'packages/server/src/store')

const modules = [
  { path: join(store, 'redis/lua.gen.ts'), text: luaModule(join(store, 'redis/lua')) },
  { path: join(store, 'postgres/sql.gen.ts'), text: sqlModule(join(store, 'postgres/sql')) },
]

const stale = modules.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
if (process.argv.includes('--check')) {
  for (const { path } of stale)
    console.error(`${path.slice(root.length)} is stale: run "npx tsx scripts/embed-sources.ts".`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else for (const { path, text } of stale) writeFileSync(path, text)

/** Every script of a folder with its SHA-1, under which a Redis server caches it. */
function luaModule(folder: string): string {
  const entries = sourcesOf(folder, '.lua').map(({ name, text }) => {
    const source = text.replace(/^--@include (.+)$/gm, (_line, path) =>
      readFileSync(join(folder, path), 'utf8').trim(),
    )
    const sha1 = createHash('sha1').update(source).digest('hex')
    return `  '${name}': {\n    sha1: '${sha1}',\n    source: ${literal(source)},\n  },\n`
  })
  return `${header('lua')}/** A script and the name under which a server caches it. */
export interface LuaScript {
  sha1: string
  source: string
}

/** Scripts by file name. */
export const LUA: Readonly<Record<${names(folder, '.lua')}, LuaScript>> = {\n${entries.join('')}}\n`
}

/** Every migration of a folder, in the order of the file names. */
function sqlModule(folder: string): string {
  const entries = sourcesOf(folder, '.sql').map(
    ({ name, text }) => `  {\n    name: '${name}',\n    sql: ${literal(text)},\n  },\n`,
  )
  return `${header('sql')}/** Migrations in the order in which they are applied. */
export const MIGRATIONS: readonly { name: string; sql: string }[] = [\n${entries.join('')}]\n`
}

function sourcesOf(folder: string, extension: string): { name: string; text: string }[] {
  return readdirSync(folder)
    .filter((file) => extname(file) === extension)
    .sort()
    .map((file) => ({
      name: basename(file, extension),
      text: readFileSync(join(folder, file), 'utf8').trimEnd(),
    }))
}

function names(folder: string, extension: string): string {
  return sourcesOf(folder, extension)
    .map(({ name }) => `'${name}'`)
    .join(' | ')
}

function header(extension: string): string {
  return `// Generated from ${extension}/*.${extension} by scripts/embed-sources.ts. Change the sources, not this file.\n\n`
}

/** One text per line, so that a change shows as the lines that changed. */
function literal(text: string): string {
  const lines = text.split('\n')
  return `[\n${lines.map((line) => `      ${JSON.stringify(line)},\n`).join('')}    ].join('\\n')`
}
