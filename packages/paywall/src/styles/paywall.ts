import type { CSSResult } from 'lit'
import { card } from './card.js'
import { controls } from './controls.js'
import { form } from './form.js'
import { host } from './host.js'
import { inline } from './inline.js'
import { outcome } from './outcome.js'
import { overlay } from './overlay.js'
import { tokens } from './tokens.js'

/** Everything that `<stripe402-paywall>` wears. */
export const paywallStyles: CSSResult[] = [tokens, controls, host, inline, overlay, form, card, outcome]
