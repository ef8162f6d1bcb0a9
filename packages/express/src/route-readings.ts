import { METHODS } from 'node:http'
import { posix } from 'node:path'
import { parse } from 'node:querystring'
import type { Request } from 'express'

const OVERRIDE_HEADERS = ['x-http-method-override', 'x-http-method', 'x-method-override']
const KNOWN: ReadonlySet<string> = new Set(METHODS)
/** What a map tells apart. */
const APART: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** Stands for all that only `ALL` prices. Not OPTIONS, which Express answers by itself. */
const ANY_OTHER = 'TRACE'

/**
 * The methods that a request may come to have, as far as a map tells them apart: its own, and those that a method override
 * behind the map would read from its usual headers or from `_method` of the query. Whether one has run already says nothing:
 * another may follow.
 */
export function methodsOf({ method, headers, originalUrl, url }: Request): Set<string> {
  const methods = new Set([APART.has(method) ? method : ANY_OTHER])
  const named = [
    ...OVERRIDE_HEADERS.flatMap((name) => headers[name] ?? []),
    ...methodsInQuery(originalUrl),
    ...methodsInQuery(url),
  ]
  for (const text of named)
    for (const part of text.split(',')) {
      const name = part.trim().toUpperCase()
      if (KNOWN.has(name)) methods.add(APART.has(name) ? name : ANY_OTHER)
    }
  return methods
}

/** Parsed as an override parses it, encoded names included, and wherever one may take the query to begin or end. */
function methodsInQuery(url: string): string[] {
  const at = url.search(/[?#]/)
  if (at < 0) return []
  const query = parse(url.slice(at + 1).replace(/[?#]/g, '&'), '&', '=', { maxKeys: 0 })
  return Object.entries(query).flatMap(([name, value]) =>
    name === '_method' || name.startsWith('_method[') ? (value ?? []) : [],
  )
}

/**
 * The path of a URL with its encoding, dots, backslashes and double slashes undone once, as a file server does it.
 * `null` when it cannot be decoded.
 */
function tidyPath(url: string): string | null {
  // The absolute form is for proxies; Express takes the path out of it.
  const [path = '/'] = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  try {
    return encodeURI(posix.normalize(decodeURIComponent(path).replace(/[\\/]+/g, '/')))
  } catch {
    return null
  }
}

/** Every way to read the paths of URLs: as they came, and tidied. `null` when one cannot be decoded. */
export function readingsOf(urls: readonly string[]): Set<string> | null {
  const readings = new Set<string>()
  for (const url of new Set(urls)) {
    const tidied = tidyPath(url)
    if (tidied === null) return null
    readings.add(url).add(tidied)
  }
  return readings
}

/** The files that a file server would serve for paths of folders. */
export function indexesOf(readings: ReadonlySet<string>): string[] {
  return [...readings].filter((reading) => reading.endsWith('/')).map((folder) => `${folder}index.html`)
}
