export type { PaywallAction } from '../state/paywall-state.js'
export type { Problem } from '../state/problem.js'
export { type BalanceRecording, showBalancePreview } from './balance-preview.js'
export { type Recording, showPreview } from './preview.js'
