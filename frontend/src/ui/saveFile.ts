/** Hands what was fetched with the session's token to the browser as a file. */

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Revoking at once would cut off a download that has not begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
