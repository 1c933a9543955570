import { existsSync, readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** A run as the fake server keeps it. */
export interface FakeRun {
  id: string;
  name: string;
  status: string;
  start_time: number;
  end_time?: number;
  params: Record<string, string>;
  tags: Record<string, string>;
  metrics: { key: string; value: number | string; step: number; timestamp: number }[];
  datasets: { name: string; digest: string }[];
  models: string[];
}

export interface FakeRequest {
  /** `POST runs/create`. */
  what: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

type Instead = number | string | undefined;

/** As much of MLflow's REST interface as the stages use, in memory, and ill-behaved on demand. */
export interface FakeMlflow {
  uri: string;
  /** What `GET /version` answers; nothing: 404, as of another implementation. */
  version: string | undefined;
  /** Where runs have their artifacts, as the server names it. Default: its own store. */
  artifactAddress: string;
  /** The folder that it lists as theirs. */
  artifactRoot: string;
  requests: FakeRequest[];
  runs: FakeRun[];
  models: { id: string; digest: string; status: string }[];
  /** Versions of registered models. */
  registered: { name: string; source: string; version: string }[];
  /** Content by path. */
  artifacts: Map<string, string>;
  /** Comes first: a status to answer with instead, a text that is answered with 200, or nothing; may take its time. */
  before: (request: FakeRequest, count: number) => Instead | Promise<Instead>;
  stop(): Promise<void>;
  /** Again, at the same address, with all that was there. */
  start(): Promise<void>;
}

interface Pair {
  key: string;
  value: string;
}
/** Fields of the requests; each has some of them. */
interface Fields
  extends Record<"run_id" | "run_name" | "filter" | "status" | "key" | "metric_key" | "model_id", string>,
    Record<"experiment_id" | "experiment_name" | "name" | "source", string> {
  start_time: number;
  end_time: number;
  tags?: Pair[];
  params?: Pair[];
  metrics?: FakeRun["metrics"];
  datasets: { dataset: FakeRun["datasets"][0] }[];
  models: { model_id: string }[];
}

/** Starts a fake server that ends with the test. */
export async function fakeMlflow(t: TestContext): Promise<FakeMlflow> {
  const fake: FakeMlflow = {
    uri: "",
    version: "3.7.0",
    artifactAddress: "mlflow-artifacts:/1",
    artifactRoot: "",
    requests: [],
    runs: [],
    models: [],
    registered: [],
    artifacts: new Map(),
    before: () => undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    start: () => listen(Number(new URL(fake.uri).port)),
  };
  const server = createServer((request, response) => void respond(fake, request, response));
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  fake.uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return fake;
}

async function respond(fake: FakeMlflow, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? "", fake.uri);
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const path = url.pathname.replace(/^\/(?=version$)/, "").replace(/^\/api\/2\.0\/(mlflow\/)?/, "");
  const uploads = path.startsWith("mlflow-artifacts/");
  const body = uploads ? {} : text ? JSON.parse(text) : Object.fromEntries(url.searchParams);
  const request = { what: `${message.method} ${path}`, authorization: message.headers.authorization, body };
  fake.requests.push(request);
  const instead = await fake.before(request, fake.requests.length);
  if (typeof instead === "string") return void response.end(instead);
  if (instead !== undefined) return void response.writeHead(instead).end(instead === 500 ? "oops" : "");
  if (path === "version") return void response.writeHead(fake.version ? 200 : 404).end(fake.version);
  if (uploads) fake.artifacts.set(decodeURIComponent(path.slice("mlflow-artifacts/artifacts/".length)), text);
  const answer = uploads ? {} : reply(fake, request.what, body as Fields);
  if (answer === null) response.writeHead(404).end("<h1>Not Found</h1>");
  else if (answer === undefined) {
    response.writeHead(404).end(JSON.stringify({ error_code: "RESOURCE_DOES_NOT_EXIST", message: request.what }));
  } else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

const record = (pairs: Pair[] = []) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

/** Nothing: what is asked for is not there. Null: there is no such request. */
function reply(fake: FakeMlflow, what: string, body: Fields): object | null | undefined {
  const run = fake.runs.find(({ id }) => id === body.run_id) as FakeRun;
  switch (what.replace(/logged-models\/m.*/, "logged-models/ID")) {
    case "GET experiments/get-by-name":
      return { experiment: { experiment_id: "1", name: body.experiment_name, lifecycle_stage: "active" } };
    case "POST experiments/search":
      return {};
    case "GET experiments/get":
      if (body.experiment_id !== "1") return undefined;
      return { experiment: { experiment_id: "1", name: "the first", lifecycle_stage: "active" } };
    case "GET runs/get":
      return run && { run: shown(fake, run) };
    case "GET artifacts/list":
      return { files: list(`${fake.artifactRoot}/${body.run_id}/artifacts`).map((path) => ({ path })) };
    case "POST registered-models/create":
      return {};
    case "GET model-versions/search":
      return { model_versions: fake.registered };
    case "POST model-versions/create":
      fake.registered.push({ name: body.name, source: body.source, version: String(fake.registered.length + 1) });
      return { model_version: fake.registered.at(-1) };
    case "POST runs/search": {
      const [, tag, value] = /tags\.`(.+)` = '(.+)'/.exec(body.filter) as unknown as [string, string, string];
      const found = fake.runs.filter((run) => run.tags[tag] === value).sort((a, b) => a.start_time - b.start_time);
      return { runs: found.map((run) => ({ ...shown(fake, run), outputs: undefined })) }; // as MLflow 3.1 to 3.5
    }
    case "POST runs/create": {
      const { run_name: name, start_time } = body;
      const tags = record(body.tags);
      const created = { id: `r${fake.runs.length}`, name, start_time, tags, status: "RUNNING" };
      fake.runs.push({ ...created, params: {}, metrics: [], datasets: [], models: [] });
      return { run: shown(fake, fake.runs.at(-1) as FakeRun) };
    }
    case "POST runs/update":
      Object.assign(run, { status: body.status, end_time: body.end_time });
      if (body.run_name) run.name = body.run_name;
      return {};
    case "POST runs/delete":
      if (!run) return undefined;
      fake.runs.splice(fake.runs.indexOf(run), 1);
      return {};
    case "POST runs/delete-tag":
      delete run.tags[body.key];
      return {};
    case "POST runs/log-batch":
      Object.assign(run.tags, record(body.tags));
      Object.assign(run.params, record(body.params));
      run.metrics.push(...(body.metrics ?? []).filter((point) => !("model_id" in point)));
      return {};
    case "POST runs/log-inputs":
      run.datasets = body.datasets.map(({ dataset }) => dataset);
      return {};
    case "GET metrics/get-history":
      return { metrics: run.metrics.filter(({ key }) => key === body.metric_key) };
    case "POST logged-models/search":
      if (!knowsModels(fake)) return null;
      return { models: fake.models.map((model) => shownModel(fake, model)) };
    case "POST logged-models": {
      if (!knowsModels(fake)) return null;
      const digest = record(body.tags).digest as string;
      fake.models.push({ id: `m${fake.models.length}`, digest, status: "LOGGED_MODEL_PENDING" });
      return { model: shownModel(fake, fake.models.at(-1) as FakeMlflow["models"][0]) };
    }
    case "PATCH logged-models/ID":
      for (const model of fake.models) if (model.id === body.model_id) model.status = body.status;
      return {};
    case "POST runs/outputs":
      run.models.push(...body.models.map((model) => model.model_id));
      return {};
    default:
      return null;
  }
}

const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/** An MLflow 2 has no logged models; a server that tells no version is one too. */
const knowsModels = ({ version = "2" }: FakeMlflow) => Number.parseInt(version, 10) >= 3;

const pairs = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));

const shown = (
  fake: FakeMlflow,
  { id, name, status, start_time, end_time, params, tags, metrics, models }: FakeRun,
) => ({
  info: {
    ...{ run_id: id, run_name: name, experiment_id: "1", status, start_time, end_time },
    artifact_uri: `${fake.artifactAddress}/${id}/artifacts`,
  },
  data: { tags: pairs(tags), params: pairs(params), metrics: metrics.map(({ key }) => ({ key })) },
  outputs: { model_outputs: models.map((model_id) => ({ model_id })) },
});

const shownModel = (fake: FakeMlflow, { id, digest, status }: FakeMlflow["models"][0]) => ({
  info: {
    model_id: id,
    status,
    artifact_uri: `${fake.artifactAddress}/models/${id}/artifacts`,
    tags: [{ key: "digest", value: digest }],
  },
});
