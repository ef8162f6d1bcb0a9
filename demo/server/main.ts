import { fileURLToPath } from 'node:url'
import { ConfigurationError } from '@stripe402/server'
import { DemoError } from './demo-error.js'
import { readSettings } from './demo-settings.js'
import { startDemo } from './start-demo.js'

/** This file runs as `demo/dist/server/main.js`. */
const places = {
  site: fileURLToPath(new URL('../site', import.meta.url)),
  dataFolder: fileURLToPath(new URL('../../.data', import.meta.url)),
}

try {
  const demo = await startDemo(readSettings(process.env), places, console.log)
  // Once: a second Ctrl-C ends at once, as people expect.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      demo.close().catch((error) => {
        console.error(error)
        process.exitCode = 1
      })
    })
} catch (error) {
  const isPlain = error instanceof DemoError || error instanceof ConfigurationError
  console.error(isPlain ? `demo: ${error.message}` : error)
  process.exitCode = 1
}
