import { isModal, type PaywallState } from '../state/paywall-state.js'

/**
 * Where the focus belongs after a change, as a selector; `undefined` where it is.
 *
 * @param isInPlace a form that is a part of the page takes no focus by itself
 */
export function focusAfter(
  before: PaywallState,
  after: PaywallState,
  isInPlace: boolean,
): string | undefined {
  if (before.step === 'closed' || before.step === 'noticed')
    return isModal(after) && !isInPlace ? '.dialog' : undefined
  const { step } = after
  // The control that had it was locked for the payment, or is covered now.
  if (before.step !== 'choosing' && step === 'choosing') return '.pay'
  return step === 'unknown' || step === 'failed' ? '.outcome button' : undefined
}
