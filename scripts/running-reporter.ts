import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { ROOT } from './run-command.js'

/** Keeps in the file `RUNNING_FILE` which files of tests are under way: whoever ends a run that stands still can say where it stood. */
export default class RunningReporter implements Reporter {
  readonly #running = new Set<string>()

  onTestModuleStart(module: TestModule): void {
    this.#running.add(nameOf(module))
    this.#write()
  }

  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(nameOf(module))
    this.#write()
  }

  #write(): void {
    const { RUNNING_FILE } = process.env
    if (RUNNING_FILE !== undefined) writeFileSync(RUNNING_FILE, [...this.#running].join(', '))
  }
}

function nameOf({ moduleId, project }: TestModule): string {
  return `${relative(ROOT, moduleId)} (${project.name})`
}
