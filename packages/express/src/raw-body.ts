import type { Answer } from '@stripe402/server'
import type { Request } from 'express'

const LARGEST_BODY = 1024 * 1024

/** The bytes of a request body as they came, or the answer that says why they are not to be had. */
export type RawBody = { type: 'body'; bytes: Uint8Array } | { type: 'refused'; answer: Answer }

/** Reads a body of at most 1 MiB. Takes `express.raw()`'s buffer and a `rawBody` kept by a parser's `verify` as well. */
export async function readRawBody(request: Request): Promise<RawBody> {
  if (request.body instanceof Uint8Array) return { type: 'body', bytes: request.body }
  if ('rawBody' in request && request.rawBody instanceof Uint8Array)
    return { type: 'body', bytes: request.rawBody }
  if (request.readableEnded)
    return refuse(
      500,
      'The body was parsed before the signature could be checked: mount the stripe402 router before express.json().',
    )
  const chunks: Uint8Array[] = []
  let length = 0
  // Destroyed, it would keep the rest of the body waiting: neither read nor refused, on a connection that stays open.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > LARGEST_BODY) return refuse(413, 'The body is larger than 1 MiB.', { connection: 'close' })
    chunks.push(chunk)
  }
  return { type: 'body', bytes: Buffer.concat(chunks) }
}

function refuse(status: number, body: string, more: Answer['headers'] = {}): RawBody {
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...more }
  return { type: 'refused', answer: { status, headers, body } }
}
