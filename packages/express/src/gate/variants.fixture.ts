import type { WireRequest } from './in-process.fixture.js'

/** A method and the headers that some servers let change it. */
const METHODS: readonly Omit<WireRequest, 'target'>[] = [
  { method: 'GET' },
  { method: 'HEAD' },
  { method: 'POST' },
  { method: 'DELETE' },
  { method: 'OPTIONS' },
  { method: 'PROPFIND' },
  { method: 'POST', headers: { 'x-http-method-override': 'GET' } },
  { method: 'POST', headers: { 'x-http-method-override': 'head, get' } },
]

const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`

const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => path.toUpperCase(),
  (path) => `${path.replace(/[a-z]/, (letter) => letter.toUpperCase())}/`,
  (path) => path.replace('/', '//'),
  (path) => path.replaceAll('/', '//'),
  (path) => path.replace(/\/([^/]*)$/, '//$1'),
  (path) => path.replaceAll('/', '/./'),
  (path) => `/x/..${path}`,
  (path) => `${path}/x/..`,
  (path) => `${path}?a=1`,
  (path) => `${path}?`,
  (path) => `${path}?_method=GET`,
  (path) => `${path}?_m%65thod=GET`,
  (path) => `${path}?a=?&_method=GET`,
  (path) => `${path}?_method=GET#x`,
  (path) => `${path}?_method=HEAD&_method=GET`,
  (path) => `${path}#a`,
  (path) => `${path};a=1`,
  (path) => `${path}%00`,
  (path) => `${path}%20`,
  (path) => `${path}%`,
  (path) => path.replaceAll('/', '\\'),
  (path) => path.replace(/\/([^/]*)$/, '%2f$1'),
  (path) => path.replace(/[a-z]/g, hex),
  (path) => path.replace(/[a-z]/, (letter) => hex(hex(letter))),
  (path) => path.replace(/[a-z]$/, (letter) => hex(letter).toUpperCase()),
  (path) => `http://elsewhere.example${path}`,
  (path) => `HTTP://ELSEWHERE.EXAMPLE:80/${path}/`,
]

/** 240 ways to ask for a path: eight methods, thirty spellings. */
export function variantsOf(path: string): WireRequest[] {
  return METHODS.flatMap((method) => SPELLINGS.map((spell) => ({ ...method, target: spell(path) })))
}
