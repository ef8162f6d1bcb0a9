import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { CrowdResult, CrowdTask } from './crowd-member.fixture.js'

/** Runs a task in so many processes, which begin together once all of them are there. */
export async function runCrowd(file: string, tasks: readonly CrowdTask[]): Promise<CrowdResult[]> {
  const members = tasks.map(() => fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }))
  try {
    await Promise.all(members.map((member) => once(member, 'message')))
    return await Promise.all(members.map((member, index) => resultOf(member, tasks[index])))
  } finally {
    for (const member of members) member.kill('SIGKILL')
  }
}

function resultOf(member: ChildProcess, task: CrowdTask | undefined): Promise<CrowdResult> {
  return new Promise((resolve, reject) => {
    member.once('message', (result: CrowdResult) => resolve(result))
    member.once('close', (code) => reject(new Error(`A process of the crowd ended with ${code}.`)))
    if (task) member.send(task)
  })
}
