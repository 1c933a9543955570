/**
 * Lines of steps that run beside each other. On a terminal the last line names those that go on.
 *
 * @param {{write(text: string): unknown, isTTY?: boolean, columns?: number}} [out]
 */
export function progress(out = process.stdout) {
  /** @type {Set<string>} */
  const going = new Set();
  /** Writes above the line of those that go on, and renews it. @param {string} text */
  const write = (text) => {
    if (!out.isTTY) return out.write(text);
    const names = going.size > 0 ? `${[...going].join(", ")} …` : "";
    out.write(`\r\x1b[K${text}${names.slice(0, (out.columns || 80) - 1)}`);
  };
  return {
    /** @param {string} line */
    print: (line) => write(`${line}\n`),
    /** @param {string} name */
    begin(name) {
      going.add(name);
      write("");
    },
    /** @param {string} name */
    end(name) {
      going.delete(name);
      write("");
    },
  };
}
