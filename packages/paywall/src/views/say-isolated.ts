import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import type { MessageId } from '../localization/translation.js'

/** A text around one value, which keeps a direction of its own: a name from the left in a sentence from the right. */
export function sayIsolated(id: MessageId, value: string, ...rest: readonly string[]): TemplateResult {
  // Nobody's name holds this character: it is none.
  const [before = '', after = ''] = say(id, '\uffff', ...rest).split('\uffff')
  return html`${before}<bdi>${value}</bdi>${after}`
}
