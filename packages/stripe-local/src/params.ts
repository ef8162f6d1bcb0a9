import { invalidParameter } from './api-error.js'
import type { FormTree, FormValue } from './form.js'

/** Turns one form value into a typed one; `undefined` means that the parameter was not sent. */
export type Reader<T> = (value: FormValue | undefined, name: string) => T

/** The parameters that an endpoint knows, by name. */
export type Shape = Record<string, Reader<unknown>>

/** What reading a shape gives. */
export type Read<S extends Shape> = { [Name in keyof S]: S[Name] extends Reader<infer T> ? T : never }

/**
 * Reads an endpoint's parameters.
 * @throws ApiError `parameter_unknown` for a name outside the shape, and whatever the readers throw.
 */
export function readParams<S extends Shape>(shape: S, tree: FormTree): Read<S> {
  return readShape(shape, tree, '')
}

function readShape<S extends Shape>(shape: S, tree: FormTree, prefix: string): Read<S> {
  const unknown = Object.keys(tree)
    .filter((name) => !Object.hasOwn(shape, name))
    .map((name) => nested(prefix, name))
  if (unknown[0] !== undefined) {
    const noun = unknown.length === 1 ? 'parameter' : 'parameters'
    throw invalidParameter(`Received unknown ${noun}: ${unknown.join(', ')}`, {
      code: 'parameter_unknown',
      param: unknown[0],
    })
  }
  const read = Object.entries(shape).map(([name, reader]) => [name, reader(tree[name], nested(prefix, name))])
  // Each member was just made by the reader of its name.
  return Object.fromEntries(read) as Read<S>
}

/** Refuses a parameter that was not sent. */
export function required<T>(reader: Reader<T | undefined>): Reader<T> {
  return (value, name) => {
    const read = value === undefined ? undefined : reader(value, name)
    if (read === undefined) {
      throw invalidParameter(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name })
    }
    return read
  }
}

/** Reads an empty value, which unsets the parameter, as null. */
export function emptyable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, name) => (value === '' ? null : reader(value, name))
}

/** Reads text that is not empty. */
export const text: Reader<string | undefined> = (value, name) => {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw invalidParameter('Invalid string: expected text', { param: name })
  if (value === '') throw emptyValue(name)
  return value
}

/** Reads text of at most so many characters. */
export function textUpTo(maxLength: number): Reader<string | undefined> {
  return (value, name) => {
    const read = text(value, name)
    if (read !== undefined && read.length > maxLength) {
      throw invalidParameter(
        `Invalid string: ${read.slice(0, 8)}…; must be at most ${maxLength} characters`,
        { param: name },
      )
    }
    return read
  }
}

/** Reads an integer of at least `min`. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Reader<number | undefined> {
  return (value, name) => {
    const read = text(value, name)
    if (read === undefined) return undefined
    if (!/^-?\d+$/.test(read) || !Number.isSafeInteger(Number(read))) {
      throw invalidParameter(`Invalid integer: ${read}`, { code: 'parameter_invalid_integer', param: name })
    }
    const number = Number(read)
    if (number < min) {
      throw invalidParameter(`This value must be greater than or equal to ${min}.`, {
        code: 'parameter_invalid_integer',
        param: name,
      })
    }
    if (number > max) {
      throw invalidParameter(
        `This value must be less than or equal to ${max} (it currently is '${number}').`,
        {
          code: 'parameter_invalid_integer',
          param: name,
        },
      )
    }
    return number
  }
}

/** Reads `true` or `false`. */
export const boolean: Reader<boolean | undefined> = (value, name) => {
  const read = text(value, name)
  if (read === undefined) return undefined
  if (read === 'true') return true
  if (read === 'false') return false
  throw invalidParameter(`Invalid boolean: ${read}`, { param: name })
}

/** Reads one of the given words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Reader<Word | undefined> {
  return (value, name) => {
    const read = text(value, name)
    if (read === undefined) return undefined
    const word = words.find((candidate) => candidate === read)
    if (word === undefined)
      throw invalidParameter(`Invalid ${name}: must be one of ${words.join(', ')}`, { param: name })
    return word
  }
}

/** Reads `name[]=…` or `name[0]=…`. */
export function arrayOf<T>(reader: Reader<T | undefined>): Reader<T[] | undefined> {
  return (value, name) => {
    if (value === undefined) return undefined
    if (value === '') throw emptyValue(name)
    if (typeof value === 'string') throw invalidParameter('Invalid array', { param: name })
    return Object.keys(value).map((key, position) => {
      if (key !== String(position)) throw invalidParameter('Invalid array', { param: name })
      return required(reader)(value[key], `${name}[${key}]`)
    })
  }
}

/** Reads nested parameters. */
export function object<S extends Shape>(shape: S): Reader<Read<S> | undefined> {
  return (value, name) => {
    if (value === undefined) return undefined
    if (value === '') throw emptyValue(name)
    if (typeof value === 'string') throw invalidParameter('Invalid object', { param: name })
    return readShape(shape, value, name)
  }
}

const METADATA_KEYS = 50
const METADATA_KEY_LENGTH = 40
const METADATA_VALUE_LENGTH = 500

/** Reads metadata: at most 50 names of 40 characters, values of 500; an empty value deletes the name. */
export const metadata: Reader<Record<string, string> | undefined> = (value, name) => {
  if (value === undefined) return undefined
  if (typeof value === 'string') throw invalidParameter('Invalid object', { param: name })
  const entries = Object.entries(value).map(([key, member]): [string, string] => {
    if (typeof member !== 'string')
      throw invalidParameter('Metadata values must be strings', { param: `${name}[${key}]` })
    if (key.length > METADATA_KEY_LENGTH) {
      throw invalidParameter(`Metadata keys can have up to ${METADATA_KEY_LENGTH} characters: ${key}`, {
        param: name,
      })
    }
    if (member.length > METADATA_VALUE_LENGTH) {
      throw invalidParameter(
        `Metadata values can have up to ${METADATA_VALUE_LENGTH} characters, but you passed in a value that is ${member.length} characters.`,
        { param: `${name}[${key}]` },
      )
    }
    return [key, member]
  })
  if (entries.length > METADATA_KEYS) {
    throw invalidParameter(`Metadata can have up to ${METADATA_KEYS} keys`, { param: name })
  }
  return Object.fromEntries(entries)
}

/** Merges sent metadata into what is there: null unsets all of it, an empty value deletes one name. */
export function mergeMetadata(
  present: Record<string, string>,
  sent: Record<string, string> | null | undefined,
): Record<string, string> {
  if (sent === undefined) return present
  if (sent === null) return {}
  return Object.fromEntries(Object.entries({ ...present, ...sent }).filter(([, value]) => value !== ''))
}

function nested(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}[${name}]`
}

function emptyValue(name: string): Error {
  return invalidParameter(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param: name },
  )
}
