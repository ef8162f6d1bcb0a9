import { http, type RequestHandler } from 'msw'
import { type ApiParts, answerCall } from './api.js'

/** Turns the API into the handlers that MSW intercepts requests with. */
export function createHandlers(parts: ApiParts, apiOrigin: string): RequestHandler[] {
  return [
    http.all(`${apiOrigin}/*`, async ({ request }) => {
      const url = new URL(request.url)
      const { status, headers, body } = await answerCall(parts, {
        method: request.method,
        path: url.pathname,
        query: url.search.slice(1),
        body: await request.text(),
        header: (name) => request.headers.get(name),
      })
      return new Response(body, { status, headers })
    }),
  ]
}
