import { withoutSecrets } from "./address.mjs";
import { oneLine } from "./printable.mjs";

/** What `fetch` says of redirects, in words for people. */
const REDIRECTS = new Map([
  ["URL scheme must be a HTTP(S) scheme", "it redirects to what is no http(s) address"],
  ['cross origin not allowed for request mode "cors"', "it redirects to an address with a name and password"],
  ["redirect count exceeded", "it redirects without end"],
]);

/**
 * Asks a web server for a file as it is: uncompressed, or its length would not be the file's. Redirects are followed, but not from https
 * to http.
 * @throws Error that says in a few printable words why there is no answer, and shows no secret.
 */
export async function request(url: string | URL, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, headers: { "accept-encoding": "identity" } }).catch((cause: unknown) => {
    throw new Error(reasonOf(cause), { cause });
  });
  if (new URL(url).protocol !== "https:" || response.url.startsWith("https:")) return response;
  await response.body?.cancel();
  throw new Error("it redirects from https to http");
}

/** Why a request or the reading of its answer failed: `fetch` hides that in `cause`. */
export function reasonOf(error: unknown): string {
  const { cause = error } = error as Error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return REDIRECTS.get(message) ?? oneLine(withoutSecrets(String(code ?? message ?? cause)));
}

/** What a server answers when it does not give a file: `404 Not Found`. */
export const statusOf = ({ status, statusText }: Response): string =>
  oneLine(withoutSecrets(`${status} ${statusText}`.trim()));
