import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "../../../../src/mlflow/client/address.ts";
import { createClient } from "../../../../src/mlflow/client/client.ts";
import type { MlflowError } from "../../../../src/mlflow/client/mlflow-error.ts";
import { serve } from "../../../support/http-server.ts";

test("errors name the request, the status and MLflow's reason; secrets are struck out", async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url?.includes("echo")) {
      const message = `who is ${request.headers.authorization}, t0ken, at http://ann:t0ken@host?`;
      response.writeHead(400).end(JSON.stringify({ error_code: "INVALID_PARAMETER_VALUE", message }));
    } else if (request.url?.includes("moved")) response.writeHead(302, { location: "https://ann:pw@host/" }).end();
    else response.end("<html>please log in</html>");
  });
  const client = createClient(readAddress({ MLFLOW_TRACKING_URI: server, MLFLOW_TRACKING_TOKEN: "t0ken" }));
  const fails = (endpoint: string, message: RegExp) =>
    assert.rejects(client.send("POST", endpoint, {}), (error: MlflowError) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /t0ken|pw/);
      assert.equal(error.transient, false);
      return true;
    });
  await fails("echo", /^POST mlflow\/echo: 400 Bad Request who is Bearer \*\*\*, \*\*\*, at http:\/\/host\?$/);
  await fails("moved", /redirects to https:\/\/host\//);
  await fails("login", /the answer is not MLflow's/);
});

test("a busy server is asked again, after as long as it says; one that is silent is not", async (t) => {
  const times: number[] = [];
  const server = await serve(t, (request, response) => {
    times.push(performance.now());
    if (request.url?.includes("silent")) return;
    if (times.length < 3) response.writeHead(503, { "retry-after": "1" }).end();
    else response.end("{}");
  });
  const client = createClient(readAddress({ MLFLOW_TRACKING_URI: server }), { timeout_s: 0.3 });
  await client.send("POST", "busy", {});
  assert.equal(times.length, 3);
  assert.ok((times[1] as number) - (times[0] as number) >= 990);
  await assert.rejects(client.send("POST", "silent", {}), /POST mlflow\/silent: no answer within 0\.3 s/);
  assert.equal(times.length, 4);
});
