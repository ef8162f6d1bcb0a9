import { focusedElement } from '../overlay/focus.js'
import { isModal, type PaywallState } from '../state/paywall-state.js'

/**
 * Makes what moves the focus as the dialog of an element changes: told of a change before it is drawn, it answers with
 * what is to be done after.
 */
export function createFocusMover(
  root: ShadowRoot,
  isInPlace: () => boolean,
): (before: PaywallState, after: PaywallState) => () => void {
  /** What had the focus when Pay was pressed. */
  let pressed: HTMLElement | null = null
  return (before, after) => {
    if (before.step === 'choosing') pressed = focusedElement()
    const selector = focusAfter(before, after, isInPlace())
    return () => {
      let target = selector && root.querySelector<HTMLElement>(selector)
      // The person is in the middle of the form, where Stripe marks what is missing.
      if (after.step === 'choosing' && after.problem?.kind === 'incomplete')
        target = document.activeElement === document.body ? pressed : null
      if (target) target.focus({ preventScroll: true })
    }
  }
}

/**
 * Where the focus belongs after a change, as a selector; `undefined` where it is.
 *
 * @param isInPlace a form that is a part of the page takes no focus by itself
 */
function focusAfter(before: PaywallState, after: PaywallState, isInPlace: boolean): string | undefined {
  if (before.step === 'closed' || before.step === 'noticed')
    return isModal(after) && !isInPlace ? '.dialog' : undefined
  const { step } = after
  // The control that had it was locked for the payment, or is covered now.
  if (before.step !== 'choosing' && step === 'choosing') return '.pay'
  if (step === 'paid' && isInPlace) return '.dialog'
  return step === 'unknown' || step === 'failed' ? '.outcome button' : undefined
}
