import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A plot as a stage of dvc.yaml declares it; a picture has no options. */
export interface Plot {
  file: string;
  template?: string;
  title?: string;
  x_label?: string;
  y_label?: string;
}

/** All plots of dvc.yaml's stages, in its order. */
export function stagePlots(): Plot[] {
  const { stages } = parse(readFileSync("dvc.yaml", "utf8")) as {
    stages: Record<string, { plots?: Record<string, Omit<Plot, "file">>[] }>;
  };
  return Object.values(stages).flatMap(({ plots = [] }) =>
    plots.flatMap((plot) => Object.entries(plot).map(([file, options]) => ({ file, ...options }))),
  );
}
