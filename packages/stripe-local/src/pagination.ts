import type Stripe from 'stripe'
import { noSuch } from './api-error.js'
import { integer, object, type Reader, text } from './params.js'

interface CreatedRange {
  gt?: number
  gte?: number
  lt?: number
  lte?: number
}

type ListParams = {
  created: Reader<CreatedRange | undefined>
  ending_before: Reader<string | undefined>
  limit: Reader<number | undefined>
  starting_after: Reader<string | undefined>
}

/** Reads `created=…` or `created[gte]=…`. */
const created: Reader<CreatedRange | undefined> = (value, name) => {
  if (typeof value === 'string') {
    const exact = integer(0)(value, name) ?? 0
    return { gte: exact, lte: exact }
  }
  const range = object({ gt: integer(0), gte: integer(0), lt: integer(0), lte: integer(0) })(value, name)
  if (range === undefined) return undefined
  return {
    ...(range.gt === undefined ? {} : { gt: range.gt }),
    ...(range.gte === undefined ? {} : { gte: range.gte }),
    ...(range.lt === undefined ? {} : { lt: range.lt }),
    ...(range.lte === undefined ? {} : { lte: range.lte }),
  }
}

/** The parameters of every list. */
export const LIST_PARAMS: ListParams = {
  created: created,
  ending_before: text,
  limit: integer(1, 100),
  starting_after: text,
}

interface Listed {
  id: string
  createdS: number
}

/** What a page is made of. */
export interface PageOptions<R extends Listed> {
  /** Oldest first, as they were made. */
  records: Iterable<R>
  noun: string
  params: { [Name in keyof ListParams]: ReturnType<ListParams[Name]> }
  url: string
  render: (record: R) => object
}

const DEFAULT_LIMIT = 10

/**
 * Cuts one page, newest first.
 * @throws ApiError `resource_missing` for a cursor that is no such object
 */
export function listPage<R extends Listed>({
  records,
  noun,
  params,
  url,
  render,
}: PageOptions<R>): Stripe.ApiList<object> {
  const newestFirst = [...records].reverse().filter((record) => isWithin(record.createdS, params.created))
  const limit = params.limit ?? DEFAULT_LIMIT
  const indexOf = (id: string, param: string): number => {
    const index = newestFirst.findIndex((record) => record.id === id)
    if (index < 0) throw noSuch(noun, id, param, 400)
    return index
  }
  if (params.ending_before !== undefined) {
    const end = indexOf(params.ending_before, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', data: newestFirst.slice(start, end).map(render), has_more: start > 0, url }
  }
  const start = params.starting_after === undefined ? 0 : indexOf(params.starting_after, 'starting_after') + 1
  const page = newestFirst.slice(start, start + limit)
  return { object: 'list', data: page.map(render), has_more: start + limit < newestFirst.length, url }
}

function isWithin(createdS: number, range: CreatedRange | undefined): boolean {
  if (range === undefined) return true
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = range
  return createdS > gt && createdS >= gte && createdS < lt && createdS <= lte
}
