import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ApiAnswer } from './api.js'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const PREFIX = '/endive/'

/** A file as it is served. */
export interface StaticAnswer extends Omit<ApiAnswer, 'body'> {
  body: string | Buffer
}

/** Where the built Stripe.js lies, whether this module runs from `src` or from `dist`. */
export function stripeJsFolder(): string {
  return fileURLToPath(new URL('../dist/stripe-js/', import.meta.url))
}

/**
 * Serves the built Stripe.js under `/endive/`.
 * @param path the URL's path, percent-encoded
 */
export async function staticAnswer(path: string, folder: string): Promise<StaticAnswer> {
  const relative = decoded(path.slice(PREFIX.length))
  if (relative === null || relative.includes('\0') || relative.includes('\\'))
    return plain(400, 'Bad path.\n')
  const file = normalize(join(folder, relative))
  const root = folder.endsWith(sep) ? folder : folder + sep
  const type = CONTENT_TYPES[extname(file)]
  if (!file.startsWith(root) || type === undefined) return plain(404, 'Not found.\n')
  try {
    const body = await readFile(file)
    const headers = {
      'content-type': type,
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    }
    return { status: 200, headers, body }
  } catch {
    if (await isBuilt(folder)) return plain(404, 'Not found.\n')
    return plain(
      503,
      'The local Stripe.js is not built: run `npm run build` (it writes packages/stripe-local/dist/stripe-js).\n',
    )
  }
}

async function isBuilt(folder: string): Promise<boolean> {
  return readFile(join(folder, 'stripe.js')).then(
    () => true,
    () => false,
  )
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

function plain(status: number, body: string): StaticAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
