import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { DownloadError, download } from "../../../src/runtime/download.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { serve } from "../../support/http-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const content = Buffer.from("a picture of a cat, ".repeat(5000)); // 100,000 bytes
const md5 = createHash("md5").update(content).digest("hex");
const sha256 = createHash("sha256").update(content).digest("hex");
const label = "test";

test("downloads a file whose length and checksums are right, into folders that do not exist yet", async (t) => {
  const url = await serve(t, (_, response) => response.end(content));
  const folder = temporaryFolder(t);
  const file = join(folder, "new", "cat.bin");
  await download(url, file, { label, bytes: content.length, md5, sha256 });
  assert.deepEqual(readFileSync(file), content);
  assert.deepEqual(readdirSync(join(folder, "new")), ["cat.bin"]);
});

test("follows a redirect and takes a length it was not told", async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === "/") response.writeHead(302, { location: "/there" }).end();
    else response.end(content);
  });
  const file = join(temporaryFolder(t), "cat.bin");
  await download(url, file, { label, sha256 });
  assert.deepEqual(readFileSync(file), content);
});

test("says what was wrong, keeps the file that was there and leaves nothing else", async (t) => {
  const answers: Record<string, (response: import("node:http").ServerResponse) => void> = {
    "/missing": (response) => response.writeHead(404).end("no such thing"),
    "/broken": (response) => response.writeHead(503).end(),
    "/cut": (response) =>
      response
        .writeHead(200, { "content-length": content.length })
        .write(content.subarray(0, 70_000), () => response.destroy()),
    "/short": (response) => response.end(content.subarray(0, 99_999)),
    "/long": (response) => response.end(Buffer.concat([content, content])),
    "/other": (response) => response.end(Buffer.alloc(content.length)),
    "/stall": (response) =>
      response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, 10)),
    "/silent": () => {},
  };
  const url = await serve(t, (request, response) => answers[request.url as string]?.(response));
  const folder = temporaryFolder(t);
  const file = join(folder, "cat.bin");
  writeFileSync(file, "old");
  const timeouts = { answer: 300, stall: 300 };
  const fail = async (path: string, damaged: boolean, message: RegExp, options = {}) => {
    await assert.rejects(
      download(url + path, file, { label, bytes: content.length, timeouts, ...options }),
      (error) => {
        assert.ok(error instanceof DownloadError);
        assert.equal(error.damaged, damaged, path);
        assert.ok(error.message.startsWith(url + path), error.message);
        assert.match(error.message, message);
        return true;
      },
    );
    assert.deepEqual(readdirSync(folder), ["cat.bin"], path);
    assert.equal(readFileSync(file, "utf8"), "old");
  };
  await fail("/missing", false, /answered 404 Not Found/);
  await fail("/broken", false, /answered 503/);
  await fail("/cut", true, /broke off after [\d,]+ bytes \(UND_ERR_SOCKET\)/);
  await fail("/short", true, /ended after 99,999 bytes of 100,000 bytes/);
  await fail("/long", true, /longer than the expected 100,000 bytes/);
  await fail("/other", true, new RegExp(`MD5 is [0-9a-f]{32}, expected ${md5}`), { md5 });
  await fail("/other", true, new RegExp(`SHA-256 is [0-9a-f]{64}, expected ${sha256}`), { sha256 });
  await fail("/stall", true, /broke off after 10 bytes \(nothing received for 0.3 s\)/);
  await fail("/silent", false, /no connection \(no answer for 0.3 s\)/);
});

test("a server that leads astray, lies or dawdles is named, and shows no secret", async (t) => {
  const redirect = (location: string) => (response: import("node:http").ServerResponse) =>
    response.writeHead(302, { location }).end();
  const raw = (head: string) => (response: import("node:http").ServerResponse) =>
    response.socket?.write(`${head}\r\n\r\nabc`);
  const drip = (response: import("node:http").ServerResponse) => {
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  };
  const answers: Record<string, [(response: import("node:http").ServerResponse) => void, RegExp]> = {
    "/file": [redirect("file:///etc/passwd"), /no connection \(it redirects to what is no http\(s\) address\)/],
    "/data": [redirect("data:text/plain,hello"), /it redirects to what is no http\(s\) address/],
    "/login": [redirect("http://ann:s3cret@localhost:1/x"), /it redirects to an address with a name and password/],
    "/loop": [redirect("/loop"), /it redirects without end/],
    "/nowhere": [redirect("http://[s3cret"), /no connection \(ERR_INVALID_URL\)/],
    "/gone": [redirect("http://127.0.0.1:1/?sig=s3cret"), /no connection \(/],
    "/gzip": [
      (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1e6))),
      /does not send the file as it is \(content-encoding: gzip\)/,
    ],
    "/escape": [raw("HTTP/1.1 500 \x1b[31mred\x9b"), /answered 500 \\u001b\[31mred\\u009b\.$/],
    "/petabyte": [
      raw("HTTP/1.1 200 OK\r\ncontent-length: 1000000000000000"),
      /has 1,000,000,000 MB; [\d,]+ MB are free in/,
    ],
    "/negative": [
      raw("HTTP/1.1 200 OK\r\ncontent-length: -1"),
      /no connection \((HPE_INVALID_CONTENT_LENGTH|.*Invalid character in Content-Length.*)\)/,
    ],
    "/two": [raw("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2"), /no connection \(HPE_/],
    "/headers": [raw(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(1e6)}`), /no connection \(UND_ERR_HEADERS_OVERFLOW\)/],
    "/slow": [drip, /too slow: \d+ bytes in \d s/],
  };
  const url = await serve(t, (request, response) =>
    answers[(request.url as string).split("?")[0] as string]?.[0](response),
  );
  const folder = temporaryFolder(t);
  for (const [path, [, message]] of Object.entries(answers)) {
    const signed = `${url}${path}?X-Amz-Signature=s3cret#s3cret`;
    const timeouts = { answer: 2000, stall: 2000, grace: 200 };
    await assert.rejects(download(signed, join(folder, "x"), { label, timeouts }), (error: Error) => {
      assert.ok(error instanceof StageError, path);
      assert.ok(error.message.startsWith(`${url}${path}: `), error.message);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /s3cret|\p{Cc}/u);
      return true;
    });
    assert.deepEqual(readdirSync(folder), [], path);
  }
  await assert.rejects(
    download("http://ann:s3cret@127.0.0.1:1/x?s3cret", join(folder, "x"), { label }),
    (error: Error) => {
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:1\/x: no connection \(/);
      return !error.message.includes("s3cret");
    },
  );
});

test("no server: says so at once", async (t) => {
  const file = join(temporaryFolder(t), "new", "cat.bin");
  const started = performance.now();
  await assert.rejects(
    download("http://127.0.0.1:65533/cat.bin", file, { label }),
    /65533\/cat.bin: no connection \(ECONNREFUSED\)/,
  );
  await assert.rejects(
    download("http://nowhere.invalid/cat.bin", file, { label }),
    /nowhere.invalid\/cat.bin: no connection \(E\w+\)/,
  );
  assert.ok(performance.now() - started < 5000);
  assert.ok(!existsSync(join(file, "..")));
});

test("sweeps away what a killed download left an hour ago, not what one under way is writing", async (t) => {
  const url = await serve(t, (_, response) => response.end(content));
  const folder = temporaryFolder(t);
  for (const [name, hours] of [
    ["cat.bin.1.partial", 2],
    ["cat.bin.2.partial", 0],
    ["dog.bin.3.partial", 2],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, "");
    utimesSync(path, new Date(), new Date(Date.now() - hours * 3_600_000));
  }
  mkdirSync(join(folder, "cat.bin.folder"));
  await download(url, join(folder, "cat.bin"), { label });
  assert.deepEqual(readdirSync(folder).sort(), ["cat.bin", "cat.bin.2.partial", "cat.bin.folder", "dog.bin.3.partial"]);
});
