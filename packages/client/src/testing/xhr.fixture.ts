/** Every event of an `XMLHttpRequest`, or of its `upload`. */
export const EVENTS: readonly string[] = [
  'readystatechange',
  'loadstart',
  'progress',
  'load',
  'loadend',
  'error',
  'timeout',
  'abort',
]

/** The one that was there before any test. */
export const Native: typeof XMLHttpRequest = XMLHttpRequest

/** A request under way and what it has said. */
export interface SentFixture {
  xhr: XMLHttpRequest
  log: string[]
  ended: Promise<void>
}

/** Sends a request and writes down every event with the state and status that the app sees in it. */
export function send(
  Class: typeof XMLHttpRequest,
  url: string,
  {
    method = 'GET',
    body,
    beforeOpen,
    prepare,
  }: {
    method?: string
    body?: XMLHttpRequestBodyInit
    beforeOpen?: (xhr: XMLHttpRequest) => void
    prepare?: (xhr: XMLHttpRequest) => void
  } = {},
): SentFixture {
  const xhr = new Class()
  const log: string[] = []
  const note = (event: Event): number => log.push(`${event.type} ${xhr.readyState} ${xhr.status}`)
  for (const type of EVENTS) xhr.addEventListener(type, note)
  const ended = new Promise<void>((resolve) => {
    xhr.onloadend = () => resolve()
  })
  beforeOpen?.(xhr)
  xhr.open(method, url)
  prepare?.(xhr)
  xhr.send(body)
  return { xhr, log, ended }
}

/** All events of a request, to its end. */
export async function sequence(...args: Parameters<typeof send>): Promise<string[]> {
  const { log, ended } = send(...args)
  await ended
  return log
}

/** Everything that a request shows of its answer. */
export function shown(xhr: XMLHttpRequest): unknown[] {
  const { readyState, status, statusText, responseURL, responseText, response, responseXML } = xhr
  const headers = [xhr.getAllResponseHeaders(), xhr.getResponseHeader('content-type')]
  return [readyState, status, statusText, responseURL, responseText, response, responseXML, ...headers]
}
