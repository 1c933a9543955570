import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** MD5, DVC's digest of a content: 32 hexadecimal digits. */
export const md5 = (content: string | Uint8Array): string => createHash("md5").update(content).digest("hex");

/** MD5 of a file, read piece by piece. */
export async function fileMd5(file: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}
