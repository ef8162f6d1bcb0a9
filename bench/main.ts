import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPostgres, startRedis } from '../scripts/local-servers.js'
import { type Measured, measure } from './measure.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    store: { type: 'string', multiple: true, default: ['memory', 'redis', 'postgres'] },
  },
})

/** Starts what a store needs, on a free port, and stops it again. */
async function withStore<T>(kind: string, use: (url: string) => Promise<T>): Promise<T> {
  if (kind === 'memory') return use('')
  const server = kind === 'redis' ? await startRedis() : await startPostgres()
  try {
    return await use(server.url)
  } finally {
    await server.stop()
  }
}

async function benchmark(kind: string, url: string): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [kind, url], {
    execArgv: ['--import', 'tsx'],
  })
  const [message] = await once(child, 'message')
  try {
    return await measure(`http://127.0.0.1:${message.port}`, Number(values.rounds), Number(values.seconds))
  } finally {
    child.disconnect()
    await once(child, 'exit')
  }
}

const results: Record<string, Measured> = {}
for (const kind of values.store) {
  if (!values.json) console.log(`measuring ${kind}: ${values.rounds} pairs of ${values.seconds} s, twice …`)
  results[kind] = await withStore(kind, (url) => benchmark(kind, url))
}
if (values.json) console.log(JSON.stringify(results))
else {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, 64 connections`)
  console.table(results)
}
