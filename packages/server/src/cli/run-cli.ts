import { parseArgs } from 'node:util'
import Stripe from 'stripe'
import { ConfigurationError } from '../configuration-error.js'
import type { Environment } from '../environment.js'
import { BlankStoreError, StoreUnavailableError } from '../store/index.js'
import { type Call, type Command, type ExitCode, parseOptionsOf } from './command.js'
import { auditCommand } from './commands/audit.js'
import { balanceCommand } from './commands/balance.js'
import { historyCommand } from './commands/history.js'
import { reconcileCommand } from './commands/reconcile.js'
import { refundCommand } from './commands/refund.js'
import { sweepCommand } from './commands/sweep.js'
import { helpFor, overview } from './help.js'
import { openSeller } from './open-seller.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage-error.js'

const COMMANDS: readonly Command[] = [
  auditCommand,
  reconcileCommand,
  sweepCommand,
  balanceCommand,
  historyCommand,
  refundCommand,
]

/** Runs one command line and gives its exit code. */
export async function runCli(
  argv: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    const [name, ...rest] = argv
    if (name === undefined || ['help', '--help', '-h'].includes(name)) {
      for (const line of overview(COMMANDS)) terminal.say(line)
      return name === undefined ? 2 : 0
    }
    const command = COMMANDS.find((one) => one.name === name)
    if (!command) throw new UsageError(`There is no command "${name}". See: npx stripe402 --help`)
    return await runCommand(command, rest, { environment, terminal })
  } catch (error) {
    terminal.note(`stripe402: ${sentenceOf(error)}`)
    return couldNotBeTried(error) ? 2 : 1
  } finally {
    terminal.endProgress()
  }
}

async function runCommand(
  command: Command,
  argv: string[],
  { environment, terminal }: { environment: Environment; terminal: Terminal },
): Promise<ExitCode> {
  const { options, positionals } = parse(command, argv)
  if (options.help === true) {
    for (const line of helpFor(command)) terminal.say(line)
    return 0
  }
  if (positionals.length !== command.arguments)
    throw new UsageError(`Use it like this: npx stripe402 ${command.name} ${command.synopsis}`)
  const warn = (message: string): void => terminal.note(message)
  const seller = await openSeller(environment, { warn, error: warn })
  try {
    const { stripe402 } = seller
    return await command.run({ stripe402, terminal, options, positionals, isJson: options.json === true })
  } finally {
    await seller.close()
  }
}

function parse(command: Command, args: string[]): Pick<Call, 'options' | 'positionals'> {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: parseOptionsOf(command),
      allowPositionals: true,
    })
    const options: Record<string, string | boolean> = {}
    for (const [name, value] of Object.entries(values))
      if (typeof value === 'string' || typeof value === 'boolean') options[name] = value
    return { options, positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

const { StripeAPIError, StripeAuthenticationError, StripeConnectionError, StripeRateLimitError } =
  Stripe.errors

/** Whoever is told of missing money by a 1 is not woken by a store or a Stripe that is away. */
function couldNotBeTried(error: unknown): boolean {
  // A blank store was reached, and refuses.
  if (error instanceof StoreUnavailableError) return !(error instanceof BlankStoreError)
  return [
    UsageError,
    ConfigurationError,
    StripeAPIError,
    StripeAuthenticationError,
    StripeConnectionError,
    StripeRateLimitError,
  ].some((kind) => error instanceof kind)
}

/** Stripe's own sentences may repeat a part of the key. */
function sentenceOf(error: unknown): string {
  if (error instanceof StripeAuthenticationError) return 'Stripe does not accept STRIPE_SECRET_KEY.'
  if (error instanceof Stripe.errors.StripeError)
    return `Stripe could not be asked (${error.type}). Run it again.`
  return error instanceof Error ? error.message : String(error)
}
