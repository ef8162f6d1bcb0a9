/** The body as text, where the response type allows it. */
export function responseTextOf(xhr: XMLHttpRequest): string {
  const { responseType, response } = xhr
  if (responseType === 'json') return JSON.stringify(response)
  return typeof response === 'string' ? response : ''
}
