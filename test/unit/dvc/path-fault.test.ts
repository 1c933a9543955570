import assert from "node:assert/strict";
import { test } from "node:test";
import { pathFault } from "../../../src/dvc/path-fault.mjs";

test("paths that DVC does not cope with are named, with the sign that it stumbles over", () => {
  const said = (path: string) => pathFault(path)?.message;
  assert.match(
    said("/home/ada/c#/poison") ?? "",
    /^\/home\/ada\/c#\/poison: .* --temp or the queue where a path has # in/,
  );
  assert.match(said("/a?b") ?? "", /has \? in/);
  assert.match(said("/a%20b") ?? "", /has %20 in/);
  assert.deepEqual([pathFault("/a{b}")?.always, pathFault("/a#b")?.always], [true, false]);
  for (const path of ["/a b", "/100%", "/a%zz", "/a&b;c'd\"e:f,g=h[i]$j@k~l+m", "/ä"])
    assert.equal(said(path), undefined, path);
});
