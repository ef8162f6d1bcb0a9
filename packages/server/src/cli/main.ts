import { runCli } from './run-cli.js'
import { terminal } from './terminal.js'

process.exitCode = await runCli(process.argv.slice(2), process.env, terminal(process))
