import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { lockIcon } from '../views/icons.js'
import type { ViewContext } from '../views/view-context.js'
import type { Notice } from './notices.js'

/** Tells it until the person has put it away. */
export function noticeView(
  { title, text, role }: Notice,
  { direction, language }: Pick<ViewContext, 'direction' | 'language'>,
  onClose: () => void,
): TemplateResult {
  return html`<section class="bar" part="bar" role="region" aria-labelledby="bar-title" lang=${language} dir=${direction}>
    <span class="badge">${lockIcon}</span>
    <div class="bar-text" role=${role}>
      <strong id="bar-title">${say(title)}</strong>
      <p>${say(text)}</p>
    </div>
    <div class="bar-buttons">
      <button class="quiet" type="button" @click=${onClose}>${say('close')}</button>
    </div>
  </section>`
}
