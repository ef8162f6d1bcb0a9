import { invalidParameter } from './api-error.js'
import { integer, type Reader, required, text } from './params.js'
import type { World } from './world.js'

type SearchParams = {
  query: Reader<string>
  limit: Reader<number | undefined>
  page: Reader<string | undefined>
}

/** The parameters of every search. */
export const SEARCH_PARAMS: SearchParams = { query: required(text), limit: integer(1, 100), page: text }

/** What a page of results is made of. */
export interface SearchOptions<R> {
  world: World
  records: Iterable<R>
  params: { [Name in keyof SearchParams]: ReturnType<SearchParams[Name]> }
  url: string
  render: (record: R) => object
}

const DEFAULT_LIMIT = 10

/**
 * Searches what the index has caught up with: an object shows up `searchLagMs` after it was made.
 * @throws ApiError 400 for a query outside Stripe's search language
 */
export function searchPage<R extends { createdS: number }>(options: SearchOptions<R>): object {
  const { world, records, params, url, render } = options
  const matches = parseQuery(params.query)
  const indexedUntilS = (world.nowMs() - world.searchLagMs) / 1000
  const found = [...records]
    .reverse()
    .filter((record) => record.createdS <= indexedUntilS)
    .map(render)
    .filter(matches)
  const start = params.page === undefined ? 0 : Number(params.page)
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('Invalid page', { param: 'page' })
  const end = start + (params.limit ?? DEFAULT_LIMIT)
  const hasMore = end < found.length
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: hasMore,
    next_page: hasMore ? String(end) : null,
    url,
  }
}

type Predicate = (object: object) => boolean

/** Reads `field:"value"`, `metadata["key"]:"value"`, `amount>100`, `-field:…`, joined by AND or by OR. */
function parseQuery(query: string): Predicate {
  const clauses = [...query.matchAll(CLAUSE)]
  const rest = query.replaceAll(CLAUSE, '').trim()
  const joins = rest === '' ? [] : rest.split(/\s+/)
  const isOr = joins.some((join) => join.toUpperCase() === 'OR')
  const isJoined = joins.every((join) => join.toUpperCase() === (isOr ? 'OR' : 'AND'))
  if (clauses.length === 0 || !isJoined || joins.length !== clauses.length - 1) {
    throw invalidParameter(`We were unable to parse your search query: ${query}`, { param: 'query' })
  }
  const predicates = clauses.map((clause) => predicateOf(clause))
  return isOr
    ? (object) => predicates.some((matches) => matches(object))
    : (object) => predicates.every((matches) => matches(object))
}

const CLAUSE =
  /(-?)(metadata\[(?:"[^"]+"|'[^']+')\]|[a-z_]+)(:|~|>=|<=|>|<)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(null|\d+))/g

const SEARCHABLE = new Set(['amount', 'created', 'currency', 'customer', 'email', 'name', 'phone', 'status'])

function predicateOf(clause: RegExpMatchArray): Predicate {
  const [, minus, field = '', operator = ':', double, single, bare] = clause
  const key = /^metadata\[["'](.+)["']\]$/.exec(field)?.[1]
  if (key === undefined && !SEARCHABLE.has(field)) {
    throw invalidParameter(`Field \`${field}\` is an unsupported search field for this resource.`, {
      param: 'query',
    })
  }
  const wanted = (double ?? single ?? bare ?? '').replace(/\\(.)/g, '$1')
  return (object) => {
    const value = key === undefined ? member(object, field) : member(member(object, 'metadata'), key)
    const isMatch = bare === 'null' ? value === null || value === undefined : compare(value, operator, wanted)
    return minus === '-' ? !isMatch : isMatch
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function compare(value: unknown, operator: string, wanted: string): boolean {
  if (value === null || value === undefined) return false
  if (operator === ':') return String(value).toLowerCase() === wanted.toLowerCase()
  if (operator === '~') return String(value).toLowerCase().includes(wanted.toLowerCase())
  const [left, right] = [Number(value), Number(wanted)]
  if (operator === '>') return left > right
  if (operator === '<') return left < right
  return operator === '>=' ? left >= right : left <= right
}
