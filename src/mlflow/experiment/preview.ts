import { askProgram } from "../../runtime/fork-program.ts";
import type { Answer, Order } from "./preview-program.ts";

/** Width in px: MLflow's pages show a picture in its own size, and ours are made for print. */
const WIDTH = 800;

/** Pictures as small PNGs, base64, in order; nothing for one that cannot be read: it is shown nowhere, and that is all. */
export async function previews(files: readonly string[]): Promise<(string | undefined)[]> {
  const program = new URL("./preview-program.ts", import.meta.url);
  const answer = await askProgram<Order, Answer>(program, { files, width: WIDTH }).catch(() => undefined);
  return files.map((_, i) => {
    const bytes = answer?.previews[i];
    return bytes && Buffer.from(bytes).toString("base64");
  });
}
