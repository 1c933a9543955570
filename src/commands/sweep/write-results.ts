import { writeFile } from "node:fs/promises";
import { renderChart } from "../../plots/render.ts";
import { trainingChart } from "../../plots/training-chart.ts";
import { writeJson } from "../../records/format/json.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import type { Finished } from "./results.ts";
import { type LevelSummary, summarizeLevels } from "./summary.ts";
import { curvesChart, sweepChart } from "./sweep-chart.ts";
import { levelsMarkdown } from "./table.ts";

/** Writes a sweep's table as JSON and Markdown and its pictures. @returns the level summaries and the files written. */
export async function writeResults(
  finished: readonly Finished[],
  label: string,
): Promise<{ levels: LevelSummary[]; files: string[] }> {
  const results = finished.map(({ result }) => result).sort((a, b) => a.level - b.level || a.seed - b.seed);
  const levels = summarizeLevels(results);
  const { dataset } = (finished[0] as Finished).metrics;
  const suffix = label && `-${label}`;
  const files: string[] = [];
  const picture = async (spec: Parameters<typeof renderChart>[0], name: string) => {
    const image = await renderChart(spec);
    await write(name, (partial) => writeFile(partial, name.endsWith(".png") ? image.png() : image.jpeg()));
  };
  const write = async (name: string, begin: (partial: string) => Promise<void>) => {
    await writeWhole(name, begin);
    files.push(name);
  };
  await write(`metrics/sweep${suffix}.json`, (partial) => writeJson(partial, { dataset, levels, results }));
  await write(`metrics/sweep${suffix}.md`, (partial) => writeFile(partial, levelsMarkdown(levels)));

  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b);
  const about = `dataset: ${dataset.name}${label && ` · ${label}`}`;
  await picture(
    sweepChart(results, levels, `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")} · ${about}`),
    `plots/sweep${suffix}.png`,
  );
  const shown = levels.map(
    ({ level }) =>
      finished.filter(({ cell }) => cell.level === level).sort((a, b) => a.cell.seed - b.cell.seed)[0] as Finished,
  );
  const curves = shown.map(({ cell, history }) => ({ level: cell.level, history }));
  await picture(curvesChart(curves, `seed ${seeds[0]} · ${about}`), `plots/sweep-curves${suffix}.png`);
  for (const { cell, history, metrics } of shown) {
    await picture(
      trainingChart(history, metrics, cell.seed),
      `plots/poison_${cell.level}_percent_metrics${suffix}.jpg`,
    );
  }
  return { levels, files };
}
