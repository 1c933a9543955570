/*
 * Which versions of an MLflow server are served, and what they lack. Plain JavaScript: the doctor says it too.
 */

/** The oldest that stages log to. */
export const OLDEST = "2.14";

/**
 * What `GET /version` answers, read.
 *
 * @param {string} answer
 * @returns {import("./client.ts").Version | undefined} nothing when it is none of MLflow's: a page for people, say
 */
export function readVersion(answer) {
  const [text, first, second] = /^(\d{1,3})\.(\d{1,3})(?:\.[\w.+-]{1,40})?$/.exec(answer.trim()) ?? [];
  if (text === undefined) return undefined;
  const [major, minor] = [Number(first), Number(second)];
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST.split(".").map(Number);
  const supported = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return { text, supported, loggedModels: major >= 3 };
}

/** What is to be done about a server that is too old. */
export const TOO_OLD = `${OLDEST} is the oldest that is logged to; on the server's machine: pip install --upgrade mlflow && mlflow db upgrade DATABASE`;
