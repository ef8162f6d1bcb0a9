import { HEADERS } from '@stripe402/core'
import { EXPOSED_HEADERS, type Grant } from '@stripe402/server'
import type { Response } from 'express'

const EXPOSE = 'access-control-expose-headers'
const VARY = 'payment, Accept'

/**
 * Puts the headers that were given to `writeHead` on the response, as Node does, so that they can be read and completed.
 *
 * @returns the rest of the arguments: the reason, if there is one.
 * @throws what Node throws for a header that it refuses.
 */
export function takeHeaders(response: Response, rest: readonly unknown[]): unknown[] {
  const [first, second] = rest
  const reason = typeof first === 'string' ? [first] : []
  const headers = second ?? (typeof first === 'string' ? undefined : first)
  if (Array.isArray(headers)) {
    // Name, value, name, value: a name given twice has two values and replaces what was there.
    const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[String(name), headers[at + 1]]] : []))
    for (const [name] of pairs) response.removeHeader(name)
    for (const pair of pairs) Reflect.apply(response.appendHeader, response, pair)
  } else if (typeof headers === 'object' && headers !== null)
    for (const pair of Object.entries(headers)) Reflect.apply(response.setHeader, response, pair)
  return reason
}

/** Says on an answer what was paid, and keeps a paid one out of caches that others read. */
export function labelPaid(response: Response, grants: readonly Grant[], isServed: boolean): void {
  const receipt = isServed ? grants.at(-1)?.receipt() : unspentReceipt(grants)
  if (receipt) response.setHeader(HEADERS.PAYMENT_RESPONSE, receipt)
  for (const { cookie } of grants) if (cookie) response.appendHeader('set-cookie', cookie)
  if (isServed) response.setHeader('cache-control', privately(response.getHeader('cache-control')))
  if (response.getHeader('vary') === undefined) response.setHeader('vary', VARY)
  else response.vary(VARY)
  exposeHeaders(response)
}

/** Takes back what {@link labelPaid} said. */
export function unlabelPaid(response: Response): void {
  response.removeHeader(HEADERS.PAYMENT_RESPONSE)
}

/** Lets page scripts of another origin read our headers, besides those that the app exposes already. */
export function exposeHeaders(response: Response): void {
  const exposed = String(response.getHeader(EXPOSE) ?? '')
  if (!exposed.includes(EXPOSED_HEADERS))
    response.setHeader(EXPOSE, exposed === '' ? EXPOSED_HEADERS : `${exposed}, ${EXPOSED_HEADERS}`)
}

/** The first one that charged a card: it knows the balance before any price was held. */
function unspentReceipt(grants: readonly Grant[]): string | null {
  for (const grant of grants) {
    const receipt = grant.unspentReceipt()
    if (receipt !== null) return receipt
  }
  return null
}

/** `express.static` says `public` by itself; a shared cache would hand out what one person paid for. */
function privately(value: number | string | string[] | undefined): string {
  if (value === undefined) return 'private'
  const directives = String(value)
    .split(',')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '' && !/^(?:public|s-maxage\b.*)$/i.test(directive))
  const isPrivate = directives.some((directive) => /^(?:private|no-store)$/i.test(directive))
  return (isPrivate ? directives : ['private', ...directives]).join(', ')
}
