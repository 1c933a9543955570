import { readFile } from "node:fs/promises";
import type { Client } from "./client.ts";

/** A file of a run: its path there, and its content, on disk or as it is. */
export type Artifact = { path: string; file: string } | { path: string; text: string };

/**
 * Stores files in the artifact store of a run or a model, through the server.
 * @param root its `artifact_uri`.
 * @param warn is told of what could not be stored: a store that the server does not hand on to, files that are gone.
 * @returns whether all of them are there now.
 */
export async function storeArtifacts(
  client: Client,
  root: string,
  files: readonly Artifact[],
  warn: (text: string) => void,
): Promise<boolean> {
  const folder = proxied(root);
  if (folder === undefined) {
    warn(
      `artifacts lie at ${root.replace(/:.*/s, ":…")}, which the server does not serve: files and models are not logged. Start it with --serve-artifacts.`,
    );
    return false;
  }
  const stored = await Promise.all(
    files.map(async (artifact) => {
      const bytes = "text" in artifact ? Buffer.from(artifact.text) : await content(artifact.file);
      if (bytes === undefined) return artifact.path;
      await client.upload(`${folder}/${artifact.path}`, bytes);
      return undefined;
    }),
  );
  const gone = stored.filter((path) => path !== undefined);
  if (gone.length > 0) warn(`${gone.join(", ")}: gone from the disk before it could be logged.`);
  return gone.length === 0;
}

/** `mlflow-artifacts:/1/RUN/artifacts` is the folder `1/RUN/artifacts` of the server's own store; others are nobody's we can reach. */
function proxied(uri: string): string | undefined {
  const [, path] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*?)\/*$/.exec(uri) ?? [];
  return path;
}

async function content(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
