import type { ParseArgsConfig } from 'node:util'
import { type ClientId, isClientId } from '@stripe402/core'
import type { Stripe402 } from '../create-stripe402.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage-error.js'

/** What a command is given. */
export interface Call {
  stripe402: Stripe402
  terminal: Terminal
  /** Options by name, as they were written. */
  options: Readonly<Record<string, string | boolean | undefined>>
  positionals: readonly string[]
  isJson: boolean
}

/** 0: fine. 1: something does not add up, was refused, or is not known. 2: it could not be tried. */
export type ExitCode = 0 | 1 | 2

/** One command of the CLI. */
export interface Command {
  name: string
  /** What stands behind its name. */
  synopsis: string
  summary: string
  /** Each option with what it means. */
  options: Readonly<Record<string, { type: 'string' | 'boolean'; short?: string; help: string }>>
  /** Positional arguments that it needs. */
  arguments: number
  run(call: Call): Promise<ExitCode>
}

/** The options that every command has. */
export const COMMON = {
  json: { type: 'boolean', help: 'print JSON' },
  help: { type: 'boolean', short: 'h', help: 'say how to use it' },
} as const

/** The options of a command as `parseArgs` takes them. */
export function parseOptionsOf(command: Command): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON }).map(([name, { type, ...option }]) => [
      name,
      'short' in option && option.short !== undefined ? { type, short: option.short } : { type },
    ]),
  )
}

/** The client that a command is about. */
export function clientOf({ positionals }: Pick<Call, 'positionals'>): ClientId {
  const [clientId = ''] = positionals
  if (!isClientId(clientId))
    throw new UsageError(`"${clientId}" is not a client id, which is 64 lower-case hex digits.`)
  return clientId
}

/** An option with a value. */
export function textOf({ options }: Pick<Call, 'options'>, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
