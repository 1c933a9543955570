import { markdownTable } from "../../src/commands/table.ts";
import type { Contender, Measurement } from "./programs.ts";

/** A line of the table: a median, what it is compared with, and how much better ours is (above 1: better). */
export interface Row {
  what: string;
  reference?: number | undefined;
  ours: number;
  ratio?: number;
}

type Value = (m: Measurement) => number;

const speed: Value = (m) => m.images / m.work_s;
const work: Value = (m) => m.work_s;
const program: Value = (m) => m.program_s;
const memory: Value = (m) => m.max_rss_mib;

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number) => sorted[Math.floor(i)] as number;
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2;
}

/** The table of all rounds. @param all how many images the data set has. */
export function tableRows(
  measurements: readonly Measurement[],
  { all, epochs }: { all: number; epochs: number },
): Row[] {
  const of = (step: Measurement["step"], by: Contender, value: Value): number | undefined => {
    const values = measurements.filter((m) => m.step === step && m.by === by).map(value);
    return values.length > 0 ? median(values) : undefined;
  };
  const row = (
    what: string,
    step: Measurement["step"],
    value: Value,
    against: Contender = "keras",
    by: Contender = "ours",
  ): Row[] => {
    const [reference, ours] = [of(step, against, value), of(step, by, value)];
    if (ours === undefined || (against !== "keras" && reference === undefined)) return [];
    if (reference === undefined) return [{ what, ours }];
    return [{ what, reference, ours, ratio: value === speed ? ours / reference : reference / ours }];
  };
  const beyond: Value = (m) => m.program_s - m.work_s;
  const sum = (...parts: (number | undefined)[]) => parts.reduce<number>((total, part) => total + (part ?? 0), 0);
  const extractAll = (by: "keras" | "ours") =>
    sum(of("extraction", by, beyond), all / (of("extraction", by, speed) as number));
  const reference = 6 * sum(extractAll("keras"), of("training", "keras", program));
  const level = sum(
    of("training", "ours", work),
    of("experiment", "ours", beyond) ??
      sum(of("training", "ours", beyond), of("poison", "ours", work), of("plot", "ours", work)),
  );
  const ours = sum(of("restore", "ours", work), extractAll("ours"), 6 * level);
  const reallyRun = of("levels", "ours", program);
  const [sample] = measurements.filter((m) => m.step === "extraction");
  return [
    ...row("extraction, images/s", "extraction", speed),
    ...row("extraction, images/s, against ONNX Runtime", "extraction", speed, "onnx"),
    ...row("extraction as with AVX2 alone, images/s", "extraction", speed, "keras avx2", "ours avx2"),
    ...row("extraction in WebAssembly, images/s", "extraction", speed, "keras", "ours wasm"),
    ...row("extraction in WebAssembly, revectorized, images/s", "extraction", speed, "keras", "ours wasm wide"),
    ...row(`extraction of ${sample?.images} images, program start to end, s`, "extraction", program),
    ...row("extraction of one image a class, start to end, s", "start-up", program),
    ...row("extraction, peak memory, MiB", "extraction", memory),
    ...row(`training, ${epochs} epochs, s`, "training", work),
    ...row("training, program start to end, s", "training", program),
    ...row("training, peak memory, MiB", "training", memory),
    { what: `six poison levels from nothing, ${all} images, s (computed)`, reference, ours, ratio: reference / ours },
    ...(reallyRun === undefined
      ? []
      : [{ what: "the same, ours really run", reference, ours: reallyRun, ratio: reference / reallyRun }]),
    ...row("`dvc exp run -S poison=X`, features cached, beyond the training, s", "experiment", beyond),
    ...row(`restore, ${all} images, start to end, s`, "restore", work),
    ...row(`poison, ${all} images, start to end, s`, "poison", work),
    ...row("plot, start to end, s", "plot", work),
  ];
}

/** Head and cells of the table. */
export function cells(rows: readonly Row[]): string[][] {
  const number = (value: number | undefined) =>
    value === undefined ? "–" : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
  const body = rows.map(({ what, reference, ours, ratio }) => [
    what,
    number(reference),
    number(ours),
    ratio === undefined ? "–" : `${ratio.toFixed(2)} ×`,
  ]);
  return [["", "reference", "dvc-poison", "better by"], ...body];
}

/** docs/benchmarks.md. */
export function benchmarkPage(
  machine: Record<string, string>,
  rows: readonly Row[],
  command: string,
  warning = "",
): string {
  return `# Benchmarks

Written by \`${command}\`; do not edit.${warning && `\n\n**Warning:** ${warning}`}

${markdownTable([["", ""], ...Object.entries(machine)], "ll")}

${markdownTable(cells(rows), "lrrr")}

The reference is the Keras original of this study, \`tools/bench/original.py\`, in the project's own Python environment:
\`ImageDataGenerator\` and \`VGG16.predict\` with batches of 10, then \`fit\` of the top model with batches of 10. Both read the same
images, features and labels, and run by turns, round after round; the table shows medians. Images/s and the seconds of a training
leave out starting up; "start to end" is the whole program. Memory is the most that was resident at once. Six levels from nothing are
computed from the other rows: the original runs both steps for each level; dvc-poison restores and extracts once, then poisons,
trains and plots six times; where that was really run, the row below has it. "As with AVX2 alone" is Keras without oneDNN, its default on
such processors, and the build of ours for them; revectorized is Node.js 24 with \`--experimental-wasm-revectorize\`. ONNX Runtime, where it stands in the table, computes the same network with its default settings.
`;
}
