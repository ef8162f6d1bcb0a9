import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, runCommand } from './run-command.js'

const PUBLISHED = ['core', 'server', 'express', 'client', 'paywall']

const folder = await mkdtemp(join(tmpdir(), 'stripe402-types-'))
try {
  for (const name of PUBLISHED) await checkTypes(name)
} finally {
  await rm(folder, { recursive: true })
}

/** Packs a package as npm would publish it and resolves its types by every entry point, as TypeScript does for its users. */
async function checkTypes(name: string): Promise<void> {
  const cwd = `${ROOT}packages/${name}`
  const packed = await runCommand('npm', ['pack', '--silent', '--pack-destination', folder], { cwd })
  const archive = join(folder, packed.output.trim().split('\n').at(-1) ?? '')
  // We publish ES modules only. What a script tag loads is imported by nobody.
  const asked = [archive, '--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', 'cdn']
  const { code, output } = packed.code === 0 ? await runCommand('attw', asked) : packed
  console.log(`${code === 0 ? '✓' : '✗'} types of @stripe402/${name}`)
  if (code === 0) return
  console.log(output)
  process.exitCode = 1
}
