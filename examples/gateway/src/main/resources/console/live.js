import { call, messageOf, stream, token } from './api.js';
import { withSample } from './model.js';

const SILENCE = 10_000;
const LONGEST_WAIT = 15_000;

/**
 * The live picture of the gateway: its state, the samples of the last five minutes, and the
 * connection. The page has one stream, and closes it while the page is hidden.
 *
 * `connection` is `connecting`, `live`, `lost` with the `problem` if the gateway named one, or
 * `refused` with the answer in `refusal`.
 */
export function createLive(onChange) {
  const view = {
    connection: 'connecting', refusal: null, problem: null, state: null, samples: [],
    reasons: null,
  };
  let abort = null;
  let failures = 0;
  let timer = null;
  let loadedAt = 0;
  let loading = false;

  const set = (change) => {
    Object.assign(view, change);
    onChange({ ...view });
  };

  async function refresh() {
    const answer = await call('GET', '/api/state');
    loadedAt = Date.now();
    if (answer.ok) {
      set({ state: answer.body });
    }
    return answer;
  }

  function keepFresh(version) {
    const age = Date.now() - loadedAt;
    const due = view.state.story?.playing ? 900 : 2_900;
    if (loading || (version === view.state.version && age < due)) {
      return;
    }
    loading = true;
    refresh().catch(() => null).finally(() => {
      loading = false;
    });
  }

  function accept(sample, silence) {
    silence.restart();
    failures = 0;
    set({ connection: 'live', samples: withSample(view.samples, sample) });
    keepFresh(sample.version);
  }

  async function connect() {
    const mine = new AbortController();
    abort = mine;
    const silence = watch(() => mine.abort());
    try {
      const refused = await follow(mine.signal, silence);
      if (refused !== null && refused.status < 500) {
        refuse(refused);
        return;
      }
      again(mine, refused && messageOf(refused));
    } catch {
      again(mine);
    } finally {
      silence.stop();
    }
  }

  async function follow(signal, silence) {
    const answer = await refresh();
    if (!answer.ok) {
      return answer;
    }
    if (view.reasons === null) {
      const texts = await call('GET', '/api/reasons');
      set({ reasons: texts.ok ? texts.body : null });
    }
    return stream('/api/figures/stream', signal, (sample) => accept(sample, silence));
  }

  function refuse(answer) {
    if (answer.status === 401 && token.get() !== null) {
      token.clear();
      set({ connection: 'refused', refusal: { ...answer, rejected: true } });
    } else {
      set({ connection: 'refused', refusal: answer });
    }
  }

  function again(mine, problem = null) {
    if (abort !== mine) {
      return;
    }
    set({ connection: 'lost', problem });
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** failures) * (0.75 + Math.random() / 2);
    failures++;
    timer = setTimeout(connect, wait);
  }

  function close() {
    const mine = abort;
    abort = null;
    clearTimeout(timer);
    mine?.abort();
  }

  function open() {
    close();
    connect();
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  return { open, refresh, refuse };
}

function watch(onSilence) {
  let timer = setTimeout(onSilence, SILENCE);
  return {
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(onSilence, SILENCE);
    },
    stop: () => clearTimeout(timer),
  };
}
