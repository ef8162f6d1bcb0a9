/** One deliberate breakage of a rule about money, and the tests that must notice it. */
export interface Mutant {
  name: string
  /** The rule of `docs/money.md` that it breaks. */
  rule: string
  /** Source file, from the repository's folder. */
  file: string
  /** A text that stands in the file exactly once. */
  find: string
  replace: string
  /** Test files; one failing test is enough. */
  tests: readonly string[]
  /** Why no test can notice it; only for a mutant that is allowed to survive. */
  survives?: string
}

/**
 * The source with the breakage in it.
 *
 * @throws Error when the text to break does not stand there exactly once: the source has changed, and the mutant with it.
 */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const [before, after, ...more] = source.split(find)
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${name}: its text stands ${source.split(find).length - 1} times in ${file}, not once.`)
  return before + replace + after
}
