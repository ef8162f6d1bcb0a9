import type { Appearance } from '@stripe/stripe-js'

/**
 * Stripe's Appearance for the look of the dialog. An iframe inherits no CSS: everything has to be said.
 *
 * @param probe has colour properties that were set from the `--s402-*` custom properties: an unregistered custom property
 * computes to its source text, a colour property to a colour
 */
export function appearanceOf(probe: Element): Appearance {
  const style = getComputedStyle(probe)
  const text = srgb(style.color)
  const muted = srgb(style.columnRuleColor)
  const field = srgb(style.backgroundColor)
  const accent = srgb(style.outlineColor)
  const danger = srgb(style.textDecorationColor)
  const { fontFamily, fontSize } = style
  const small = `${Number.parseFloat(fontSize) * 0.875}px`
  return {
    theme: isDark(field) ? 'night' : 'stripe',
    labels: 'above',
    variables: {
      fontFamily,
      // iOS zooms into a field whose text is smaller.
      fontSizeBase: fontSize,
      fontSizeSm: small,
      spacingUnit: '4px',
      gridRowSpacing: '12px',
      gridColumnSpacing: '12px',
      borderRadius: style.borderTopLeftRadius,
      colorPrimary: accent,
      colorBackground: field,
      colorText: text,
      colorTextSecondary: muted,
      colorTextPlaceholder: muted,
      colorDanger: danger,
    },
    rules: {
      '.Input': { border: line(srgb(style.borderTopColor)), boxShadow: 'none', padding: '11px 12px' },
      '.Input:focus': { border: line(accent), boxShadow: `0 0 0 1px ${accent}`, outline: 'none' },
      '.Input--invalid': { border: line(danger), boxShadow: 'none' },
      '.Label': { color: text, fontWeight: '500', fontSize: small },
    },
  }
}

/** A computed colour as `rgb()`: a page may have given oklch(), which Stripe does not read. */
function srgb(color: string): string {
  if (color.startsWith('rgb')) return color
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  if (!context) return color
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue, alpha = 255] = context.getImageData(0, 0, 1, 1).data
  return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`
}

/** Relative luminance, near enough to tell a dark field from a light one. */
function isDark(color: string): boolean {
  const [red = 255, green = 255, blue = 255] = (color.match(/[\d.]+/g) ?? []).map(Number)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 102
}

function line(color: string): string {
  return `1px solid ${color}`
}
