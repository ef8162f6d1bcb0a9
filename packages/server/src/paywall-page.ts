import { formatUnits, type PaymentRequired } from '@stripe402/core'
import { pageLanguage } from './page-language.js'
import type { Settings } from './settings.js'

/** What a page depends on beside its challenge. */
export interface Visit {
  /** What a policy wants to see on a script. */
  nonce?: string | undefined
  /** What it wants to see on a style; `''`: nothing. Without one there is no style. */
  styleNonce?: string | undefined
  /** Another site may have sent the browser here: credit is spent only after the person has confirmed it. */
  isFromElsewhere?: boolean
  /** The visitor's `Accept-Language`. */
  acceptLanguage?: string | undefined
}

/** Only while it asks: what is paid for has a look of its own. */
const STYLE = [
  'body:has(.stripe402-ask){max-width:27.5rem;margin:0 auto;padding:1.5rem 1rem;font:1rem/1.5 system-ui,sans-serif}',
  '.stripe402-ask h1{margin:0;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}',
  '.stripe402-ask p{margin:.5rem 0}',
].join('')

/** Sellers who were told that their pages cannot be paid on. */
const told = new WeakSet<Settings>()

/**
 * The page that answers a browser's navigation to a paid URL. It fetches the same URL through the paywall and shows
 * what comes back. Every value is escaped; nothing is inline but a style that the policy lets in, so it works under a strict CSP.
 */
export function paywallPage(
  settings: Settings,
  challenge: PaymentRequired,
  { nonce, styleNonce, isFromElsewhere = false, acceptLanguage }: Visit = {},
): string {
  const [requirement] = challenge.accepts
  const { tag, direction, words } = pageLanguage(acceptLanguage)
  const price = requirement ? formatUnits(requirement.amount, requirement.currency, tag) : ''
  const title = escapeHtml(challenge.resource.description ?? 'Payment required')
  const payee = requirement?.payee?.name ?? ''
  const url = escapeHtml(ownPath(challenge.resource.url))
  const sentence = (payee ? words.asks : words.costs).replace(/\{(\d)\}/g, (_, at) =>
    at === '0' ? payee : price,
  )
  const teaser = `<div class="stripe402-ask"><h1>${title}</h1><p>${escapeHtml(sentence)}</p></div>`
  const script = settings.paywallScriptUrl
  if (!script) tellOnce(settings)
  return `<!doctype html>
<html lang="${tag}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${styleNonce === undefined ? '' : `<style${nonceAttribute(styleNonce)}>${STYLE}</style>`}
${script ? `<script type="module" blocking="render"${nonceAttribute(nonce)} src="${escapeHtml(script)}"></script>` : ''}
</head>
<body>
${script ? `<stripe402-paywall mode="page" src="${url}"${isFromElsewhere ? ' confirm' : ''}>${teaser}</stripe402-paywall>` : `<main>${teaser}<p>${escapeHtml(words.noPayment)}</p></main>`}
${script ? `<noscript><p>${escapeHtml(words.needsScript)}</p></noscript>` : ''}
</body>
</html>
`
}

function nonceAttribute(nonce: string | undefined): string {
  return nonce ? ` nonce="${escapeHtml(nonce)}"` : ''
}

function tellOnce(settings: Settings): void {
  if (told.has(settings)) return
  told.add(settings)
  settings.logger.warn(
    'stripe402: a browser was shown a page that it cannot pay on. Set paywallScriptUrl to the address of a script that registers <stripe402-paywall>.',
  )
}

/** `//evil.example/x` is a path of ours to a router and another site to a browser, which would be shown in our page. */
function ownPath(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:[\\/]*[^\\/?#]*/i, '').replace(/^[\\/]*/, '/')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
