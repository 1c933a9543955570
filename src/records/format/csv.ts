/** Why a table's first line has one column where commas should part several, if so: spreadsheets of some languages write others. */
export function separatorFault([only = "", ...others]: readonly string[]): string | undefined {
  const found = others.length === 0 ? /[;\t]/.exec(only)?.[0] : undefined;
  return found && `its columns are parted by ${found === ";" ? "semicolons" : "tabs"}; save it with commas.`;
}
