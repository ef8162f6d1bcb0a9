import { card } from './card.js'
import { controls } from './controls.js'
import { form } from './form.js'
import { outcome } from './outcome.js'
import { overlay } from './overlay.js'
import { preferences } from './preferences.js'
import { tokens } from './tokens.js'

/** Everything that `<stripe402-paywall>` wears once it has something to say. */
export const paywallStyles: string = tokens + controls + overlay + form + card + outcome + preferences
