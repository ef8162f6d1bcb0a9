/** More than this of a body is not looked at: a challenge is a few KiB. */
const MOST_CHARACTERS = 65_536

/** Reads the start of a response's body through a copy. Never rejects; the response can still be read. */
export async function peekBody(response: Response): Promise<string> {
  let text = ''
  try {
    const reader = response.clone().body?.getReader()
    const decoder = new TextDecoder()
    while (reader && text.length < MOST_CHARACTERS) {
      const { done, value } = await reader.read()
      if (done) return text
      text += decoder.decode(value, { stream: true })
    }
    // Settles only when the response itself has been read or cancelled, too.
    reader?.cancel().catch(() => {})
  } catch {
    // A body that breaks off here breaks off for the app as well, when it reads it.
  }
  return text
}
