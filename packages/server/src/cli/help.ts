import { COMMON, type Command } from './command.js'

/** What `stripe402 --help` says. */
export function overview(commands: readonly Command[]): string[] {
  const width = Math.max(...commands.map(({ name, synopsis }) => `${name} ${synopsis}`.length))
  return [
    'Usage: npx stripe402 <command> [options]',
    '',
    ...commands.map(({ name, synopsis, summary }) => `  ${`${name} ${synopsis}`.padEnd(width)}  ${summary}`),
    '',
    'Every command takes --json and --help. It is configured by the environment of your server:',
    'STRIPE_SECRET_KEY, SERVER_SECRET, and REDIS_URL or DATABASE_URL.',
    'Exit status: 0 fine; 1 something does not add up, was refused or is not known; 2 it could not be tried.',
  ]
}

/** What `stripe402 <command> --help` says. */
export function helpFor({ name, synopsis, summary, options }: Command): string[] {
  const all: Command['options'] = { ...options, ...COMMON }
  const rows = Object.entries(all).map(([option, { type, help }]) => {
    return [`--${option}${type === 'string' ? ' <…>' : ''}`, help] as const
  })
  const width = Math.max(...rows.map(([option]) => option.length))
  return [
    `Usage: npx stripe402 ${name} ${synopsis}`.trimEnd(),
    '',
    summary,
    '',
    ...rows.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`),
  ]
}
