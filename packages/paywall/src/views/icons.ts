import { html, type TemplateResult } from 'lit/html.js'

/** One drawn path in the current text colour, 20 units square; decoration, never a name. */
function icon(path: string): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 20 20"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    <path d=${path} />
  </svg>`
}

export const closeIcon: TemplateResult = icon('M5 5l10 10M15 5L5 15')
export const lockIcon: TemplateResult = icon('M5.5 9h9v7.5h-9zM7 9V6.5a3 3 0 0 1 6 0V9')
export const checkIcon: TemplateResult = icon('M4.5 10.5l4 4 7-8.5')
export const warningIcon: TemplateResult = icon(
  'M10 6.5v4.5M10 14v.01M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z',
)
export const questionIcon: TemplateResult = icon(
  'M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M10 14.3v.01',
)
