import { StageError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { MlflowError, NOT_KEPT } from "../client/mlflow-error.ts";
import { retry } from "../client/retry.ts";
import type { RunEvent } from "./events.ts";
import type { Journal } from "./journal.ts";

/** Takes the events of a run, writes them down at once and tells them to the server on the side. */
export interface Recorder {
  /** Never waits and never throws. */
  record(event: RunEvent): void;
  /** @throws StageError when recording is strict and something could not be logged. */
  check(): void;
  /** Waits until all that was recorded so far is told, or cannot be. */
  settled(): Promise<void>;
  /**
   * Waits, but no longer than `limit_ms`; what could not be told then stays in the journal.
   * @param last is told ahead of all that still waits.
   */
  close(limit_ms: number, last?: RunEvent): Promise<void>;
}

export interface RecorderOptions {
  journal: Journal;
  deliver: (event: RunEvent) => Promise<void>;
  /** Ends the requests that `deliver` has under way. */
  abort: () => void;
  /** What the server is called in messages. */
  server: string;
  /** Prints a line. */
  say: (text: string) => void;
  /** Every fault is an error. */
  strict: boolean;
  /** What messages call the journal's place, and the remedies that they name; by default those of a stage. */
  words?: { spool: string; strict: string; replay: string };
}

const STAGE_WORDS = {
  spool: ".mlflow/spool",
  strict: "MLFLOW_STRICT=1 makes this an error. Mend it, or unset MLFLOW_STRICT: then the run goes on without.",
  replay: `\`${commandLine("mlflow-sync")}\``,
};

/** An absent server is asked again by the next event after this time. */
const PAUSE_MS = 10_000;
/** A server that was absent so shortly before the end is not asked once more. */
const HOPELESS_MS = 1000;

/** Starts the record of a run. An absent server costs one warning and nothing else; see mlflow-sync. */
export function startRecorder(options: RecorderOptions): Recorder {
  const { journal, deliver, abort, server, say, strict, words = STAGE_WORDS } = options;
  const recorded: RunEvent[] = [];
  const pending: RunEvent[] = [];
  let working: Promise<void> | undefined;
  /** When the server was last found absent, infinity: for good; nothing while it answers. */
  let absent: number | undefined;
  let fell = false;
  let started = false;
  let doubtful = false;
  let closed = false;
  let fault: StageError | undefined;

  /** Once: what follows comes from the same cause as a rule. */
  function complain(error: unknown, where = `MLflow at ${server}`): void {
    if (fault) return;
    const message = `${where}: ${(error as Error).message}`;
    fault = new StageError(message, { hint: words.strict, cause: error });
    if (strict) return;
    say(`warning: ${message}`);
    say(`  → the run goes on; what is not logged waits in ${words.spool}: ${words.replay}`);
  }

  async function drain(): Promise<void> {
    try {
      for (let event = pending[0]; event; event = pending[0]) {
        const next = event;
        await retry(
          () => deliver(next),
          ({ status }) => status === undefined && absent === undefined,
        );
        pending.shift();
        started = true;
        absent = undefined;
      }
    } catch (error) {
      const hopeful = error instanceof MlflowError && error.transient;
      absent = hopeful ? Date.now() : Number.POSITIVE_INFINITY; // a wrong password stays wrong
      fell = true;
      doubtful ||= (error as MlflowError).code === NOT_KEPT;
      complain(error);
    }
  }
  const work = () => {
    working ??= drain().finally(() => {
      working = undefined;
    });
  };

  /** A full disk must not stop a training either. */
  function keepRecord(write: () => void): void {
    try {
      write();
    } catch (error) {
      complain(error, words.spool);
    }
  }

  /** Tells the last event beside those that wait; where that fails it waits with them. */
  async function hurry(last: RunEvent): Promise<void> {
    await deliver(last).then(
      () => pending.includes(last) && pending.splice(pending.indexOf(last), 1),
      () => {},
    );
  }

  /**
   * All events, while any waits: a server that fails may have said yes to others before that it has not kept, and being told again does no
   * harm. Of files only those that wait, or are known to be in doubt: the others may have changed since they were sent.
   */
  const keep = () =>
    journal.keep(recorded.filter((event) => doubtful || !("files" in event) || pending.includes(event)));

  return {
    record(event) {
      if (!closed) keepRecord(() => journal.append(event));
      recorded.push(event);
      pending.push(event);
      if (absent === undefined || Date.now() - absent > PAUSE_MS) work();
    },
    check() {
      if (strict && fault) throw fault;
    },
    async settled() {
      await working;
    },
    async close(limit_ms, last) {
      if (last && !closed) keepRecord(() => journal.append(last));
      if (last) recorded.push(last);
      if (last) pending.push(last);
      if (absent === undefined || Date.now() - absent > HOPELESS_MS) work();
      const told = Promise.all([working, last && started && hurry(last)]);
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<"late">((resolve) => {
        timer = setTimeout(resolve, limit_ms, "late");
      });
      if ((await Promise.race([told, limit])) === "late") {
        complain(new Error(`not all was logged within ${limit_ms / 1000} s of the end`));
        abort();
      }
      clearTimeout(timer);
      closed = true;
      keepRecord(() => (pending.length > 0 ? keep() : journal.remove()));
      if (fell && !strict && pending.length === 0) say(`MLflow at ${server} answers again: everything is logged.`);
    },
  };
}
