/** A text in which no address shows a user's name or password. @param {string} text */
export const withoutSecrets = (text) => text.replace(/(\w+:\/\/)[^\s/@]+@/g, "$1");

/**
 * Asks an address for an answer, within three seconds.
 *
 * @param {string} url
 * @param {RequestInit} [request]
 * @returns {Promise<string | undefined>} why there is none, or nothing
 */
export async function answer(url, request = {}) {
  try {
    const { username, password, ...address } = split(url);
    const headers = username ? { authorization: `Basic ${btoa(`${username}:${password}`)}` } : {};
    const response = await fetch(address.href, { ...request, headers, signal: AbortSignal.timeout(3000) });
    await response.body?.cancel();
    return response.ok ? undefined : `it answers ${response.status} ${response.statusText}`;
  } catch (error) {
    const { name, message, cause } = /** @type {Error} */ (error);
    if (name === "TimeoutError") return "no answer within 3 s";
    return withoutSecrets(cause instanceof Error ? cause.message || String(/** @type {any} */ (cause).code) : message);
  }
}

/** An address without its user, which fetch refuses, and the user. @param {string} url */
function split(url) {
  const address = new URL(url);
  const [username, password] = [address.username, address.password].map(decodeURIComponent);
  address.username = "";
  address.password = "";
  return { username, password, href: address.href };
}
