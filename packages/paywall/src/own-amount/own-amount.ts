export { adoptStyles } from './own-amount-styles.js'
export { ownAmountView } from './own-amount-view.js'
