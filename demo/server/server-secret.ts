import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The secret that turns cards into client ids, made once and kept beside the database: with another one, every balance
 * would belong to nobody.
 */
export async function keptSecret(folder: string): Promise<string> {
  const file = join(folder, 'secret')
  const secret = randomBytes(32).toString('hex')
  try {
    await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return secret
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return (await readFile(file, 'utf8')).trim()
  }
}
