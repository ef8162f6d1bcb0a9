import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPostgres, startRedis } from '../scripts/local-servers.js'
import { CONNECTIONS } from './bench-client.js'
import { measure } from './measure.js'
import { type MemoryMark, weigh } from './memory.js'
import { profile } from './profile.js'

const { values } = parseArgs({
  options: {
    memory: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
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

/** Starts the server that is measured, and stops it again. */
async function withServer<T>(kind: string, url: string, use: (origin: string) => Promise<T>): Promise<T> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [kind, url], {
    execArgv: ['--import', 'tsx'],
  })
  const [message] = await once(child, 'message')
  try {
    return await use(`http://127.0.0.1:${message.port}`)
  } finally {
    child.disconnect()
    await once(child, 'exit')
  }
}

if (values.memory) {
  await weighRedis()
  process.exit()
}

/** Compares what Redis keeps after 100,000 paid requests with what it keeps after each 100,000 more. */
async function weighRedis(): Promise<void> {
  const steps = Array.from({ length: 10 }, (_, index) => (index + 1) * 100_000)
  const onMark = ({ requests, perSecond, usedMemory, grownBy }: MemoryMark): void =>
    console.log(`${requests} paid requests: ${usedMemory} bytes (+${grownBy}), ${perSecond} per second`)
  await withStore('redis', (url) => weigh(url, values.json ? { steps } : { steps, onMark }))
}

const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const job: (origin: string) => Promise<unknown> = values.profile
  ? (origin: string) => profile(origin, rounds * seconds)
  : (origin: string) => measure(origin, rounds, seconds)
const results: Record<string, unknown> = {}
for (const kind of values.store) {
  if (!values.json) console.log(`measuring ${kind}: ${rounds} pairs of ${seconds} s, twice …`)
  results[kind] = await withStore(kind, (url) => withServer(kind, url, job))
}
if (values.json) console.log(JSON.stringify(results))
else {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${CONNECTIONS} connections`,
  )
  for (const [kind, result] of Object.entries(results)) {
    console.log(kind)
    console.table(result)
  }
}
