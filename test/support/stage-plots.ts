import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A plot as a stage of dvc.yaml declares it, with the words of its template; a picture has none. */
export interface Plot {
  file: string;
  template?: string;
  /** Of the figure, and of its first axes that have one: of x and of y. */
  title?: string;
  x_label?: string | undefined;
  y_label?: string | undefined;
}

/** All plots of dvc.yaml's stages, in its order. */
export function stagePlots(): Plot[] {
  const { stages } = parse(readFileSync("dvc.yaml", "utf8")) as {
    stages: Record<string, { plots?: Record<string, { template?: string }>[] }>;
  };
  return Object.values(stages).flatMap(({ plots = [] }) =>
    plots.flatMap((plot) =>
      Object.entries(plot).map(([file, options]) => ({ file, ...options, ...wordsOf(options.template) })),
    ),
  );
}

type Axes = Record<"x" | "y", { title?: string | null }>;

interface View {
  title: { text: string };
  encoding?: Axes;
  spec?: View;
  hconcat?: View[];
}

const axesOf = ({ encoding, spec, hconcat: [first] = [] }: View): Axes => encoding ?? axesOf((spec ?? first) as View);

function wordsOf(template: string | undefined): Partial<Plot> {
  if (template === undefined) return {};
  const view = JSON.parse(readFileSync(`.dvc/plots/${template}.json`, "utf8")) as View;
  const { x, y } = axesOf(view);
  const subtitle = (view.title as { subtitle?: string }).subtitle;
  return { title: view.title.text, x_label: x.title ?? undefined, y_label: y.title ?? subtitle };
}
