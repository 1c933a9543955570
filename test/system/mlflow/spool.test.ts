import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createExperiment, fine } from "../../support/mlflow/experiment.ts";
import { fakeMlflow } from "../../support/mlflow/fake-server.ts";
import { assertWhole } from "../../support/mlflow/whole.ts";

test("what is damaged or strange in the spool is named and set aside as it is; what is sound beside it is delivered", async (t) => {
  const server = await fakeMlflow(t);
  await server.stop();
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri };
  fine(await experiment.trainTop(env));
  const spool = join(experiment.folder, ".mlflow/spool");
  const sound = experiment.spooled()[0] as string;
  const lines = experiment.read(`.mlflow/spool/${sound}/journal.jsonl`).split("\n");
  const [header, start] = lines as [string, string];
  const damaged: Record<string, string | Buffer> = {
    "0-empty": "",
    "0-null": "null\n",
    "0-list": "[]\n",
    "0-binary": Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)),
    "0-zeros": Buffer.alloc(4096),
    "0-another-version": `${header.replace('"version":1', '"version":2')}\n${start}\n`,
    "0-no-owner": '{"version":1,"experiment":"e"}\n',
    "0-owner-of-text": `${header.replace(/"pid":\d+/, '"pid":"me"')}\n`,
    "0-without-start": [header, ...lines.slice(2)].join("\n"),
    "0-start-of-text": `${header}\n"start"\n${lines.slice(2).join("\n")}`,
  };
  for (const [name, content] of Object.entries(damaged)) {
    mkdirSync(join(spool, name));
    writeFileSync(join(spool, name, "journal.jsonl"), content);
  }
  mkdirSync(join(spool, "0-folder/journal.jsonl"), { recursive: true });
  mkdirSync(join(spool, "0-nothing"));
  writeFileSync(join(spool, "0-file"), "notes of mine\n");
  cpSync(join(spool, sound), join(spool, "0-strange-lines"), { recursive: true });
  const key = (text: string) => text.replace(/"key":"[^"]*"/, '"key":"another"');
  const strange = ["null", '{"type":"metrics","time":1,"step":1,"values":{"loss":"much"}}', "\u0000\u00ff"];
  writeFileSync(
    join(spool, "0-strange-lines/journal.jsonl"),
    [header, key(start), ...strange, ...lines.slice(2)].join("\n"),
  );

  await server.start();
  const synced = await experiment.sync(env);
  assert.equal(synced.code, 1, synced.output);
  const names = [...Object.keys(damaged), "0-folder", "0-nothing", "0-file"];
  for (const name of names)
    assert.match(synced.output, new RegExp(`${name}: is no journal of a run .*set-aside/${name},`), name);
  assert.match(
    synced.output,
    /0-strange-lines\/journal\.jsonl: line 3, 4, 5: no event that this version knows; kept in /,
  );
  assert.match(synced.output, /poison-10-seed-1 \(train-top\): delivered/);
  assert.doesNotMatch(synced.output, /^ +at /m);
  assert.deepEqual(experiment.spooled(), []);

  const aside = join(experiment.folder, ".mlflow/set-aside");
  assert.deepEqual(readdirSync(aside).sort(), [...names, "0-strange-lines.jsonl"].sort());
  for (const [name, content] of Object.entries(damaged))
    assert.deepEqual(readFileSync(join(aside, name, "journal.jsonl")), Buffer.from(content), name);
  assert.equal(readFileSync(join(aside, "0-file"), "utf8"), "notes of mine\n");
  assert.equal(readFileSync(join(aside, "0-strange-lines.jsonl"), "utf8"), `${strange.join("\n")}\n`);
  assert.equal(server.runs.length, 2);
  server.runs = server.runs.filter(({ tags }) => tags.run_key !== "another");
  server.models.length = 1;
  assertWhole(server, 3);
  assert.match(fine(await experiment.sync(env)), /nothing waits/);
});

test("a damaged journal in the way of an experiment does not keep it from being logged", async (t) => {
  const server = await fakeMlflow(t);
  await server.stop();
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri };
  fine(await experiment.trainTop(env));
  const file = join(experiment.folder, ".mlflow/spool", experiment.spooled()[0] as string, "journal.jsonl");
  writeFileSync(file, Buffer.alloc(100));
  await server.start();
  assert.match(fine(await experiment.trainTop(env)), /warning: MLflow: .*: is no journal of a run .*set-aside/);
  assertWhole(server, 3);
  assert.deepEqual(experiment.spooled(), []);
});
