import { html, type TemplateResult } from 'lit'

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/** Pretty JSON with names, texts and numbers in colours of their own. */
export function jsonView(value: unknown): TemplateResult {
  const text = JSON.stringify(value, null, 2)
  const parts: (string | TemplateResult)[] = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match
    parts.push(text.slice(end, match.index))
    if (quoted === undefined) parts.push(html`<span class="number">${token}</span>`)
    else if (colon === undefined) parts.push(html`<span class="text">${token}</span>`)
    else parts.push(html`<span class="name">${quoted}</span>${colon}`)
    end = match.index + token.length
  }
  return html`<code>${parts}${text.slice(end)}</code>`
}
