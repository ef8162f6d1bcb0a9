import { runTask } from './worker-task.fixture.js'

addEventListener('message', async ({ data: { task, url } }) => {
  postMessage(await runTask(task, url))
})
