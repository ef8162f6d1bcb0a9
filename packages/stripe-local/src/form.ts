import { invalidParameter } from './api-error.js'

/** A parsed form value: a string, or a tree for `a[b]=c`, `a[]=c` and `a[0]=c`. */
export type FormValue = string | FormTree

/** Nested parameters; an array is a tree whose keys are 0, 1, 2, … */
export interface FormTree {
  [key: string]: FormValue
}

const MAX_DEPTH = 8

/**
 * Parses `application/x-www-form-urlencoded` text with Stripe's bracket nesting.
 * @throws ApiError 400 when an escape is malformed, a key is ill-formed, or a parameter is given twice.
 */
export function parseForm(encoded: string): FormTree {
  const tree = emptyTree()
  for (const pair of encoded.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const key = decode(at < 0 ? pair : pair.slice(0, at))
    insert(tree, segmentsOf(key), at < 0 ? '' : decode(pair.slice(at + 1)), key)
  }
  return tree
}

/** Writes a tree with sorted keys, so that equal parameters give equal text whatever their order. */
export function canonicalForm(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalForm(value[key] ?? '')}`)
  return `{${members.join(',')}}`
}

/** Makes a tree without a prototype, so that `__proto__` is a name like any other. */
export function emptyTree(): FormTree {
  return Object.create(null)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalidParameter(`Invalid percent-encoding in request: ${text.slice(0, 40)}`)
  }
}

function segmentsOf(key: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key)
  if (!match) throw invalidParameter(`Invalid parameter name: ${key}`, { param: key })
  const [, head = '', rest = ''] = match
  const segments = [head, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map((segment) => segment[1] ?? '')]
  if (segments.length > MAX_DEPTH)
    throw invalidParameter(`Parameter nested too deeply: ${key}`, { param: key })
  return segments
}

function insert(tree: FormTree, segments: string[], value: string, key: string): void {
  let branch = tree
  for (const [depth, segment] of segments.entries()) {
    const name = segment === '' ? String(Object.keys(branch).length) : segment
    const isLeaf = depth === segments.length - 1
    const present = branch[name]
    if (isLeaf) {
      if (present !== undefined)
        throw invalidParameter(`Parameter given more than once: ${key}`, { param: key })
      branch[name] = value
      return
    }
    if (typeof present === 'string')
      throw invalidParameter(`Parameter given more than once: ${key}`, { param: key })
    const next = present ?? emptyTree()
    branch[name] = next
    branch = next
  }
}
