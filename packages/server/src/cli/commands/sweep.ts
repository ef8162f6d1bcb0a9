import type { Command } from '../command.js'
import { refuseBlank } from '../refuse-blank.js'

/** `stripe402 sweep` */
export const sweepCommand: Command = {
  name: 'sweep',
  synopsis: '',
  summary: 'Finish purchases whose process is gone, and return holds that ran out.',
  options: {},
  arguments: 0,
  async run({ stripe402, terminal, isJson }) {
    await refuseBlank(stripe402)
    const report = await stripe402.sweep()
    if (isJson) terminal.say(JSON.stringify(report))
    else
      terminal.say(
        `${report.purchasesFinished} purchases finished, ${report.purchasesStillOpen} still open, ${report.holdsReleased} holds released`,
      )
    return 0
  },
}
