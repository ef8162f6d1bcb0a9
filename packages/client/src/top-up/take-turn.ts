import { isTabNews, type TabNews } from './tab-news.js'

/** One tab's wish to ask for payment. */
export interface Turn {
  /** Tabs that use the same name take turns. */
  readonly name: string
  /** Stops waiting. */
  readonly signal: AbortSignal
  /** Another tab is first. */
  onWait(): void
  /** Runs alone among all tabs, unless aborted; `heard` is what came of the turn that it waited for. Never rejects. */
  session(heard: TabNews): Promise<TabNews>
}

/** A tab that was closed tells nothing. One that has ended its turn has told before it let go. */
const MOST_HEARING_MS = 300

/**
 * Runs a session when no other tab runs one of the same name, and tells what came of it.
 *
 * Where there are no Web Locks (plain http, Node), every tab asks for itself.
 */
export async function takeTurn({ name, signal, onWait, ...turn }: Turn): Promise<void> {
  const session = async (heard: TabNews): Promise<TabNews> =>
    signal.aborted ? { type: 'nothing' } : turn.session(heard)
  const locks = globalThis.navigator?.locks
  if (!locks || !globalThis.BroadcastChannel) {
    await session({ type: 'nothing' })
    return
  }
  let channel: BroadcastChannel | undefined
  let isStarted = false
  const run = async (news: TabNews): Promise<true> => {
    isStarted = true
    channel?.postMessage(await session(news))
    return true
  }
  try {
    // Opened first, so that nothing is missed that is told while this tab waits.
    channel = new BroadcastChannel(name)
    const heard = hear(channel)
    const isFirst = await locks.request(
      name,
      { ifAvailable: true },
      (lock) => lock && run({ type: 'nothing' }),
    )
    if (isFirst) return
    onWait()
    await locks.request(name, { signal }, async () => run(await heard.latest()))
  } catch {
    // When nobody waits any more, the session is over before its turn came.
    if (isStarted || signal.aborted) return
    // A sandboxed frame has locks and channels that it may not use.
    await session({ type: 'nothing' })
  } finally {
    channel?.close()
  }
}

/** Listens; `latest` resolves with the last news, or with none when nobody has told any for a moment. */
function hear(channel: BroadcastChannel): { latest(): Promise<TabNews> } {
  let news: TabNews | undefined
  let onNews = (): void => {}
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isTabNews(data)) return
    news = data
    onNews()
  }
  return {
    latest: () =>
      new Promise((resolve) => {
        const give = (): void => resolve(news ?? { type: 'nothing' })
        if (news) return give()
        onNews = give
        setTimeout(give, MOST_HEARING_MS)
      }),
  }
}
