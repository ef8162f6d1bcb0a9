import type { AccountKey } from '../../store.js'
import { shardOf } from './keys.js'
import { unexpected } from './replies.js'

/** So many holds or captures keep one script below a few milliseconds, in which Redis serves nobody else. */
export const MOST_PER_SCRIPT = 128

/**
 * Asks about many at once: with one script where it may touch several shards and does not take long, else with more.
 * The answers stand in the order of the items.
 *
 * @throws the first error of `ask`, and StoreUnavailableError when it answered fewer than it was asked.
 */
export async function askInGroups<Item extends AccountKey, Answer>(
  items: readonly Item[],
  spansShards: boolean,
  ask: (group: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  if (spansShards && items.length <= MOST_PER_SCRIPT) return ask(items)
  const groups = groupPlaces(items, (item) => (spansShards ? '' : shardOf(item)))
  const answers: Answer[] = []
  await Promise.all(
    groups.map(async (places) => {
      const answered = await ask(places.flatMap((place) => items[place] ?? []))
      for (const [index, place] of places.entries()) {
        const one = answered[index]
        if (one === undefined) throw unexpected()
        answers[place] = one
      }
    }),
  )
  return answers
}

/** The places of items that belong together, in groups that one script may have. */
function groupPlaces<Item>(items: readonly Item[], nameOf: (item: Item) => string): number[][] {
  const groups: number[][] = []
  const open = new Map<string, number[]>()
  for (const [place, item] of items.entries()) {
    const name = nameOf(item)
    let group = open.get(name)
    if (group === undefined || group.length === MOST_PER_SCRIPT) {
      group = []
      groups.push(group)
      open.set(name, group)
    }
    group.push(place)
  }
  return groups
}
