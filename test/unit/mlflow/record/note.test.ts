import assert from "node:assert/strict";
import { test } from "node:test";
import { extendedNote, NOTE_TAG } from "../../../../src/mlflow/record/note.ts";
import { end, start, tell } from "../../../support/mlflow/events.ts";
import { fakeMlflow } from "../../../support/mlflow/fake-server.ts";
import { theRun } from "../../../support/mlflow/whole.ts";

const picture = { path: "preview/a b.png", alt: "Loss" };
const shown = "![Loss](get-artifact?path=preview%2Fa%20b.png&run_uuid=r7)";

test("a note is what was said first, and pictures below it, each once", () => {
  assert.equal(extendedNote(undefined, { type: "note", text: "Ours" }, "r7"), "Ours");
  assert.equal(extendedNote("", { type: "note", text: "Ours" }, "r7"), "Ours");
  assert.equal(extendedNote("Mine", { type: "note", text: "Ours" }, "r7"), "Mine");
  assert.equal(extendedNote("Mine", { type: "note", pictures: [picture] }, "r7"), `Mine\n\n${shown}`);
  const whole = `Mine\n\n${shown}\n\nMore`;
  assert.equal(extendedNote(whole, { type: "note", text: "Ours", pictures: [picture] }, "r7"), whole);
});

test("what a person writes meanwhile stays, and a replay changes nothing", async (t) => {
  const server = await fakeMlflow(t);
  const events = [
    start("train-top"),
    { type: "note" as const, text: "Ours" },
    { type: "note" as const, pictures: [picture] },
    end("FINISHED"),
  ];
  await tell(server, events);
  const ours = `Ours\n\n${shown.replace("r7", "r0")}`;
  assert.equal(theRun(server).tags[NOTE_TAG], ours);
  await tell(server, events);
  assert.equal(theRun(server).tags[NOTE_TAG], ours);

  theRun(server).tags[NOTE_TAG] = "Mine";
  await tell(server, events.slice(0, 2));
  assert.equal(theRun(server).tags[NOTE_TAG], "Mine");
});
