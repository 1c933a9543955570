import { pythonEnvironment } from "../python-environment.ts";

/** What loads the top model beside MLflow. */
const KERAS = ["tensorflow-cpu", "keras>=3,<4"];

/** What was current when the older versions came out, and has lost since what they import. */
const FORMER = ["setuptools<81", "sqlalchemy<2.1"];

/** Python of the environments: the newest that MLflow 2.14 knows. */
const PYTHON = "3.11";

/**
 * A Python environment with a version of MLflow, server and client, in a folder that is removed at the end.
 * @param version as pip takes it: `2.14.*`; nothing is the newest. @returns its programs' folder; nothing where it cannot be had.
 */
export function mlflowVersion(version: string | undefined, { loads = true } = {}): Promise<string | undefined> {
  const packages = version === undefined ? ["mlflow"] : [`mlflow==${version}`, ...FORMER];
  return pythonEnvironment(PYTHON, loads ? [...packages, ...KERAS] : packages);
}
