import { html } from '../html.js';
import {
  algorithmText, backendIn, count, counted, effectiveWeights, growth, leftText, reasonsOf, shares,
  spanText, timeOf, wordsOf,
} from '../model.js';
import { concerns, sessionsOf } from './groups.js';
import { Outcomes } from './outcomes.js';
import { Advice, FileDifferences } from './overview.js';
import { Icon, Meter, OutcomeName, Share, State } from './parts.js';

const FAILOVERS = {
  move: '. A session moves if its backend cannot serve it.',
  lend: '. A session is lent to another backend while its own cannot serve it.',
  strict: '. Requests of a session are refused while its backend cannot serve them.',
};

const MINUTE = 60_000;
const FIVE_MINUTES = 5 * MINUTE;

/** A group or, in the profile classic, a listener: its sessions, its backends and the reasons. */
export function Group({ state, samples, reasons, ui, name }) {
  const owner = state.owners.find((each) => each.owner === name);
  const words = wordsOf(state);
  if (owner === undefined) {
    return html`<h1 tabindex="-1">Not found</h1>
      <p>There is no ${words.one.toLowerCase()} of this name. <a href="#/groups">See all.</a></p>`;
  }
  const pool = state.pools.find((each) => each.name === owner.pool);
  const last = samples.at(-1);
  const drains = (last?.drains ?? state.drains).filter((each) => each.pool === pool.name);
  return html`
    <p class="crumbs"><a href="#/groups">${words.many}</a></p>
    <h1 tabindex="-1">${owner.owner}</h1>
    <${Effective} state=${state} owner=${owner} samples=${samples} ui=${ui} />
    <${Advice} advice=${(last?.advice ?? []).filter((each) => each.pool === pool.name)} />
    <${FileDifferences} state=${state}
        differences=${state.differences.filter((each) => concerns(owner, each, state))} />
    <${Drains} drains=${drains} samples=${samples} now=${last?.at ?? Date.now()} />
    <${Backends} pool=${pool} samples=${samples} drains=${drains} ui=${ui} />
    <${Outcomes} key=${name} samples=${samples} listeners=${owner.listeners} reasons=${reasons} />
    <${Reasons} samples=${samples} listeners=${owner.listeners} texts=${reasons?.reasons ?? []} />`;
}

function Effective({ state, owner, samples, ui }) {
  const sessions = sessionsOf(owner, samples);
  const counts = sessions === null ? '' : `, ${counted(sessions, 'session')}`;
  return html`
    <section class="card effective" aria-label="Sticky session">
      <div>
        <p class="big">${owner.effective}${owner.stickySession !== null && counts}</p>
        <p class="hint">${algorithmText(owner.algorithm)}${FAILOVERS[owner.failover]}${owner.shared
          && ' The table is shared. Each gateway of a fleet is changed by itself.'}</p>
        ${sessions !== null && owner.capacity !== null && html`
          <${Occupancy} sessions=${sessions} capacity=${owner.capacity} />`}
        ${sessions === null && owner.stickySession !== null && html`
          <p class="hint">Sessions are not counted, because this type needs no table.</p>`}
      </div>
      <button type="button" class="primary" aria-label=${`Edit ${owner.owner}`}
          onClick=${() => ui.open('sticky', { owner: owner.owner })}>
        <${Icon} name="edit" />Edit</button>
    </section>`;
}

function Occupancy({ sessions, capacity }) {
  const text = `${count(sessions)} of ${count(capacity)} slots`;
  return html`
    <div class="occupancy">
      <${Meter} label="Table occupancy" value=${sessions} most=${capacity} text=${text} />
      <span class="hint">${text}</span>
    </div>`;
}

function Backends({ pool, samples, drains, ui }) {
  const last = samples.at(-1);
  const figures = pool.backends.map((backend) => backendIn(last, pool.name, backend.id));
  const weights = shares(effectiveWeights(pool.backends));
  const bindings = shares(figures.map((each) => each?.bindings ?? null));
  const grown = pool.backends.map((backend) =>
    growth(samples, (s) => backendIn(s, pool.name, backend.id)?.requests, MINUTE));
  const requests = shares(grown);
  return html`
    <section class="card" aria-labelledby="backends-title">
      <div class="head">
        <h2 id="backends-title">Backends</h2>
        <button type="button" onClick=${() => ui.open('add', { pool: pool.name })}>
          <${Icon} name="add" />Add backend</button>
      </div>
      <table class="cards">
        <thead><tr>
          <th scope="col">Backend</th><th scope="col">State</th>
          <th scope="col">Share of weight</th><th scope="col">Share of bindings</th>
          <th scope="col">Share of requests, last min</th>
          <th scope="col" class="number">Connections</th>
          <th scope="col" class="number">Moved in / out</th><th scope="col">Operation</th>
        </tr></thead>
        <tbody>
          ${pool.backends.map((backend, i) => html`
            <${BackendRow} key=${backend.id} pool=${pool} backend=${backend} figures=${figures[i]}
                weight=${weights[i]} bindings=${bindings[i]} requests=${requests[i]}
                grown=${grown[i]}
                drain=${drains.find((each) => each.backend === backend.id)}
                ui=${ui} />`)}
        </tbody>
      </table>
      <p class="hint">Only backends that take new sessions have a share of the weight.</p>
    </section>`;
}

function BackendRow({ pool, backend, figures, weight, bindings, requests, grown, drain, ui }) {
  return html`
    <tr>
      <th scope="row">${backend.id}
        <span class="hint block">${addressText(backend, pool)}</span></th>
      <td class="state-cell" data-label="State">
        <${State} state=${backend.state} text=${stateText(backend, drain)} /></td>
      <td data-label="Share of weight"><${Share} share=${weight} />
        <span class="hint block">weight ${backend.weight}</span></td>
      <td data-label="Share of bindings">
        <${Share} share=${bindings} none=${figures?.bindings === 0 ? 'none' : 'not counted'} />
        ${figures?.bindings > 0
          && html`<span class="hint block">${counted(figures.bindings, 'session')}</span>`}</td>
      <td data-label="Share of requests"><${Share} share=${requests} none="none" />
        ${grown > 0 && html`<span class="hint block">${counted(grown, 'request')}</span>`}</td>
      <td class="number" data-label="Connections">${figures?.connections ?? '–'}${
        backend.maxConnections > 0 && ` of ${count(backend.maxConnections)}`}</td>
      <td class="number" data-label="Moved in / out">${
        figures === undefined ? '–' : `${count(figures.movedIn)} / ${count(figures.movedOut)}`}</td>
      <td class="actions">
        <${Actions} pool=${pool.name} backend=${backend}
            drains=${drain !== undefined && goesOn(drain)}
            sessions=${figures?.bindings ?? figures?.connections ?? 0} ui=${ui} />
      </td>
    </tr>`;
}

function addressText(backend, pool) {
  const scheme = backend.scheme === 'https' ? 'https://' : '';
  return `${scheme}${backend.address}${pool.tiers ? `, tier ${backend.tier}` : ''}`;
}

/* Samples are newer than the state, also when they say that the drain is over. */
function stateText(backend, drain) {
  const isCounted = drain !== undefined && (goesOn(drain) || drain.result === 'drained');
  return isCounted && backend.drain && backend.state === 'draining'
    ? `draining: ${leftOf(drain)}` : backend.text;
}

function goesOn({ result }) {
  return result === null || result === 'deadline-passed';
}

function leftOf({ sessions, connections }) {
  return sessions === null
    ? `${counted(connections, 'connection')} left`
    : `${counted(sessions, 'session')} left`;
}

function Actions({ pool, backend, drains, sessions, ui }) {
  const { id } = backend;
  const open = (kind) => () => ui.open(kind, { pool, backend: id, sessions });
  return html`
    <div class="row">
      <${Action} icon="edit" text="Edit" name=${`Edit ${id}`} onClick=${open('backend')} />
      ${backend.drain
        ? html`<${Action} key="drain" icon="undo" text=${drains ? 'Undo' : 'Ready'}
            name=${drains ? `Undo drain ${id}` : `Ready ${id}`} onClick=${open('ready')} />`
        : html`<${Action} key="drain" icon="drain" text="Drain" name=${`Drain ${id}`}
            onClick=${open('drain')} />`}
      <${Action} icon="remove" text="Remove" name=${`Remove ${id}`} onClick=${open('remove')} />
    </div>`;
}

function Action({ icon, text, name, onClick }) {
  return html`<button type="button" class="small" aria-label=${name} onClick=${onClick}>
    <${Icon} name=${icon} />${text}</button>`;
}

const RESULTS = {
  drained: 'Drained: nothing is left.',
  'deadline-passed': 'The deadline has passed; the drain goes on.',
  removed: 'The backend was removed.',
  undrained: 'The drain was undone.',
};

function Drains({ drains, samples, now }) {
  return drains.length > 0 && html`
    <section class="card" aria-labelledby="drains-title">
      <h2 id="drains-title">Drains</h2>
      <ul class="drains">
        ${drains.map((drain) => html`
          <li key=${`${drain.backend} ${drain.begun}`}>
            <strong>${drain.backend}</strong>
            <span class="big">${goesOn(drain)
              ? leftOf(drain) : RESULTS[drain.result]}</span>
            <${Falling} drain=${drain} samples=${samples} />
            <span class="hint">${drainText(drain, now)}</span>
          </li>`)}
      </ul>
    </section>`;
}

function drainText({ begun, deadline, longest, connections, result }, now) {
  const parts = [`begun at ${timeOf(begun)}`];
  if (result === null) {
    parts.push(counted(connections, 'connection'));
    if (deadline !== null) {
      parts.push(`deadline at ${timeOf(deadline)}, in ${leftText(deadline - now) || '0 s'}`);
    }
    if (longest !== null) {
      parts.push(`empty at ${timeOf(longest)} at the latest if no session is used again`);
    }
  } else if (result === 'deadline-passed') {
    parts.push(RESULTS[result]);
  }
  return parts.join('; ');
}

function Falling({ drain, samples }) {
  const counts = samples.flatMap((sample) => {
    const then = sample.drains.find((each) =>
      each.pool === drain.pool && each.backend === drain.backend && each.begun === drain.begun);
    return then === undefined ? [] : [then.sessions ?? then.connections];
  });
  if (counts.length < 2) {
    return html`<svg class="falling" aria-hidden="true"></svg>`;
  }
  const most = Math.max(...counts, 1);
  const x = (i) => ((i / (counts.length - 1)) * 120).toFixed(1);
  const y = (number) => (30 - (number / most) * 28).toFixed(1);
  const line = counts.map((number, i) => `${x(i)},${y(number)}`).join(' ');
  return html`
    <svg class="falling" viewBox="0 0 120 32" preserveAspectRatio="none" aria-hidden="true">
      <polygon points=${`0,32 ${line} 120,32`} />
      <polyline points=${line} />
    </svg>`;
}

function Reasons({ samples, listeners, texts }) {
  const rows = reasonsOf(samples, listeners, FIVE_MINUTES);
  const span = spanText(samples);
  return html`
    <section class="card" aria-labelledby="reasons-title">
      <h2 id="reasons-title">Why requests were not simply kept</h2>
      ${rows.length === 0 ? html`<p class="empty">No reasons yet.</p>` : html`
        <table class="cards">
          <thead><tr><th scope="col">Reason</th><th scope="col">Outcome</th>
            <th scope="col" class="number">${span}</th>
            <th scope="col" class="number">Since start</th>
            <th scope="col">What it means, and what to do</th></tr></thead>
          <tbody>
            ${rows.map(({ outcome, reason, count: all, recent }) => {
              const text = texts.find((each) => each.reason === reason);
              return html`<tr key=${`${outcome} ${reason}`}>
                <th scope="row"><code>${reason}</code></th>
                <td data-label="Outcome"><${OutcomeName} outcome=${outcome} /></td>
                <td class="number" data-label=${span}>${count(recent)}</td>
                <td class="number" data-label="Since start">${count(all)}</td>
                <td class="text">${text?.text}
                  ${text?.advice && html`<span class="advice block">${text.advice}</span>`}</td>
              </tr>`;
            })}
          </tbody>
        </table>`}
    </section>`;
}
