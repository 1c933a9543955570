/** What begins a text in UTF-16, by its byte order. */
const UTF_16 = ["fffe", "feff"];

/**
 * Decodes a text that people may have saved from any program: a byte-order mark is passed over.
 * @returns the text, or what the bytes are, to follow the file's name.
 */
export function decodeUtf8(bytes: Buffer): { text: string } | { fault: string } {
  if (UTF_16.includes(bytes.toString("hex", 0, 2))) return { fault: "is UTF-16, not UTF-8" };
  if (bytes.includes(0)) return { fault: "is not UTF-8: it holds zero bytes, as UTF-16 does" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { fault: "is not UTF-8" };
  }
}
