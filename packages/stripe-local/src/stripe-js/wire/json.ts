/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = Record<string, unknown>

/** Whether the value is an object with members, so not an array and not `null`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member when it is a string, else `null`. */
export function textAt(object: JsonObject, key: string): string | null {
  const value = object[key]
  return typeof value === 'string' ? value : null
}

/** The member when it is an object, else an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return isObject(value) ? value : {}
}

/** The members of an object that are strings or numbers, as strings. */
export function textsIn(value: unknown): Record<string, string> {
  if (!isObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      typeof member === 'string' || typeof member === 'number' ? [[key, String(member)]] : [],
    ),
  )
}
