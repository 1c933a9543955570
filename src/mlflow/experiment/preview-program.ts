/*
 * Makes pictures small, in a process of its own: sharp and node-canvas, which drew them, clash in one (https://github.com/lovell/sharp/issues/2548).
 * It is asked with one Order and answers with one Answer.
 */
import sharp from "sharp";
import { answerOnce } from "../../runtime/fork-program.ts";

/** What the program is asked for: these files, at most so many px wide. */
export interface Order {
  files: readonly string[];
  width: number;
}

/** A PNG of each, in order; nothing in the place of one that is no picture. */
export interface Answer {
  previews: (Uint8Array | undefined)[];
}

async function make({ files, width }: Order): Promise<Answer> {
  const one = (file: string) =>
    sharp(file).resize({ width, withoutEnlargement: true }).png({ palette: true }).toBuffer();
  return { previews: await Promise.all(files.map((file) => one(file).catch(() => undefined))) };
}

answerOnce(make);
