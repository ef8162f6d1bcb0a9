import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** One file that holds a program with all it needs, in a temporary folder. */
export interface Bundle {
  file: string
  remove(): Promise<void>
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** Makes one file of a program of this folder: it starts three times faster than its sources would. */
export async function bundle(program: string): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'stripe402-program-'))
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(program, import.meta.url)),
      outDir: folder,
      rollupOptions: { external: ['pg-native'], output: { entryFileNames: 'program.mjs' } },
    },
  })
  return { file: join(folder, 'program.mjs'), remove: () => rm(folder, { recursive: true, force: true }) }
}
