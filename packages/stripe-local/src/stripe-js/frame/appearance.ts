import type { FormAppearance } from '../wire/card-form-setup.js'

const themes: Readonly<Record<FormAppearance['theme'], Readonly<Record<string, string>>>> = {
  stripe: {
    colorPrimary: '#0570de',
    colorBackground: '#ffffff',
    colorText: '#30313d',
    colorTextSecondary: '#5f6270',
    colorTextPlaceholder: '#6c6f7d',
    colorDanger: '#c8142f',
    inputColorBorder: '#d5d9e2',
    inputBoxShadow: '0 1px 1px rgb(0 0 0 / 3%), 0 3px 6px rgb(0 0 0 / 2%)',
    borderRadius: '6px',
    scheme: 'light',
  },
  night: {
    colorPrimary: '#85d996',
    colorBackground: '#30313d',
    colorText: '#ffffff',
    colorTextSecondary: '#c3c5cf',
    colorTextPlaceholder: '#a9abb8',
    colorDanger: '#fe96ac',
    inputColorBorder: '#4b4d5f',
    inputBoxShadow: '0 2px 4px rgb(0 0 0 / 40%)',
    borderRadius: '6px',
    scheme: 'dark',
  },
  flat: {
    colorPrimary: '#0570de',
    colorBackground: '#eef0f4',
    colorText: '#1a1b25',
    colorTextSecondary: '#4f5566',
    colorTextPlaceholder: '#626878',
    colorDanger: '#b3093c',
    inputColorBorder: 'transparent',
    // `none` cannot stand in a list of shadows, and the focus ring is one.
    inputBoxShadow: '0 0 transparent',
    borderRadius: '4px',
    scheme: 'light',
  },
}

/** Variables of the Appearance API that the form draws; the others change parts that it does not have. */
const variables = new Set([
  ...[
    'colorPrimary',
    'colorBackground',
    'colorText',
    'colorTextSecondary',
    'colorTextPlaceholder',
    'colorDanger',
  ],
  ...['fontFamily', 'fontSizeBase', 'fontSizeSm', 'fontWeightNormal', 'fontWeightMedium', 'fontLineHeight'],
  ...[
    'borderRadius',
    'spacingUnit',
    'gridRowSpacing',
    'gridColumnSpacing',
    'labelColorText',
    'labelFontSize',
  ],
  ...[
    'labelFontWeight',
    'inputBoxShadow',
    'inputColorBorder',
    'inputFocusBoxShadow',
    'inputFocusColorBorder',
  ],
])

const selector = /^\.(Input|Label|Error)(--invalid)?(:hover|:focus|:disabled|::placeholder)?$/
const properties =
  /^(background-color|border(-color|-radius|-width|-style)?|box-shadow|color|font-(size|weight|family)|letter-spacing|line-height|margin(-\w+)?|opacity|outline(-\w+)?|padding(-\w+)?|text-transform|transition)$/

const sheet = new CSSStyleSheet()

/** Dresses the frame's document in the page's Appearance. Nothing in it can make the frame load or show foreign things. */
export function applyAppearance({ theme, variables: given, rules }: FormAppearance): void {
  const root = document.documentElement
  root.dataset.theme = theme
  root.removeAttribute('style')
  const usable = Object.entries(given).filter(([name, value]) => variables.has(name) && isHarmless(value))
  for (const [name, value] of [...Object.entries(themes[theme]), ...usable]) {
    root.style.setProperty(`--${name}`, value)
  }
  sheet.replaceSync('')
  for (const [name, rule] of Object.entries(rules)) {
    if (selector.test(name)) addRule(name, rule)
  }
  document.adoptedStyleSheets = [sheet]
}

function addRule(name: string, rule: Readonly<Record<string, string>>): void {
  const added = sheet.cssRules[sheet.insertRule(`${name} {}`, sheet.cssRules.length)]
  if (!(added instanceof CSSStyleRule)) return
  for (const [property, value] of Object.entries(rule)) {
    const kebab = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (properties.test(kebab) && isHarmless(value)) added.style.setProperty(kebab, value)
  }
}

function isHarmless(value: string): boolean {
  return !/url\(|image\(|[;{}\\]/i.test(value)
}
