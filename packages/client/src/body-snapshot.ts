/** Anything that a request can be given as its body. `Document` is for XMLHttpRequest. */
export type Body = BodyInit | Document | null | undefined

interface Tagged {
  ArrayBuffer: ArrayBuffer
  FormData: FormData
  ReadableStream: ReadableStream
  Request: Request
  Response: Response
  URLSearchParams: URLSearchParams
}

/** Whether a value is of a platform class, whichever frame or realm it comes from. */
export function isA<Name extends keyof Tagged>(name: Name, value: unknown): value is Tagged[Name] {
  return Object.prototype.toString.call(value) === `[object ${name}]`
}

/** More than this is not copied before there is a 402. */
const MOST_BYTES = 1_000_000

type Copied<B extends Body> = B | ArrayBuffer | FormData | URLSearchParams

/** A copy of what the caller could still change while somebody pays; the rest is kept as it is, and much that `isSent` already. */
export function snapshotBody<B extends Body>(body: B, isSent?: boolean): Copied<B> {
  try {
    return Object(body).byteLength > MOST_BYTES && isSent ? body : copyBody(body)
  } catch {
    // What the platform makes of it is the platform's to say.
    return body
  }
}

/**
 * The same of any size.
 *
 * @throws TypeError for a buffer that was given away, and for what only calls itself a form.
 */
export function copyBody<B extends Body>(body: B): Copied<B> {
  if (ArrayBuffer.isView(body)) return body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength)
  if (isA('ArrayBuffer', body)) return body.slice(0)
  if (isA('URLSearchParams', body)) return new URLSearchParams(body)
  if (!isA('FormData', body)) return body
  const copy = new FormData()
  body.forEach((value, name) => {
    copy.append(name, value)
  })
  return copy
}
