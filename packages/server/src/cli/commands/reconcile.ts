import { moment, money } from '../amounts.js'
import { type Command, textOf } from '../command.js'
import { refuseBlank } from '../refuse-blank.js'
import { UsageError } from '../usage-error.js'

const SPAN_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 }

/** `stripe402 reconcile` */
export const reconcileCommand: Command = {
  name: 'reconcile',
  synopsis: '[--since <date>] [--rebuild]',
  summary: 'Compare the store with Stripe and write down what is missing; --rebuild one that lost its data.',
  options: {
    since: {
      type: 'string',
      help: 'look at what was made since: 2026-01-31, 30d or 12h (default: the last run)',
    },
    rebuild: {
      type: 'boolean',
      help: 'if the store is blank, because it lost its data: rebuild it from Stripe; what was spent is forgiven',
    },
  },
  arguments: 0,
  async run({ stripe402, terminal, options, isJson }) {
    const since = textOf({ options }, 'since')
    const sinceMs = since === undefined ? undefined : readSince(since, stripe402.settings.runtime.now())
    if (options.rebuild !== true) await refuseBlank(stripe402)
    const report = await stripe402.reconcile({
      sinceMs,
      onProgress: (kind, seen) => terminal.progress(`reconcile: ${seen} ${kind}`),
    })
    if (isJson) {
      terminal.say(JSON.stringify(report))
      return 0
    }
    for (const { kind, id, clientId, currency, units } of report.repairs)
      terminal.say(`${kind.slice(0, -1)} ${id} ${money(units, currency)} ${clientId}`)
    for (const id of report.cancelled) terminal.say(`cancelled ${id}: no purchase is open for it`)
    const repaired = Object.values(report.repaired).reduce((sum, count) => sum + count, 0)
    if (repaired > report.repairs.length) terminal.say(`… and ${repaired - report.repairs.length} more`)
    for (const kind of ['payments', 'refunds', 'disputes'] as const) {
      const from = report.since[kind]
      terminal.say(
        `${kind}: ${report.seen[kind]} compared, ${report.repaired[kind]} written down${
          from === null ? '' : ` (made since ${moment(from)})`
        }`,
      )
    }
    if (report.isRebuilt) terminal.say('The store was blank; it is complete now, and the shop goes on.')
    return 0
  },
}

function readSince(text: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const spanMs = SPAN_MS[unit]
  if (count !== undefined && spanMs !== undefined) return Math.max(0, nowMs - Number(count) * spanMs)
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs))
    throw new UsageError(`"${text}" is no date: write 2026-01-31, 2026-01-31T12:00Z, 30d or 12h.`)
  return atMs
}
