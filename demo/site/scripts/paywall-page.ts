import header from '../partials/header.html?raw'
import article from '../styles/article.css?inline'
import site from '../styles/site.css?inline'

// The page of a 402 comes from the paywall, not from this site: it is dressed here, before it is woken up.
document.adoptedStyleSheets = [site, article].map((text) => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
})
const paywall = document.querySelector('stripe402-paywall')
if (paywall) {
  const cards = document.createElement('demo-test-cards')
  cards.slot = 'hint'
  const main = document.createElement('main')
  main.id = 'main'
  main.className = 'story'
  paywall.before(main)
  main.append(paywall)
  paywall.append(cards)
  document.body.insertAdjacentHTML('afterbegin', header)
}

await import('./site.js')
