import { isA } from './body-snapshot.js'

/** Whether a body can be read only once: those of the web and of Node, and the forms of npm's `form-data`. */
export function isStream(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    (isA('ReadableStream', body) || Symbol.asyncIterator in body || 'pipe' in body)
  )
}
