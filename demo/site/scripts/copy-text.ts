/** Puts text on the clipboard. Without permission nothing happens: the text stands beside the button anyway. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).catch(() => {})
}
