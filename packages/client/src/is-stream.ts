import { isA } from './body-snapshot.js'

/** Whether a body can be read only once. */
export function isStream(body: unknown): boolean {
  return (
    typeof body === 'object' && body !== null && (isA('ReadableStream', body) || Symbol.asyncIterator in body)
  )
}
