import { StageError } from "../../runtime/errors.ts";
import { askProgram } from "../../runtime/fork-program.ts";
import type { Answer, Order } from "./thumbnail-program.ts";

/**
 * Decodes images, of every kind that training reads and upright, to thumbnails: pixels [side, side, 3], RGB, row by row, in order.
 * @throws StageError naming the first image that is missing or damaged.
 */
export async function readThumbnails(order: Order): Promise<Uint8Array[]> {
  if (order.images.length === 0) return [];
  const program = new URL("./thumbnail-program.ts", import.meta.url);
  const answer = await askProgram<Order, Answer>(program, order);
  if ("thumbnails" in answer) return answer.thumbnails;
  throw new StageError(`${answer.file}: cannot be drawn: ${answer.reason}`, {
    hint: answer.hint ?? "Restore the images: `dvc repro restore`.",
  });
}
