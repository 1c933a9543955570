import { withoutSecrets } from "../../src/runtime/address.mjs";

/**
 * Asks an address for an answer, within three seconds.
 *
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>}} [request]
 * @returns {Promise<string | undefined>} why there is none, or nothing
 */
export async function answer(url, request = {}) {
  try {
    const { href, authorization } = split(url);
    const headers = { ...request.headers, ...authorization };
    const response = await fetch(href, { ...request, headers, signal: AbortSignal.timeout(3000) });
    await response.body?.cancel();
    return response.ok ? undefined : `it answers ${response.status} ${response.statusText}`;
  } catch (error) {
    const { name, message, cause } = /** @type {Error} */ (error);
    if (name === "TimeoutError") return "no answer within 3 s";
    return withoutSecrets(cause instanceof Error ? cause.message || String(/** @type {any} */ (cause).code) : message);
  }
}

/** An address without its user, which fetch refuses there, and the header that names him. @param {string} url */
function split(url) {
  const address = new URL(url);
  const [name, password] = [address.username, address.password].map(decodeURIComponent);
  address.username = "";
  address.password = "";
  return { href: address.href, authorization: name && { authorization: `Basic ${btoa(`${name}:${password}`)}` } };
}
