export { adoptStyles } from './bar-styles.js'
export { barView } from './bar-view.js'
export { noticeView } from './notice-view.js'
