import { basename, join } from "node:path";
import { showAddress } from "../../runtime/address.mjs";
import { download } from "../../runtime/download.ts";
import { StageError } from "../../runtime/errors.ts";
import { reasonOf, request, statusOf } from "../../runtime/request.ts";
import { warn } from "../../runtime/say.ts";

/** A server has so long to answer, in ms. */
const PATIENCE = 10_000;

/**
 * Downloads the first archive that a server has. A file `….sha256` beside it, as `sha256sum` writes it, must fit; without one a warning
 * says that nothing was checked.
 * @param folder where to put it.
 * @returns the file, and what to call it in messages: its address without a query, which may hold a signature.
 * @throws StageError when there is none, or it cannot be had whole and right.
 */
export async function fetchArchive(
  candidates: readonly URL[],
  folder: string,
): Promise<{ file: string; shown: string }> {
  for (const url of candidates) {
    const answer = await ask(url);
    if (answer === undefined) continue;
    await answer.body?.cancel();
    const sha256 = await askForChecksum(url);
    const name = basename(url.pathname);
    const file = join(folder, name);
    await download(url.href, file, { label: `restore: ${name}`, ...(sha256 && { sha256 }) });
    return { file, shown: showAddress(url) };
  }
  throw new StageError(`POISON_MIRROR: the server has no ${candidates.map(showAddress).join(", no ")}.`, {
    hint: "Correct POISON_MIRROR, or put the archive there.",
  });
}

/** @returns the SHA-256 that the server tells, if it does. */
async function askForChecksum(archive: URL): Promise<string | undefined> {
  const url = Object.assign(new URL(archive), { pathname: `${archive.pathname}.sha256` });
  const answer = await ask(url);
  if (answer === undefined) {
    const name = basename(archive.pathname);
    warn(
      `restore: warning: the bytes of ${showAddress(archive)} are not checked: there is no ${name}.sha256 beside it.`,
    );
    warn(`  → Make one on the server: \`sha256sum ${name} > ${name}.sha256\`.`);
    return undefined;
  }
  const sha256 = /^[0-9a-f]{64}(?=\s|$)/i.exec(await readStart(answer, url))?.[0].toLowerCase();
  if (sha256) return sha256;
  throw new StageError(`${showAddress(url)}: does not begin with a SHA-256 in hexadecimal.`, {
    hint: "Make it with `sha256sum`.",
  });
}

/** The first bytes of an answer, as many as tell a checksum; the rest is not read. */
async function readStart({ body }: Response, url: URL): Promise<string> {
  let start = Buffer.alloc(0);
  const pieces = body ?? [];
  try {
    for await (const piece of pieces) {
      start = Buffer.concat([start, piece]);
      if (start.length > 64) break; // which cancels the body
    }
  } catch (cause) {
    throw new StageError(`${showAddress(url)}: broke off: ${reasonOf(cause)}.`, { hint: "Try again later.", cause });
  }
  return start.toString("latin1", 0, 65);
}

/** Asks for a file. @returns `undefined` when the server does not have it; object stores answer 403 then. */
async function ask(url: URL): Promise<Response | undefined> {
  const response = await request(url, AbortSignal.timeout(PATIENCE)).catch((cause: Error) => {
    throw new StageError(`${showAddress(url)}: cannot be reached: ${cause.message}.`, {
      hint: "Check the address and the network.",
      cause,
    });
  });
  if (response.ok) return response;
  await response.body?.cancel();
  if ([403, 404, 410].includes(response.status)) return undefined;
  throw new StageError(`${showAddress(url)}: the server answered ${statusOf(response)}.`, { hint: "Try again later." });
}
