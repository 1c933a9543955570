import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "../../../../src/mlflow/client/address.ts";

const uri = "http://host:5000/mlflow/";

const basic = (account: string) => `Basic ${btoa(account)}`;

test("credentials come from MLflow's variables, in its order, and the address is shown without them", () => {
  const address = (env: NodeJS.ProcessEnv) => readAddress({ MLFLOW_TRACKING_URI: uri, ...env });
  const word = { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "s3cret" };
  const token = { MLFLOW_TRACKING_TOKEN: "t0ken" };
  assert.deepEqual(address({}), { base: "http://host:5000/mlflow", authorization: undefined, secrets: [] });
  assert.equal(address({ ...word, ...token }).authorization, basic("ann:s3cret"));
  assert.equal(address(token).authorization, "Bearer t0ken");
  const inside = address({ ...token, MLFLOW_TRACKING_URI: "https://ann:p%40ss@host/" });
  assert.equal(inside.authorization, basic("ann:p@ss"));
  assert.equal(inside.base, "https://host");
  assert.deepEqual(inside.secrets, ["p%40ss", "p@ss", "t0ken"]);
});

test("an address that is no web address is refused without its password", () => {
  for (const bad of [
    "",
    "file:./mlruns",
    "postgresql://ann:s3cret@db/mlflow",
    "http://ann:x/s3cret@host",
    "ftp://ann:x@s3cret@host",
    "http://",
  ]) {
    assert.throws(
      () => readAddress({ MLFLOW_TRACKING_URI: bad }),
      (error: Error) => /must be the address of a server/.test(error.message) && !error.message.includes("s3cret"),
    );
  }
});
