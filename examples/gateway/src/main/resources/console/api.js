const TOKEN = 'limpet-token';

/** The token of this tab, kept until the tab is closed. */
export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => sessionStorage.setItem(TOKEN, value),
  clear: () => sessionStorage.removeItem(TOKEN),
};

/** Joins segments to a path below `/api`, with names of any characters. */
export function path(...segments) {
  return '/api/' + segments.map(encodeURIComponent).join('/');
}

function headers(more) {
  const value = token.get();
  return value === null ? more : { ...more, Authorization: `Bearer ${value}` };
}

/**
 * Calls the admin API. Throws only if the gateway cannot be reached.
 *
 * The answer has `ok`, `status`, `body` (parsed, or null), `version` and `retryAfter` in seconds.
 */
export async function call(method, url, { body, version, signal } = {}) {
  const more = { Accept: 'application/json' };
  if (body !== undefined) {
    more['Content-Type'] = 'application/json';
  }
  if (version !== undefined) {
    more['If-Match'] = `"${version}"`;
  }
  const response = await fetch(url, {
    method,
    signal,
    headers: headers(more),
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answerOf(response, await response.text());
}

function answerOf(response, text) {
  return {
    ok: response.ok,
    status: response.status,
    body: parsed(text),
    version: (response.headers.get('ETag') ?? '').replaceAll('"', ''),
    retryAfter: response.headers.get('Retry-After'),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Reads the stream of figures until it ends, and calls `onSample` for each line. Returns the answer
 * as `call` does if the gateway refuses the stream, or null if the stream has ended.
 */
export async function stream(url, signal, onSample) {
  const response = await fetch(url, { signal, headers: headers({}) });
  if (!response.ok) {
    return answerOf(response, await response.text());
  }
  await lines(response.body.getReader(), (line) => onSample(JSON.parse(line)));
  return null;
}

async function lines(reader, onLine) {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = parts.pop();
    parts.filter((part) => part.trim() !== '').forEach(onLine);
  }
}

/** The sentence for an answer that is no success. */
export function messageOf(answer) {
  switch (answer.status) {
    case 401:
      return 'The token is missing or wrong.';
    case 403:
      return 'The gateway refuses this address. Open the console by localhost or an IP address, '
        + 'or set a token.';
    case 503:
      return 'The console is open in too many pages. Close some of them.';
    case 429:
      return `Too many wrong tokens came from this address. Wait ${answer.retryAfter ?? 60} s.`;
    default:
      return faultsOf(answer) || answer.body?.title
        || `The gateway answered with status ${answer.status}.`;
  }
}

function faultsOf(answer) {
  return (answer.body?.faults ?? []).map((fault) => fault.message).join('\n');
}
