import type { NoteEvent } from "./events.ts";

/** What MLflow's page of a run shows as its description, Markdown (https://mlflow.org/docs/latest/ml/tracking/#system-tags). */
export const NOTE_TAG = "mlflow.note.content";

/**
 * What a run says of itself from now on: what it said before stays, whoever wrote it; pictures come below it, each once.
 * @param before nothing, or an empty text, when it has said nothing. @param run its id.
 */
export function extendedNote(before: string | undefined, { text = "", pictures = [] }: NoteEvent, run: string): string {
  const shown = pictures.map((picture) => pictureInNote(picture, run)).filter((part) => !before?.includes(part));
  return [before || text, ...shown].filter(Boolean).join("\n\n");
}

/** A file of a run, as a picture in its note: the address is that of MLflow's own pages, and begins where they lie. */
export const pictureInNote = ({ alt, path }: { alt: string; path: string }, run: string): string =>
  `![${alt}](get-artifact?path=${encodeURIComponent(path)}&run_uuid=${run})`;
