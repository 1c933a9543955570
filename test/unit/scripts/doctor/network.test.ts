import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../../../../scripts/doctor/network.mjs";
import { withoutSecrets } from "../../../../src/runtime/address.mjs";
import { serve } from "../../../support/http-server.ts";

test("the doctor shows addresses without their users", () => {
  assert.equal(
    withoutSecrets("no http://ada:s3cret@host:5000/x, nor https://t0ken@host"),
    "no http://host:5000/x, nor https://host",
  );
  assert.equal(withoutSecrets("http://host/a@b"), "http://host/a@b");
});

test("an address is answered, refused, broken or silent", { timeout: 20_000 }, async (t) => {
  const server = await serve(t, ({ url, headers }, response) => {
    if (url === "/silent") return;
    const known = headers.authorization === `Basic ${btoa("ada:s3cret@")}`;
    response.writeHead(url === "/health" ? 200 : known ? 204 : 401).end();
  });
  const [silent, fine, refused, known, gone] = await Promise.all([
    answer(`${server}/silent`),
    answer(`${server}/health`),
    answer(`${server}/private`),
    answer(`${server.replace("://", "://ada:s3cret%40@")}/private`),
    answer("http://127.0.0.1:1/"),
  ]);
  assert.equal(silent, "no answer within 3 s");
  assert.equal(fine, undefined);
  assert.equal(refused, "it answers 401 Unauthorized");
  assert.equal(known, undefined);
  assert.match(String(gone), /ECONNREFUSED|bad port/);
});
