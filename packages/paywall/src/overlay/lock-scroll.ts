/**
 * Keeps the page behind the dialog from scrolling, without moving it when its scrollbar goes.
 *
 * @returns undoes it
 */
export function lockScroll(): () => void {
  const { style } = document.documentElement
  const before = { overflow: style.overflow, gutter: style.scrollbarGutter }
  // Properties set through the CSSOM are not inline styles to a Content Security Policy.
  if (innerWidth > document.documentElement.clientWidth) style.scrollbarGutter = 'stable'
  style.overflow = 'hidden'
  return () => {
    style.overflow = before.overflow
    style.scrollbarGutter = before.gutter
  }
}
