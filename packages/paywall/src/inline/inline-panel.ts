import { nothing } from 'lit/html.js'
import { inline } from '../styles/inline.js'
import { styleSheet } from '../styles/style-sheet.js'
import { inlineView } from '../views/inline-view.js'
import { createInlineContent, type InlineContent, type InlinePort } from './inline-content.js'
import type { InlineState } from './inline-state.js'

/** What an inline panel needs besides what its content does. */
export interface InlinePanelOptions extends Omit<InlinePort, 'show'> {
  root: ShadowRoot
  money: (units: number, currency: string) => string
  /** What is shown has changed. */
  onChange: () => void
}

/** The resource behind an inline paywall, and the panel below its teaser. */
export interface InlinePanel extends InlineContent {
  /** `undefined` when there is no resource any more. */
  readonly step: InlineState['step'] | undefined
  view(): unknown
}

/** Makes the panel of one element. Loaded with the first `src`: an overlay has none. */
export function createInlinePanel({ root, money, onChange, ...port }: InlinePanelOptions): InlinePanel {
  let state: InlineState | undefined
  const show = (next: InlineState | undefined): void => {
    state = next
    onChange()
  }
  const content = createInlineContent({ ...port, show })
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet(inline)]
  return {
    ...content,
    get step() {
      return state?.step
    },
    view: () => (state ? inlineView(state, money, () => void content.press()) : nothing),
    clear() {
      content.clear()
      show(undefined)
    },
  }
}
