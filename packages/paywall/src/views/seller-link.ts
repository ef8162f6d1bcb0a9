import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'

/** A link to a page of the seller's, when there is one. It opens beside what is being paid. */
export function sellerLink(
  url: string | undefined,
  label: 'terms' | 'support',
): TemplateResult | typeof nothing {
  if (url === undefined) return nothing
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${say(label)}</a>`
}
