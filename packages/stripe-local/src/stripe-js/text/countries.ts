/** ISO 3166-1 alpha-2 codes of the countries that Stripe's form offers: all but the sanctioned and a few islands. */
const codes =
  'AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW'.split(
    ' ',
  )

/** A country by code, and by its name in one language. */
export interface Country {
  readonly code: string
  readonly name: string
}

/** All countries, named and sorted as a reader of the language expects. */
export function countriesIn(languageTag: string): readonly Country[] {
  const names = new Intl.DisplayNames([languageTag, 'en'], { type: 'region' })
  const collator = new Intl.Collator([languageTag, 'en'])
  return codes
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => collator.compare(one.name, other.name))
}

/** The country of the first locale that names one (`de-AT` → `AT`), else the United States. */
export function countryOf(locales: readonly string[]): string {
  for (const locale of locales) {
    const region = /-([A-Z]{2})\b/i.exec(locale)?.[1]?.toUpperCase()
    if (region && codes.includes(region)) return region
  }
  return 'US'
}
