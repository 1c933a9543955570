import { readFile } from "node:fs/promises";
import type { ArtifactStore } from "./artifact-store.ts";

/** A file of a run: its path there, and its content, on disk or as it is. */
export type Artifact =
  | { path: string; file: string }
  | { path: string; text: string }
  | { path: string; base64: string };

/** An artifact with its content at hand. */
export interface Content {
  path: string;
  bytes: Uint8Array;
}

/** Reads files that are to be stored. @returns their contents, and the paths of those that are no files any more. */
export async function readArtifacts(files: readonly Artifact[]): Promise<{ contents: Content[]; gone: string[] }> {
  const contents: Content[] = [];
  const gone: string[] = [];
  for (const artifact of files) {
    const bytes = "file" in artifact ? await content(artifact.file) : asIs(artifact);
    if (bytes === undefined) gone.push(artifact.path);
    else contents.push({ path: artifact.path, bytes });
  }
  return { contents, gone };
}

const asIs = (artifact: { text: string } | { base64: string }): Buffer =>
  "text" in artifact ? Buffer.from(artifact.text) : Buffer.from(artifact.base64, "base64");

/** Stores contents in a folder of a store. @param root the `artifact_uri` of a run or a model, or a folder below it. */
export async function storeContents(store: ArtifactStore, root: string, contents: readonly Content[]): Promise<void> {
  await Promise.all(contents.map(({ path, bytes }) => store.put(root, path, bytes)));
}

/** Nothing for a file that is gone, or has become a folder. */
async function content(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code ?? "")) return undefined;
    throw error;
  });
}
