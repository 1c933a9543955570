/*
 * Addresses as they may be shown: without a user's name, a password, or what signs a download. Plain JavaScript: the doctor prints
 * before any package is installed.
 */

/** An address in a text: a scheme and all up to the next blank. */
const ADDRESS = /\b([a-z][a-z\d+.-]*:\/\/)(\S*)/gi;

/** A path with a query, `/file?sig=…`, as clients of HTTP name what they asked a server for. */
const QUERY = /(\/[^\s?#]*)\?(\S*=\S*)/g;

/** `user:password@host` without a scheme, as proxies are named. */
const LOGIN = /(?<!\w)[^\s/:@"'()=]+:[^\s/@]+@(?=[\w[])/g;

/** Characters of a text that are read: the expressions above take the square of that. */
const LONGEST = 4000;

/** Quotation marks, brackets and stops that belong to the sentence, not to the address. */
const SENTENCE = /["'`)\]}>,.;:!?]*$/;

/** A host, with a port or not; an empty one before a path on the disk. */
const HOST = /^([^:[\]]*|\[[\da-f:.]+\])(:\d*)?$/i;

/**
 * A text in which no address shows more than where it leads: no user, no password, no query (signatures stand there), no fragment.
 * A password may hold `/`, `@` and `#`, unencoded; where an `@` makes it doubtful which part is the host, all before it is hidden.
 *
 * @param {string} text
 * @returns {string}
 */
export const withoutSecrets = (text) =>
  (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
    .replace(ADDRESS, (_, scheme, rest) => scheme + place(rest))
    .replace(QUERY, (_, path, query) => path + SENTENCE.exec(query)?.[0])
    .replace(LOGIN, "");

/**
 * What an address says of a place: host and path.
 *
 * @param {string} rest of the address, after its scheme
 */
function place(rest) {
  const stops = SENTENCE.exec(rest)?.[0] ?? "";
  const address = rest.slice(0, rest.length - stops.length);
  const [head = ""] = address.split(/[?#]/, 1);
  const host = head.split("/", 1)[0] ?? "";
  const user = (host.includes(":") ? head : host).lastIndexOf("@"); // `host/a@b` is clear, `user:1/2@host` may mean a password
  if (user >= 0) return (user < host.length ? "" : "…@") + head.slice(user + 1) + stops;
  // `user:pass?word@host` may be meant too, unless a path stands before the query.
  const doubtful = address.slice(head.length).includes("@") && !head.includes("/");
  return (doubtful || !HOST.test(host) ? "…" : head) + stops;
}

/**
 * An address as it may be shown: `https://host/path`.
 *
 * @param {string | URL} url one that cannot be read is cleaned as a text
 * @returns {string}
 */
export function showAddress(url) {
  if (!URL.canParse(String(url))) return withoutSecrets(String(url));
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/**
 * The address of a file below another address, whose query (a signature, say) it keeps.
 *
 * @param {string | URL} base
 * @param {string} path
 * @returns {string}
 */
export function below(base, path) {
  if (!URL.canParse(String(base))) return `${base}/${path}`;
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url.href;
}
