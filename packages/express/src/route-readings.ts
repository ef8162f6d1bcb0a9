import { posix } from 'node:path'
import type { Request } from 'express'

const OVERRIDE_HEADERS = ['x-http-method-override', 'x-http-method', 'x-method-override']

/**
 * The methods that a request may come to have: its own, and those that a method override behind the map would read from
 * its usual headers or from `_method` of the query. One that has run already says so in `originalMethod`.
 */
export function methodsOf(request: Request): string[] {
  const { method, headers, originalUrl } = request
  if ('originalMethod' in request) return [method]
  const named = OVERRIDE_HEADERS.flatMap((name) => headers[name] ?? [])
  const [, query = ''] = originalUrl.split('?', 2)
  // Names in a query may be encoded as well, as in `%5Fmethod=GET`.
  if (/method/i.test(query)) named.push(...new URLSearchParams(query).getAll('_method'))
  if (named.length === 0) return [method]
  const overriding = named.flatMap((text) => text.split(',')).map((text) => text.trim().toUpperCase())
  return [...new Set([method, ...overriding])]
}

/**
 * The path of a URL with its encoding, dots, backslashes and double slashes undone once, as a file server does it.
 * `null` when it cannot be decoded.
 */
export function tidyPath(url: string): string | null {
  // The absolute form is for proxies; Express takes the path out of it.
  const [path = '/'] = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  try {
    return encodeURI(posix.normalize(decodeURIComponent(path).replace(/[\\/]+/g, '/')))
  } catch {
    return null
  }
}
