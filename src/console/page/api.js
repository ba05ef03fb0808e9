/**
 * @typedef {{ ok: true, body: any }} Done
 * @typedef {{ ok: false, status: number, body: any }} NotDone status 0: the console does not answer
 */

/**
 * Asks the console. What it refuses is a value; nothing is thrown.
 * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
 * @param {string} path
 * @param {unknown} [body] a Blob is sent as it is, anything else as JSON
 * @returns {Promise<Done | NotDone>}
 */
export async function ask(method, path, body) {
  const isBlob = body instanceof Blob;
  /** @type {Record<string, string>} */
  const headers = { 'X-Portico-Console': '1' };
  if (body !== undefined) headers['Content-Type'] = isBlob ? pictureType(body) : 'application/json';
  try {
    const response = await fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: isBlob ? body : JSON.stringify(body) }),
    });
    const answer = await response.json();
    return response.ok
      ? { ok: true, body: answer }
      : { ok: false, status: response.status, body: answer };
  } catch {
    return { ok: false, status: 0, body: { code: 'unreachable' } };
  }
}

/** @param {Blob} picture a file without a known ending has no type; the console looks at the bytes */
const pictureType = ({ type }) => (type.startsWith('image/') ? type : 'image/unknown');
