import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ROOT } from './run-command.js'

const SQUEEZE: Readonly<Record<string, (text: string) => string>> = {
  css: (text) =>
    text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};,>]) ?/g, '$1')
      .replace(/: /g, ':')
      .replace(/;}/g, '}'),
  // A line break between tags is the author's; a space on one line is the reader's.
  html: (text) => text.replace(/^\s*\n\s*$|(?<=>)\s*\n\s*|\s*\n\s*(?=[<>])/g, '').replace(/\s+/g, ' '),
}

/** What can start in code: a comment, a string, a template with its tag, or a brace. */
const TOKEN = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?:\b(html|css) ?)?`|[{}]/g
/** A stretch of template text up to the next expression or the end. */
const TEXT = /((?:\\[\s\S]|\$(?!\{)|[^`$\\])*)(`|\$\{)/y

/**
 * Squeezes the static parts of tagged templates, however deeply they nest.
 *
 * @throws Error for a template that does not end: the module is not the JavaScript this was written for
 */
export function tighten(code: string): string {
  /** One entry per open brace: the tag of the template to go back to, or `undefined` for a block. */
  const braces: Array<{ tag: string } | undefined> = []
  let result = ''
  let position = 0

  function text(tag: string): void {
    TEXT.lastIndex = position
    const [all, words, end] = TEXT.exec(code) ?? []
    if (all === undefined || words === undefined)
      throw new Error(`A template does not end: ${code.slice(position, position + 60)}`)
    result += (SQUEEZE[tag]?.(words) ?? words) + end
    position = TEXT.lastIndex
    if (end === '${') braces.push({ tag })
  }

  for (;;) {
    TOKEN.lastIndex = position
    const token = TOKEN.exec(code)
    if (!token) return result + code.slice(position)
    result += code.slice(position, TOKEN.lastIndex)
    position = TOKEN.lastIndex
    if (token[0].endsWith('`') && !token[0].startsWith('/')) text(token[1] ?? '')
    else if (token[0] === '{') braces.push(undefined)
    else if (token[0] === '}') {
      const back = braces.pop()
      if (back) text(back.tag)
    }
  }
}

/** Squeezes the templates in what the compiler wrote for the paywall, so that whoever bundles it ships no indentation. */
export function tightenPaywall(): void {
  const folder = `${ROOT}packages/paywall/dist/`
  const files = ['bar', 'kept-card', 'own-amount', 'styles', 'views'].flatMap((name) =>
    readdirSync(folder + name).map((file) => `${folder}${name}/${file}`),
  )
  for (const file of files) {
    if (!file.endsWith('.js')) continue
    const code = readFileSync(file, 'utf8')
    const tight = tighten(code)
    if (tight !== code) writeFileSync(file, tight)
  }
}
