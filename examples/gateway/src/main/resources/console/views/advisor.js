import { html, useState } from '../html.js';
import { wordsOf } from '../model.js';

/* A preset is a type of the dialog, or null for off. Others are set in the file. */
const SCENARIOS = [
  {
    scenario: 'The application keeps no sessions',
    type: 'Off',
    why: 'Every backend can serve every request, so load is spread best without stickiness.',
    preset: null,
  },
  {
    scenario: 'TCP, or clients that keep no cookies',
    type: 'Source IP address',
    why: 'The client’s address is all there is. Clients behind one NAT share a backend.',
    preset: 'source-ip',
  },
  {
    scenario: 'A simple web application',
    type: 'Load balancer cookie',
    why: 'The gateway sets a cookie itself. The application needs no change, and no table is kept.',
    preset: 'lb-cookie',
  },
  {
    scenario: 'The application decides when a session begins',
    type: 'Application cookie',
    why: 'The session starts with the application’s own cookie, for example at the login.',
    preset: 'app-cookie',
  },
  {
    scenario: 'Servers of the Model Context Protocol (MCP)',
    type: 'mcp',
    why: 'Sessions stick by Mcp-Session-Id. A session whose server is gone gets 404, so that the '
      + 'client begins a new one.',
    file: 'stickySession: {type: mcp}',
  },
  {
    scenario: 'WebSocket',
    type: 'Not needed',
    why: 'One connection stays on one backend anyway. Choose a cookie only if a client must find '
      + 'its backend again after it reconnects.',
  },
  {
    scenario: 'All clients come through a VPN or a private line, over TCP',
    type: 'Algorithm source IP hash',
    why: 'Their addresses are their own and stable, so a hash of the address is enough.',
    file: 'algorithm: source-ip-hash',
  },
];

/** Says which type of stickiness fits which application, and sets it. */
export function Advisor({ state, ui }) {
  const words = wordsOf(state);
  const [name, setName] = useState(state.owners[0]?.owner ?? '');
  const owner = state.owners.find((each) => each.owner === name);
  return html`
    <h1 tabindex="-1">Advisor</h1>
    <p class="lead">Which type of sticky session fits your application?</p>
    <section class="card" aria-label="Advice by scenario">
      <div class="field inline">
        <label for="advisor-owner">${words.one}</label>
        <select id="advisor-owner" value=${name} onChange=${(event) => setName(event.target.value)}>
          ${state.owners.map((each) => html`
            <option key=${each.owner} value=${each.owner}>${each.owner}</option>`)}
        </select>
      </div>
      <table class="cards">
        <thead><tr><th scope="col">If you have</th><th scope="col">Choose</th>
          <th scope="col">Because</th><th scope="col">Operation</th></tr></thead>
        <tbody>${SCENARIOS.map((each) => html`
          <tr key=${each.scenario}>
            <th scope="row">${each.scenario}</th>
            <td data-label="Choose"><strong>${each.type}</strong></td>
            <td class="text">${each.why}</td>
            <td class="actions"><${Offer} scenario=${each} owner=${owner} ui=${ui} /></td>
          </tr>`)}
        </tbody>
      </table>
    </section>`;
}

function Offer({ scenario, owner, ui }) {
  if (scenario.file !== undefined) {
    return html`<span class="hint">In the file: <code>${scenario.file}</code></span>`;
  }
  if (scenario.preset === undefined || owner === undefined) {
    return null;
  }
  const refusal = refusalOf(owner, scenario.preset);
  const preset = { type: scenario.preset };
  return refusal !== null
    ? html`<span class="hint">Not for ${owner.owner}: ${refusal}</span>`
    : html`<button type="button" class="small"
        aria-label=${`Use for ${owner.owner}: ${scenario.type}`}
        onClick=${() => ui.open('sticky', { owner: owner.owner, preset })}>
        Use for ${owner.owner}</button>`;
}

function refusalOf(owner, type) {
  if (type === null) {
    return owner.stickySession === null ? 'it is off already.' : null;
  }
  const choice = owner.choices.types.find((each) => each.type === type);
  return owner.choices.refusal ?? choice?.refusal ?? null;
}
