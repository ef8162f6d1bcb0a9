import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import type { MessageId } from '../localization/translation.js'
import { lockIcon } from './icons.js'
import type { ViewContext } from './view-context.js'

/** What a person is told at the edge of the page, which goes on. */
export interface Notice {
  readonly title: MessageId
  readonly text: MessageId
  readonly role: 'status' | 'alert'
}

/** Why a page waits. */
export const ELSEWHERE: Notice = { title: 'elsewhere-title', text: 'elsewhere-body', role: 'status' }

/** The dialog was put away, and nobody has told what came of the card that was sent. */
export const STILL_UNKNOWN: Notice = { title: 'unknown-title', text: 'still-unknown', role: 'alert' }

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
