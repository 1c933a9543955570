import { callDvc } from "../../dvc/run-dvc.ts";
import { withoutSecrets } from "../../runtime/address.mjs";
import { StageError } from "../../runtime/errors.ts";

/** The name of the remote that init adds. */
const NAME = "store";

/** Makes an address DVC's default remote, unless there is one. @returns what was done. @throws StageError with DVC's reason. */
export async function addRemote(url: string, folder: string): Promise<string> {
  const { code, stdout } = await callDvc(["config", "core.remote"], { cwd: folder });
  const there = code === 0 ? stdout.toString().trim() : "";
  if (there !== "") return `DVC's default remote is "${there}" already; it stays.`;
  const added = await callDvc(["remote", "add", "--default", NAME, url], { cwd: folder });
  if (added.code === 0) return `DVC's default remote is now "${NAME}": ${withoutSecrets(url)}`;
  const why = /^ERROR: (.+)$/m.exec(added.stderr)?.[1] ?? added.stderr.trim();
  throw new StageError(`--remote ${withoutSecrets(url)}: ${withoutSecrets(why)}`, {
    hint: `All else is written. Add it by hand: dvc remote add --default ${NAME} URL`,
  });
}
