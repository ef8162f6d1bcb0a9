import type { HistoryEntry } from '../store.js'

/** What was served, held against what was taken for it. */
export interface Services {
  /** The head of an answer below 400 to this request id stands, which costs so much. */
  served(name: string, answer: { operation: string; units: number; atMs: number }): void
  /** What is wrong with these captures; at most so many may be missing. */
  check(entries: readonly HistoryEntry[], losable: number): { rule: 'I5' | 'I6'; detail: string }[]
}

/** All that was served under one name: at one price. */
interface Service {
  units: number
  /** Request id → when it was served. */
  operations: Map<string, number[]>
}

/** Remembers what is served, by method and URL as histories name it. */
export function watchServices(): Services {
  const services = new Map<string, Service>()
  return {
    served(name, { operation, units, atMs }) {
      const service = services.get(name) ?? { units, operations: new Map() }
      services.set(name, service)
      service.operations.set(operation, [...(service.operations.get(operation) ?? []), atMs])
    },

    check(entries, losable) {
      const wrong: { rule: 'I5' | 'I6'; detail: string }[] = []
      const spent = spendsByName(entries)
      let lost = 0
      for (const [name, { units, operations }] of services) {
        const { times, taken } = spent.get(name) ?? { times: 0, taken: 0 }
        spent.delete(name)
        const most = [...operations.values()].reduce((sum, atMs) => sum + pricesOf(atMs), 0)
        if (times > most)
          wrong.push({ rule: 'I5', detail: `${name} was captured ${times} times; ${most} would be right` })
        if (taken !== times * units)
          wrong.push({ rule: 'I5', detail: `${name} costs ${units}; ${times} captures took ${taken}` })
        lost += Math.max(0, operations.size - times)
      }
      for (const [name, { times }] of spent)
        wrong.push({ rule: 'I6', detail: `${name} was never served and captured ${times} times` })
      if (lost > losable)
        wrong.push({ rule: 'I5', detail: `${lost} served answers were not captured; ${losable} may be` })
      return wrong
    },
  }
}

function spendsByName(entries: readonly HistoryEntry[]): Map<string, { times: number; taken: number }> {
  const spent = new Map<string, { times: number; taken: number }>()
  for (const { kind, reference, units } of entries) {
    if (kind !== 'spend') continue
    const { times, taken } = spent.get(reference) ?? { times: 0, taken: 0 }
    spent.set(reference, { times: times + 1, taken: taken - units })
  }
  return spent
}

/** A request id is remembered for ten minutes; after them the same one is another request. */
function pricesOf(servedAtMs: readonly number[]): number {
  return (
    1 +
    servedAtMs.filter((atMs, index) => index > 0 && atMs - (servedAtMs[index - 1] ?? atMs) > 590_000).length
  )
}
