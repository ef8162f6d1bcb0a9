// What leaves this repository: nothing but what is named here, no script that runs at an install, and no dependency
// that has one.
import { readFileSync } from 'node:fs'
import { type Finished, ROOT, runCommand } from './run-command.js'

/** Files of any package. Types and code only: no sources, tests, maps or settings. */
const EVERYWHERE = [
  /^package\.json$/,
  /^(?:README|LICENSE|CHANGELOG)(?:\.md)?$/,
  /^dist\/(?!.*\.(?:test|fixture)\.)[\w./-]+\.(?:js|d\.ts)$/,
]
/** Files of one package. */
const ALSO: Readonly<Record<string, readonly RegExp[]>> = {
  '@stripe402/core': [/^vectors\/[\w-]+\.json$/],
  '@stripe402/server': [/^bin\/stripe402\.js$/],
  // Types for React, and what editors read.
  '@stripe402/paywall': [
    /^(?:dist\/)?custom-elements\.json$/,
    /^react\.d\.ts$/,
    /^vscode\.html-custom-data\.json$/,
    /^web-types\.json$/,
  ],
}
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']

/** Packs the published packages without writing anything, and looks at the list. */
export async function checkPackageContents(published: readonly string[]): Promise<Finished> {
  const workspaces = published.flatMap((name) => ['-w', `packages/${name}`])
  const packed = await runCommand('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', ...workspaces])
  if (packed.code !== 0) return packed
  const output = [
    ...problemsOf(packed.output, published.length),
    ...published.flatMap(installScriptsOf),
    ...shippedInstallScripts(published),
  ].join('')
  return { code: output === '' ? 0 : 1, output }
}

function problemsOf(output: string, count: number): string[] {
  const packages: { name: string; files: { path: string }[] }[] = JSON.parse(
    output.slice(output.indexOf('[\n'), output.lastIndexOf(']') + 1),
  )
  if (packages.length !== count) return [`${packages.length} of ${count} packages were packed.\n`]
  return packages.flatMap(({ name, files }) => {
    const allowed = [...EVERYWHERE, ...(ALSO[name] ?? [])]
    return files
      .filter(({ path }) => !allowed.some((pattern) => pattern.test(path)))
      .map(
        ({ path }) => `${name} would publish ${path}: change "files", or allow it in package-contents.ts.\n`,
      )
  })
}

function installScriptsOf(name: string): string[] {
  const { scripts = {} }: { scripts?: Record<string, string> } = JSON.parse(
    readFileSync(`${ROOT}packages/${name}/package.json`, 'utf8'),
  )
  return INSTALL_SCRIPTS.filter((script) => script in scripts).map(
    (script) => `@stripe402/${name} has a script that runs at an install: ${script}.\n`,
  )
}

interface Locked {
  dependencies?: Record<string, string>
  hasInstallScript?: boolean
}

/** Everything that installing our packages installs, optional peers aside, must come without an install script. */
function shippedInstallScripts(published: readonly string[]): string[] {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(`${ROOT}package-lock.json`, 'utf8'),
  )
  const seen = new Set<string>()
  const waiting = published.map((name) => `packages/${name}`)
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const name of Object.keys(packages[path]?.dependencies ?? {}))
      waiting.push(
        `${path}/node_modules/${name}` in packages ? `${path}/node_modules/${name}` : `node_modules/${name}`,
      )
  }
  return [...seen]
    .filter((path) => packages[path]?.hasInstallScript)
    .map((path) => `${path} runs a script when somebody installs our packages.\n`)
}
