import { existsSync } from 'node:fs'
import { runCommand } from './run-command.js'

/**
 * Installs a Debian package when this user may: as root, or with a `sudo` that asks nothing.
 *
 * Returns why it did not, or undefined when the package is there.
 */
export async function installDebianPackage(name: string): Promise<string | undefined> {
  if (!existsSync('/usr/bin/apt-get')) return 'this is not Debian or Ubuntu'
  const isRoot = process.getuid?.() === 0
  if (!isRoot && (await runCommand('sudo', ['-n', 'true'])).code !== 0)
    return 'it needs root, or sudo without a password'
  console.log(`  installing the Debian package ${name} …`)
  // Run level 1 keeps a server's package from starting a service that nobody asked for.
  const asRoot = (...args: string[]): ReturnType<typeof runCommand> =>
    runCommand(isRoot ? 'env' : 'sudo', [
      ...(isRoot ? [] : ['-n', 'env']),
      'DEBIAN_FRONTEND=noninteractive',
      'RUNLEVEL=1',
      ...args,
    ])
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', name]
  if ((await asRoot(...install)).code === 0) return undefined
  // A fresh image has no package lists, an old one stale ones.
  await asRoot('apt-get', 'update', '-q')
  const { code, output } = await asRoot(...install)
  return code === 0 ? undefined : `apt-get said:\n${output.slice(-2000)}`
}
