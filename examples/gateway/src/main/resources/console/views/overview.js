import { html } from '../html.js';
import {
  count, keptShare, listenerIn, percent, rate, rateText, requestsOf, wordsOf,
} from '../model.js';
import { Flow } from './flow.js';
import { Outcomes } from './outcomes.js';

const FIVE_MINUTES = 300_000;

/** What happens now: traffic, outcomes and advice. */
export function Overview({ state, samples, reasons }) {
  const names = state.listeners.map((listener) => listener.name);
  return html`
    <h1 tabindex="-1">Overview</h1>
    ${state.demo && html`<${Welcome} words=${wordsOf(state)} />`}
    <${Tiles} state=${state} samples=${samples} names=${names} />
    <${Advice} advice=${samples.at(-1)?.advice ?? []} />
    <${FileDifferences} state=${state} differences=${state.differences} />
    <${Flow} state=${state} samples=${samples} />
    <${Outcomes} samples=${samples} listeners=${names} reasons=${reasons} />`;
}

function Welcome({ words }) {
  return html`
    <p class="lead">A session’s first request gets a backend. With a${' '}
      <a href="#/groups">sticky ${words.one.toLowerCase()}</a>, all its later requests go to the
      same one, even while other backends fail, drain or come back.${' '}
      <a href="#/story">The story</a> shows this with logins.</p>`;
}

function Tiles({ state, samples, names }) {
  const last = samples.at(-1);
  const requests = (sample) =>
    names.reduce((sum, name) => sum + sumOf(listenerIn(sample, name)), 0);
  const backends = state.pools.flatMap((pool) => pool.backends);
  const up = backends.filter((backend) => backend.state === 'up').length;
  const tables = (last?.owners ?? []).filter((owner) => owner.sessions !== null);
  const sessions = tables.length === 0
    ? null : tables.reduce((sum, owner) => sum + owner.sessions, 0);
  return html`
    <dl class="tiles">
      <${Tile} name="Requests per second" value=${rateText(rate(samples, requests))} />
      <${Tile} name="Kept on their backend"
          value=${percent(keptShare(samples, names, FIVE_MINUTES))}
          hint="of requests of known sessions" />
      <${Tile} name="Sessions in tables" value=${sessions === null ? '–' : count(sessions)}
          hint="LB cookies need no table" />
      <${Tile} name="Backends up" value=${`${up} of ${backends.length}`} />
    </dl>`;
}

function sumOf(figures) {
  return figures === undefined ? 0 : requestsOf(figures);
}

function Tile({ name, value, hint }) {
  return html`<div class="tile"><dt>${name}</dt><dd>${value}</dd>
    ${hint && html`<dd class="hint">${hint}</dd>`}</div>`;
}

/** What the gateway has noticed by itself, such as an imbalance. */
export function Advice({ advice }) {
  return advice.length > 0 && html`
    <section class="notice warn" aria-labelledby="advice-title">
      <h2 id="advice-title">Advice</h2>
      <ul>${advice.map(({ pool, text }) => html`
        <li key=${`${pool} ${text}`}><strong>${pool}</strong>: ${text}</li>`)}</ul>
    </section>`;
}

/** Where the gateway as it runs differs from its file. */
export function FileDifferences({ state, differences }) {
  return differences.length > 0 && html`
    <section class="notice" aria-labelledby="differences-title">
      <h2 id="differences-title">Differs from ${state.file}</h2>
      <p class="hint">These values are in effect and are not in the file, so a restart would undo
        them.</p>
      <ul class="differences">${differences.map(({ path, file, running }) => html`
        <li key=${path}><code>${path}</code>: file <code>${file ?? 'absent'}</code>, in effect
          ${' '}<code>${running ?? 'absent'}</code></li>`)}</ul>
    </section>`;
}
