import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { flatten } from "../../../src/mlflow/experiment/key.ts";
import { loadParams } from "../../../src/stage/params.ts";
import { schemaText } from "../../../tools/schema.ts";
import { STUDY, studyParams } from "../../../tools/study-params.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const refused = (override: string, message: string) =>
  assert.throws(() => loadParams("params.yaml", [override]), { name: "StageError", message });

/** params.yaml as it is committed; without git as it is. */
function committed(): string {
  try {
    return execFileSync("git", ["show", "HEAD:params.yaml"], { encoding: "utf8", stdio: "pipe" });
  } catch {
    return readFileSync("params.yaml", "utf8");
  }
}

test("the params.yaml that is committed is valid and holds the study's values, every one", (t) => {
  const file = join(temporaryFolder(t), "params.yaml");
  writeFileSync(file, committed());
  assert.deepEqual(flatten({ ...loadParams(file) }), flatten(STUDY));
});

test("tests and benchmarks have the study's values, whichever experiment was run last", (t) => {
  const file = join(temporaryFolder(t), "params.yaml");
  let text = readFileSync("params.yaml", "utf8");
  for (const [key, value] of [
    ["poison", 7.5],
    ["seed", 3],
    ["epochs", 20],
    ["source", "generated"],
  ])
    text = text.replace(new RegExp(`^(\\s*${key}: *)\\S+`, "m"), `$1${value}`);
  writeFileSync(file, text);
  assert.equal(loadParams(file).poison, 7.5);
  writeFileSync(file, studyParams({ "train.epochs": 2 }, text));
  assert.deepEqual(flatten({ ...loadParams(file) }), flatten({ ...STUDY, "train.epochs": 2 }));
});

test("-S overrides as DVC does, with YAML values", () => {
  const params = loadParams("params.yaml", [
    "poison=7.5",
    "train.epochs=20",
    "data.source=path:my images",
    "data.train_per_class=all",
  ]);
  assert.equal(params.poison, 7.5);
  assert.equal(params.train.epochs, 20);
  assert.equal(params.data.source, "path:my images");
  assert.equal(params.data.train_per_class, "all");
});

test("each bad value is refused with key, value and limit", () => {
  refused("poison=-1", "-S: poison is -1; it must be at least 0.");
  refused("poison=101", "-S: poison is 101; it must be at most 100.");
  refused("poison=ten", '-S: poison is "ten"; it must be a number.');
  refused("poison=.nan", "-S: poison is NaN; it must be a number.");
  refused("train.batch_size=0", "-S: train.batch_size is 0; it must be at least 1.");
  refused('train.epochs="10"', '-S: train.epochs is "10"; it must be a number.');
  refused("train.export_full=1", "-S: train.export_full is 1; it must be true or false.");
  refused("seed=1.5", "-S: seed is 1.5; it must be a whole number.");
  refused("image.resize=cubic", '-S: image.resize is "cubic"; it must be nearest or bilinear or bicubic or lanczos3.');
  refused(
    "data.source=ftp",
    '-S: data.source is "ftp"; it must be auto, registry, mirror, generated, dvc:FOLDER|ZIP|TAR or path:FOLDER|ZIP|TAR.',
  );
  refused("data.train_per_class=few", '-S: data.train_per_class is "few"; it must be a number or all.');
  refused("train=5", "-S: train is 5; it must be a mapping of keys.");
  refused("poison", "-S poison: not of the form key=value.");
});

test("a key that is none, or a value that is no plain one, is refused by name", () => {
  const unknown = (override: string, key: string, section?: string) =>
    assert.throws(
      () => loadParams("params.yaml", [override]),
      (error: Error) => {
        assert.equal(error.name, "StageError", override);
        assert.ok(
          error.message.startsWith(`-S: unknown parameter "${key}"; allowed here: ${section ?? "poison"}`),
          error.message,
        );
        return true;
      },
    );
  unknown("__proto__.x=1", "__proto__");
  unknown("__proto__=1", "__proto__");
  unknown("__proto__={poison: 1}", "__proto__");
  unknown("constructor.prototype.x=1", "constructor");
  unknown("toString=1", "toString");
  unknown("hasOwnProperty.call=1", "hasOwnProperty");
  unknown("train.__proto__.epochs=1", "train.__proto__", "epochs");
  unknown("data.constructor=1", "data.constructor", "source");
  unknown(" poison=1", " poison");
  assert.equal(({} as Record<string, unknown>).x, undefined);

  for (const override of ["a..b=1", ".poison=1", "poison.=1", ".=1", " =1"])
    refused(override, `-S ${override}: a part of the key is empty.`);
  refused("=1", "-S =1: not of the form key=value.");
  refused("data={source: generated}", "-S data={source: generated}: replaces a mapping.");
  refused("data={}", "-S data={}: replaces a mapping.");
  refused("data=[]", "-S: data is []; it must be a mapping of keys.");
  refused("data=", "-S: data is null; it must be a mapping of keys.");
  refused("poison.x=1", '-S: poison is {"x":1}; it must be a number.');
  const names = "the value begins with &, * or !, which name things in YAML";
  for (const value of ["&a 5", "*a", "!!float 5", " &a 5"]) refused(`poison=${value}`, `-S poison=${value}: ${names}.`);
  const invalid = (value: string) =>
    assert.throws(() => loadParams("params.yaml", [`poison=${value}`]), {
      name: "StageError",
      message: /^-S poison=.*: the value is not valid: /,
    });
  for (const value of ["[", "{a: 1, a: 2}", "[&a 1, *b]", "[&a [*a]]", "1\n---\n2", "x".repeat(2_000_000)])
    invalid(value);
  refused("poison=\x1b[31m", '-S: poison is "\\u001b[31m"; it must be a number.');
});

test("a params.yaml that a stranger wrote is refused in no time, with its line", (t) => {
  const file = join(temporaryFolder(t), "params.yaml");
  const text = readFileSync("params.yaml", "utf8");
  const laughs = Array.from(
    { length: 9 },
    (_, i) =>
      `a${i}: &a${i} [${Array(9)
        .fill(i ? `*a${i - 1}` : "lol")
        .join()}]`,
  ).join("\n");
  const cases: [content: string | Buffer, message: RegExp][] = [
    [laughs, /^FILE:7: more than 50 aliases/],
    ["poison: &a [*a]", /^FILE:1: the alias \*a stands within what it names/],
    ["poison: &a {x: {y: *a}}", /^FILE:1: the alias \*a stands within/],
    [`<<<<<<< HEAD\npoison: 1\n=======\npoison: 2\n>>>>>>> x\n${text}`, /^FILE:1: conflict markers of git/],
    [`${text}\nseed: 2\n`, /^FILE:\d+: the key "seed" stands there twice/],
    [
      text.replace("train:", "train:\n  __proto__: {epochs: 1}"),
      /^FILE:\d+: unknown parameter "train.__proto__"; allowed here: epochs/,
    ],
    [
      text.replace("train:", 'train:\n  "a\\e[31m\\nb": 1'),
      /^FILE:\d+: unknown parameter "train.a\\u001b\[31m\\nb"; allowed here/,
    ],
    [
      text.replace(/^poison:/m, '"p\\eoison":'),
      /^FILE: parameter "poison" is missing; there is "p\\u001boison", which is none\.$/,
    ],
    ["[".repeat(50_000), /^FILE:1: not valid YAML/],
    ["{a: ".repeat(20_000), /^FILE:1: not valid YAML/],
    [`poison: ${"9".repeat(900_000)}`, /^FILE:1: poison is Infinity; it must be a number/],
    [`${text}#${"x".repeat(1_000_000)}`, /^FILE has \d+ bytes; at most 1000000 are read/],
    ["", /^FILE is empty/],
    ["# nothing\n", /^FILE: holds no mapping of keys/],
    ["- poison: 1\n", /^FILE: holds no mapping of keys/],
    ["5", /^FILE: holds no mapping of keys/],
    [Buffer.from(`\ufeff${text}`, "utf16le"), /^FILE is UTF-16, not UTF-8\.$/],
    [Buffer.from(text, "utf16le"), /^FILE is not UTF-8: it holds zero bytes, as UTF-16 does\.$/],
    [Buffer.concat([Buffer.from(text), Buffer.from([0xff])]), /^FILE is not UTF-8\.$/],
  ];
  for (const [content, message] of cases) {
    writeFileSync(file, content);
    const started = performance.now();
    assert.throws(
      () => loadParams(file),
      (error: Error) => {
        assert.equal(error.name, "StageError");
        assert.match(error.message.replaceAll(file, "FILE"), message);
        assert.ok(error.message.length < 5000);
        return true;
      },
    );
    assert.ok(performance.now() - started < 3000, String(message));
  }
  writeFileSync(file, `\ufeff${text.replaceAll("\n", "\r\n")}`);
  assert.equal(
    loadParams(file).seed,
    loadParams("params.yaml").seed,
    "with a byte order mark and Windows's ends of lines",
  );
  assert.throws(() => loadParams(dirname(file)), { name: "StageError", message: /is no file\.$/ });
  if (process.getuid?.() === 0) return; // root may read everything
  chmodSync(file, 0);
  assert.throws(() => loadParams(file), { name: "StageError", message: /^Permission was refused: .*params\.yaml/ });
});

test("a misspelt key is refused with the keys that are allowed there", () => {
  refused(
    "train.dropot=0.1",
    '-S: unknown parameter "train.dropot"; allowed here: epochs, batch_size, optimizer, learning_rate, hidden_units, dropout, standardize, export_full.',
  );
  refused(
    "posion=5",
    '-S: unknown parameter "posion"; allowed here: poison, seed, attack, data, image, base, features, train.',
  );
});

test("a fault in the file is named with its line", () => {
  const file = join(mkdtempSync(join(tmpdir(), "params-")), "params.yaml");
  const text = readFileSync("params.yaml", "utf8");
  const line = text.split("\n").findIndex((row) => row.includes("batch_size:")) + 1;
  writeFileSync(file, text.replace(/batch_size: \d+/, "batch_size: 0"));
  assert.throws(() => loadParams(file), { message: `${file}:${line}: train.batch_size is 0; it must be at least 1.` });
  writeFileSync(file, text.replace(/^seed:.*\n/m, ""));
  assert.throws(() => loadParams(file), { message: `${file}: parameter "seed" is missing; it must be a number.` });
  writeFileSync(file, "poison: [");
  assert.throws(() => loadParams(file), /not valid YAML/);
  writeFileSync(file, "");
  assert.throws(() => loadParams(file), { name: "StageError" });
  assert.throws(() => loadParams(`${file}.missing`), {
    name: "StageError",
    message: `${file}.missing cannot be read.`,
  });
});

test("the schema for editors is the one generated from the code", () => {
  assert.equal(readFileSync("src/stage/params.schema.json", "utf8"), schemaText());
});

test("keys of somebody else's at the top are passed over; one that is nearly ours is named where ours is missing", () => {
  const file = join(mkdtempSync(join(tmpdir(), "params-")), "params.yaml");
  const text = readFileSync("params.yaml", "utf8");
  writeFileSync(
    file,
    `${text}\nlr: 0.1\nmodel: {name: resnet, train: {epochs: 3}}\n__proto__: {poison: 5}\nposion: 7\n`,
  );
  assert.deepEqual(loadParams(file), loadParams("params.yaml"));
  for (const [key, misspelt] of [
    ["poison", "posion"],
    ["poison", "poisson"],
    ["image", "images"],
    ["train", "trian"],
  ] as const) {
    writeFileSync(file, text.replace(new RegExp(`^${key}:`, "m"), `${misspelt}:`));
    assert.throws(() => loadParams(file), {
      message: new RegExp(`: parameter "${key}" is missing; there is "${misspelt}", which is none\\.$`),
    });
  }
  writeFileSync(file, text.replace(/^seed:/m, "lr:"));
  assert.throws(() => loadParams(file), { message: /: parameter "seed" is missing; it must be a number\.$/ });
});
