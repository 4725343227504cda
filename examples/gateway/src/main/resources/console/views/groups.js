import { html } from '../html.js';
import { algorithmText, count, wordsOf } from '../model.js';
import { Icon } from './parts.js';

/** The link to the page of a group or a listener. */
export function groupHref(owner) {
  return `#/groups/${encodeURIComponent(owner)}`;
}

/** Whether a difference to the file concerns an owner. */
export function concerns(owner, { path }, state) {
  const names = [...state.pools, ...state.listeners].map(({ name }) => name);
  const [list] = path.split('.');
  const rest = path.slice(list.length + 1);
  const name = names.filter((each) => rest === each || rest.startsWith(`${each}.`))
    .sort((a, b) => b.length - a.length)[0]; // a name may have dots, so the longest counts
  return list === 'pools' ? name === owner.pool : owner.listeners.includes(name);
}

/** The sessions of an owner in the last sample. */
export function sessionsOf(owner, samples) {
  const figures = samples.at(-1)?.owners.find((each) => each.owner === owner.owner);
  return (figures ?? owner).sessions;
}

/** The list of what has stickiness: backend server groups, or with classic, listeners. */
export function Groups({ state, samples, ui }) {
  const words = wordsOf(state);
  return html`
    <h1 tabindex="-1">${words.many}</h1>
    <section class="card" aria-label=${words.many}>
      <table class="cards">
        <thead><tr>
          <th scope="col">Name</th>
          <th scope="col">${state.profile === 'classic' ? 'Address' : 'Listeners'}</th>
          <th scope="col">Algorithm</th><th scope="col">Backends</th>
          <th scope="col">Sticky session, in effect</th>
          <th scope="col" class="number">Sessions</th><th scope="col">Operation</th>
        </tr></thead>
        <tbody>
          ${state.owners.map((owner) => html`
            <${Row} key=${owner.owner} owner=${owner} state=${state} samples=${samples}
                ui=${ui} />`)}
        </tbody>
      </table>
    </section>`;
}

function Row({ owner, state, samples, ui }) {
  const backends = state.pools.find((pool) => pool.name === owner.pool)?.backends ?? [];
  const up = backends.filter((backend) => backend.state === 'up').length;
  const listeners = state.listeners.filter((each) => owner.listeners.includes(each.name));
  const differs = state.differences.some((difference) => concerns(owner, difference, state));
  return html`
    <tr>
      <th scope="row"><a href=${groupHref(owner.owner)}>${owner.owner}</a></th>
      <td data-label="Listeners">${listeners.map((each, i) => html`
        <span key=${each.name}>${i > 0 && ', '}${addressText(each, owner)}</span>`)}</td>
      <td data-label="Algorithm">${algorithmText(owner.algorithm)}</td>
      <td data-label="Backends">${up} of ${backends.length} up</td>
      <td data-label="Sticky session">${owner.effective}${differs && html`
          ${' '}<span class="tag">differs from file</span>`}</td>
      <td class="number" data-label="Sessions">${count(sessionsOf(owner, samples))}</td>
      <td class="actions">
        <button type="button" class="small" aria-label=${`Edit ${owner.owner}`}
            onClick=${() => ui.open('sticky', { owner: owner.owner })}>
          <${Icon} name="edit" />Edit</button>
      </td>
    </tr>`;
}

function addressText(listener, owner) {
  const address = `${listener.protocol.toUpperCase()} :${listener.port}`;
  return owner.kind === 'listener' ? address : `${listener.name} (${address})`;
}
