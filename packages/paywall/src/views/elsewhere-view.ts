import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { lockIcon } from './icons.js'
import type { ViewContext } from './view-context.js'

/** Says why a page waits: the person is paying in another tab. At the edge of the page, which goes on. */
export function elsewhereView(
  { direction, language }: Pick<ViewContext, 'direction' | 'language'>,
  onClose: () => void,
): TemplateResult {
  return html`<section class="bar" part="bar" role="region" aria-labelledby="elsewhere-title" lang=${language} dir=${direction}>
    <span class="badge">${lockIcon}</span>
    <div class="bar-text" role="status">
      <strong id="elsewhere-title">${say('elsewhere-title')}</strong>
      <p>${say('elsewhere-body')}</p>
    </div>
    <div class="bar-buttons">
      <button class="quiet" type="button" @click=${onClose}>${say('close')}</button>
    </div>
  </section>`
}
