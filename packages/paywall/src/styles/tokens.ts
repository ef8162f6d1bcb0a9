import { css } from './css.js'

/**
 * The look in one place. Every `--s402-*` custom property of the page wins over its default; `light-dark()` follows the
 * `color-scheme` of the place the element stands in.
 */
export const tokens: string = css`
  :host {
    --accent: var(--s402-accent, light-dark(#3b3fd8, #9da3ff));
    --on-accent: var(--s402-on-accent, light-dark(#fff, #0d0f33));
    --background: var(--s402-background, light-dark(#fff, #17181d));
    --surface: var(--s402-surface, light-dark(#f5f5f8, #202229));
    --field: var(--s402-field, light-dark(#fff, #1b1d23));
    --text: var(--s402-text, light-dark(#15161c, #f1f2f6));
    --muted: var(--s402-muted, light-dark(#5b5f6e, #a5a9b8));
    --line: var(--s402-line, light-dark(#e3e4ea, #30333d));
    --border: var(--s402-border, light-dark(#868b9b, #747a8c));
    --danger: var(--s402-danger, light-dark(#b3261e, #ff9a91));
    --success: var(--s402-success, light-dark(#0b7a4b, #62d6a0));
    --backdrop: var(--s402-backdrop, light-dark(rgb(20 21 30 / 48%), rgb(0 0 0 / 62%)));
    /* One of the 16 parts of the page's text size. Grows with it, and is not made small by pages whose root is. */
    --unit: max(1px, 0.0625rem);
    --radius: var(--s402-radius, 10px);
    --font: var(--s402-font, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    --shadow: 0 0 0 1px light-dark(rgb(20 21 30 / 6%), rgb(255 255 255 / 9%)), 0 2px 6px rgb(10 11 20 / 10%),
      0 24px 60px -12px rgb(10 11 20 / 35%);
    --card-height: var(--s402-card-height, calc(133px + 100 * var(--unit)));
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`
