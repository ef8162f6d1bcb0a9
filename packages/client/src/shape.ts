/** A test of an untrusted value. */
export type Check = (value: unknown) => boolean

/** A text of at most so many characters. */
export const text =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max

/** A text that a pattern accepts. */
export const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

/** A whole number that arithmetic keeps exact. */
export const units =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least

/** Absent, or as the other check says. */
export const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

/** An array within bounds whose items all pass. */
export const list =
  (check: Check, least: number, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(check)

/** An object whose named members pass; others are not looked at. */
export const members =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.keys(checks).every((name) => checks[name]?.(value[name]))

/** An object all of whose members pass, whatever their names. */
export const dictionary =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check)

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
