import { type Fault, isFaultKind } from './fault.js'
import type { RunSpec } from './run.js'

/** Writes what a run follows from, such as `scenario=two-tabs;seed=17;faults=12:lost,30:crash-before`. */
export function serializeSpec({ scenario, seed, faults }: RunSpec): string {
  return `scenario=${scenario};seed=${seed};faults=${faults.map(({ at, kind }) => `${at}:${kind}`).join(',')}`
}

/** @throws TypeError for a text that {@link serializeSpec} does not write. */
export function parseSpec(text: string): RunSpec {
  const [, scenario, seed, faults] =
    /^scenario=([\w-]+);seed=(\d+);faults=([\w:,-]*)$/.exec(text.trim()) ?? []
  if (scenario === undefined || seed === undefined || faults === undefined)
    throw new TypeError(`"${text}" is not like scenario=two-tabs;seed=17;faults=12:lost,30:crash-before`)
  return { scenario, seed: Number(seed), faults: faults === '' ? [] : faults.split(',').map(parseFault) }
}

function parseFault(text: string): Fault {
  const [at = '', kind = ''] = text.split(':')
  if (!/^\d+$/.test(at) || !isFaultKind(kind))
    throw new TypeError(`"${text}" is not a fault such as 12:lost.`)
  return { at: Number(at), kind }
}
