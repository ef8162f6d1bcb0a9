import type { Stripe402Paywall } from '@stripe402/paywall'

/**
 * Puts a page that was paid for in the place of its paywall. The element stays, for what else has a price; it must not
 * be moved, because its card form would start again.
 */
export async function showPaidPage(response: Response, paywall: Stripe402Paywall): Promise<void> {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  await Promise.all(Array.from(page.head.querySelectorAll('link[rel="stylesheet"]'), addStyleSheet))
  document.title = page.title
  paywall.src = null
  for (const child of [...paywall.children]) if (child.slot === '') child.remove()
  const [main, paidMain] = [document.querySelector('main'), page.querySelector('main')]
  if (!main || !paidMain) throw new Error('The paid page has no <main> to show.')
  main.className = paidMain.className
  main.prepend(...paidMain.childNodes)
  const footer = page.querySelector('footer')
  if (footer) main.after(footer)
}

/** Resolves when the sheet is there, or is not to be had: an unstyled page is better than none. */
function addStyleSheet(link: Element): Promise<void> {
  return new Promise((resolve) => {
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => resolve())
    document.head.append(link)
  })
}
