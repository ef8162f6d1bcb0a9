import { runCommand } from './run-command.js'

/* The crash tests in their long form; `npm test` runs the short one. Further arguments go to Vitest. */

const args = ['run', '--project', 'node', '--reporter=verbose', 'packages/server/src/crash']
const { code } = await runCommand('vitest', [...args, ...process.argv.slice(2)], {
  isShown: true,
  env: { STRIPE402_CRASH: 'long' },
})
process.exitCode = code
