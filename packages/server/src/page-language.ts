/** The words of the page that asks for payment. `{0}`: who asks. `{1}`: how much. */
interface Words {
  readonly asks: string
  /** Where the seller's name is not known. */
  readonly costs: string
  readonly needsScript: string
  /** Where the seller has given the page no script to pay with. */
  readonly noPayment: string
}

/** The language of a page: a BCP 47 tag that amounts are written in, too. */
export interface PageLanguage {
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly words: Words
}

const ENGLISH: Words = {
  asks: '{0} asks {1} for this page.',
  costs: 'This page costs {1}.',
  needsScript: 'Paying by card needs JavaScript, because card data goes from your browser to Stripe only.',
  noPayment: 'Payments cannot be made in the browser here.',
}

/** The languages of the dialog, which the page speaks as well. */
const WORDS: ReadonlyMap<string, Words> = new Map([
  ['en', ENGLISH],
  [
    'de',
    {
      asks: '{0} verlangt {1} für diese Seite.',
      costs: 'Diese Seite kostet {1}.',
      needsScript:
        'Für die Zahlung mit Karte ist JavaScript nötig, weil die Kartendaten von Ihrem Browser nur an Stripe gehen.',
      noPayment: 'Hier kann nicht im Browser bezahlt werden.',
    },
  ],
  [
    'fr',
    {
      asks: '{0} demande {1} pour cette page.',
      costs: 'Cette page coûte {1}.',
      needsScript:
        'Le paiement par carte nécessite JavaScript, car les données de la carte vont de votre navigateur à Stripe uniquement.',
      noPayment: 'Il n’est pas possible de payer dans le navigateur ici.',
    },
  ],
  [
    'es',
    {
      asks: '{0} pide {1} por esta página.',
      costs: 'Esta página cuesta {1}.',
      needsScript:
        'Para pagar con tarjeta se necesita JavaScript, porque los datos de la tarjeta van de su navegador solo a Stripe.',
      noPayment: 'Aquí no se puede pagar en el navegador.',
    },
  ],
  [
    'it',
    {
      asks: '{0} chiede {1} per questa pagina.',
      costs: 'Questa pagina costa {1}.',
      needsScript:
        'Per pagare con carta serve JavaScript, perché i dati della carta vanno dal browser soltanto a Stripe.',
      noPayment: 'Qui non è possibile pagare nel browser.',
    },
  ],
  [
    'pt',
    {
      asks: '{0} pede {1} por esta página.',
      costs: 'Esta página custa {1}.',
      needsScript:
        'Pagar com cartão requer JavaScript, porque os dados do cartão vão do seu navegador apenas para a Stripe.',
      noPayment: 'Aqui não é possível pagar no navegador.',
    },
  ],
  [
    'nl',
    {
      asks: '{0} vraagt {1} voor deze pagina.',
      costs: 'Deze pagina kost {1}.',
      needsScript:
        'Betalen met een kaart vereist JavaScript, omdat kaartgegevens vanuit uw browser alleen naar Stripe gaan.',
      noPayment: 'Hier kan niet in de browser worden betaald.',
    },
  ],
  [
    'pl',
    {
      asks: '{0} prosi o {1} za tę stronę.',
      costs: 'Ta strona kosztuje {1}.',
      needsScript:
        'Płatność kartą wymaga JavaScriptu, ponieważ dane karty trafiają z przeglądarki wyłącznie do Stripe.',
      noPayment: 'Tutaj nie można zapłacić w przeglądarce.',
    },
  ],
  [
    'ja',
    {
      asks: '{0}: このページの料金は{1}です。',
      costs: 'このページの料金は{1}です。',
      needsScript:
        'カードでのお支払いにはJavaScriptが必要です。カード情報はブラウザからStripeにのみ送信されます。',
      noPayment: 'ここではブラウザでのお支払いはできません。',
    },
  ],
  [
    'ar',
    {
      asks: 'يطلب {0} مبلغ {1} مقابل هذه الصفحة.',
      costs: 'سعر هذه الصفحة {1}.',
      needsScript: 'يتطلب الدفع بالبطاقة JavaScript، لأن بيانات البطاقة تُرسل من متصفحك إلى Stripe فقط.',
      noPayment: 'لا يمكن الدفع هنا من المتصفح.',
    },
  ],
])

/**
 * The language that a visitor likes best among those that the page speaks, as `Accept-Language` says; else English.
 *
 * @example
 * ```ts
 * pageLanguage('fr-CH, de;q=0.8').tag // 'fr-CH'
 * ```
 */
export function pageLanguage(acceptLanguage: string | undefined): PageLanguage {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(/\s*;\s*q=/)
      return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 }
    })
    // A tag goes into the page: nothing but a tag.
    .filter(({ tag, quality }) => quality > 0 && /^[a-z]{2}(-[a-z\d]{2,8})*$/i.test(tag))
    .sort((a, b) => b.quality - a.quality)
  for (const { tag } of wanted) {
    const language = tag.slice(0, 2).toLowerCase()
    const words = WORDS.get(language)
    if (words) return { tag: canonical(tag) ?? language, direction: language === 'ar' ? 'rtl' : 'ltr', words }
  }
  return { tag: 'en', direction: 'ltr', words: ENGLISH }
}

/** `undefined` for what looks like a tag and is none. */
function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
