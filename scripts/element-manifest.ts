import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, runCommand } from './run-command.js'

const PACKAGE = join(ROOT, 'packages/paywall')
/** Where its configuration lets the analyzer write. */
const SCRATCH = 'packages/paywall/dist/manifest'

interface Described {
  name: string
  description?: string
}
interface Member extends Described {
  kind: string
  privacy?: string
  type?: { text: string }
}
interface Declaration extends Described {
  tagName: string
  members: Member[]
  attributes?: (Described & { type?: { text: string }; fieldName?: string })[]
  events?: (Described & { type?: { text: string } })[]
  slots?: Described[]
  cssParts?: Described[]
  cssProperties?: Described[]
}
interface Manifest {
  schemaVersion: string
  modules: { path: string; declarations: Declaration[] }[]
}

/** What editors are told about values that an attribute takes. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  theme: ['light', 'dark'],
  mode: ['page'],
  prompt: ['dialog', 'bar'],
}

/**
 * Writes what tools know of the elements: the custom elements manifest and, made from it, the data of VS Code and of
 * JetBrains. With `--check` it writes nothing and fails for a file that is stale.
 */
async function main(isCheck: boolean): Promise<void> {
  const manifest = await analyze()
  const elements = manifest.modules.flatMap(({ declarations }) => declarations)
  const files = {
    'custom-elements.json': manifest,
    'vscode.html-custom-data.json': vscodeData(elements),
    'web-types.json': webTypes(elements),
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(PACKAGE, name)
    const text = `${JSON.stringify(content, null, 2)}\n`
    if (!isCheck) writeFileSync(path, text)
    else if (JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))) !== JSON.stringify(content))
      throw new Error(`${name} is stale: run npx tsx scripts/element-manifest.ts and npm run format.`)
  }
}

async function analyze(): Promise<Manifest> {
  const config = join(ROOT, 'scripts/element-manifest.config.mjs')
  const { code, output } = await runCommand('custom-elements-manifest', ['analyze', '--config', config])
  if (code !== 0) throw new Error(`The analyzer failed:\n${output}`)
  const found: Manifest = JSON.parse(readFileSync(join(ROOT, SCRATCH, 'custom-elements.json'), 'utf8'))
  rmSync(join(ROOT, SCRATCH), { recursive: true })
  return {
    ...found,
    modules: found.modules
      .map((module) => ({
        ...module,
        path: module.path.replace('packages/paywall/src/', 'dist/').replace(/\.ts$/, '.js'),
        exports: [],
        declarations: module.declarations.map(described),
      }))
      .sort((one, other) => other.path.localeCompare(one.path)),
  }
}

/** The public part of a class; a property that is a string or a switch stands for the attribute of its name. */
function described(declaration: Declaration): Declaration {
  const members = declaration.members.filter(
    ({ privacy, description }) => privacy !== 'private' && description,
  )
  const attributes = members
    .filter(({ kind, type }) => kind === 'field' && /^(string \| null|boolean)$/.test(type?.text ?? ''))
    .map(({ name, description = '', type }) => ({
      name,
      description,
      fieldName: name,
      ...(type && { type: { text: type.text.replace(' | null', '') } }),
    }))
  const events = declaration.events?.filter(({ name }) => name.startsWith('stripe402-'))
  return { ...declaration, members, attributes, ...(events && { events }) }
}

/** https://code.visualstudio.com/blogs/2020/02/24/custom-data-format */
function vscodeData(elements: readonly Declaration[]): object {
  return {
    version: 1.1,
    tags: elements.map(({ tagName, description, attributes = [] }) => ({
      name: tagName,
      description,
      attributes: attributes.map((attribute) => ({
        name: attribute.name,
        description: attribute.description,
        ...(attribute.type?.text === 'boolean' && { valueSet: 'v' }),
        ...(VALUES[attribute.name] && { values: VALUES[attribute.name]?.map((name) => ({ name })) }),
      })),
    })),
  }
}

/** https://github.com/JetBrains/web-types */
function webTypes(elements: readonly Declaration[]): object {
  const { name, version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: elements.map((element) => ({
          name: element.tagName,
          description: element.description,
          attributes: element.attributes?.map(({ name, description, type }) => ({
            name,
            description,
            value: { type: VALUES[name]?.map((value) => `'${value}'`).join(' | ') ?? type?.text },
          })),
          slots: element.slots?.filter((slot) => slot.name !== 'card'),
          js: {
            properties: element.members
              .filter(({ kind }) => kind === 'field')
              .map(({ name, description, type }) => ({ name, description, type: type?.text })),
            events: element.events?.map(({ name, description }) => ({ name, description })),
          },
          css: { parts: element.cssParts, properties: element.cssProperties },
        })),
      },
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'))
