import type { Reply } from '../payable-request.js'

/** An answer, from what `XMLHttpRequest` says of it. Asking it for a header that CORS hides would put an error on the console. */
export function replyOf(status: number, url: string, headerLines: string): Reply {
  return {
    status,
    url,
    headers: { get: (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(headerLines)?.[1] ?? null },
  }
}
