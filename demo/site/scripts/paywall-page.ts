import icon from '../images/icon.svg'
import header from '../partials/header.html?raw'
import article from '../styles/article.css?inline'
import site from '../styles/site.css?inline'
import { showPaidPage } from './show-paid-page.js'

const paywall = document.querySelector('stripe402-paywall')
// The page of a 402 comes from the paywall, not from this site: it is dressed here, before it is woken up.
if (paywall) {
  dress(paywall)
  paywall.addEventListener('stripe402-content', (event) => {
    event.preventDefault()
    void showPaidPage(event.response, paywall)
  })
}
await import('./site.js')

function dress(paywall: HTMLElement): void {
  document.adoptedStyleSheets = [site, article].map((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  const link = document.createElement('link')
  link.rel = 'icon'
  link.href = icon
  document.head.append(link)

  const main = document.createElement('main')
  main.id = 'main'
  main.className = 'story'
  paywall.replaceWith(main)
  const cards = document.createElement('demo-test-cards')
  cards.slot = 'hint'
  paywall.append(cards)
  main.append(paywall)
  document.body.insertAdjacentHTML('afterbegin', header)
  document.querySelector(`nav a[href="${location.pathname}"]`)?.setAttribute('aria-current', 'page')
}
