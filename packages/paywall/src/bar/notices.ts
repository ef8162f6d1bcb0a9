import type { MessageId } from '../localization/translation.js'

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
