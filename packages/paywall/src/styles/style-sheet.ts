const sheets = new Map<string, CSSStyleSheet>()

/** A style sheet to adopt, made once per text. Adopted sheets pass a Content Security Policy that forbids inline style. */
export function styleSheet(text: string): CSSStyleSheet {
  let sheet = sheets.get(text)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    sheets.set(text, sheet)
  }
  return sheet
}
