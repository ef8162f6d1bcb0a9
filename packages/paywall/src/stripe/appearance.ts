import type { Appearance } from '@stripe/stripe-js'

/** The look of the dialog as the browser computed it, in colours that any parser reads. */
export interface Palette {
  text: string
  muted: string
  field: string
  border: string
  accent: string
  danger: string
  fontFamily: string
  radius: string
  /** Pixels of 16 parts of the dialog's text size. */
  fontSizePx: number
  isDark: boolean
}

/**
 * Reads the palette from an element whose colour properties were set from the `--s402-*` custom properties: an
 * unregistered custom property computes to its source text, a colour property to a colour.
 */
export function readPalette(probe: Element): Palette {
  const style = getComputedStyle(probe)
  const field = srgb(style.backgroundColor)
  return {
    text: srgb(style.color),
    muted: srgb(style.columnRuleColor),
    field,
    border: srgb(style.borderTopColor),
    accent: srgb(style.outlineColor),
    danger: srgb(style.textDecorationColor),
    fontFamily: style.fontFamily,
    radius: style.borderTopLeftRadius,
    fontSizePx: Number.parseFloat(style.fontSize),
    isDark: isDark(field),
  }
}

/** Stripe's Appearance for a palette. An iframe inherits no CSS: everything has to be said. */
export function appearanceOf(palette: Palette): Appearance {
  return {
    theme: palette.isDark ? 'night' : 'stripe',
    labels: 'above',
    variables: {
      fontFamily: palette.fontFamily,
      // iOS zooms into a field whose text is smaller.
      fontSizeBase: `${palette.fontSizePx}px`,
      fontSizeSm: `${palette.fontSizePx * 0.875}px`,
      spacingUnit: '4px',
      gridRowSpacing: '12px',
      gridColumnSpacing: '12px',
      borderRadius: palette.radius,
      colorPrimary: palette.accent,
      colorBackground: palette.field,
      colorText: palette.text,
      colorTextSecondary: palette.muted,
      colorTextPlaceholder: palette.muted,
      colorDanger: palette.danger,
    },
    rules: {
      '.Input': { border: `1px solid ${palette.border}`, boxShadow: 'none', padding: '11px 12px' },
      '.Input:focus': {
        border: `1px solid ${palette.accent}`,
        boxShadow: `0 0 0 1px ${palette.accent}`,
        outline: 'none',
      },
      '.Input--invalid': { border: `1px solid ${palette.danger}`, boxShadow: 'none' },
      '.Label': { color: palette.text, fontWeight: '500', fontSize: `${palette.fontSizePx * 0.875}px` },
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
