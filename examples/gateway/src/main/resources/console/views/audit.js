import { html, useEffect, useState } from '../html.js';
import { call, messageOf } from '../api.js';

/** The last changes of operators and of the file, the latest first. */
export function Audit({ state }) {
  const [view, setView] = useState({ lines: null, problem: null });
  useEffect(() => {
    let shown = true;
    call('GET', '/api/audit')
      .then((answer) => (answer.ok
        ? { lines: answer.body.lines, problem: null }
        : { lines: null, problem: messageOf(answer) }))
      .catch(() => ({ lines: null, problem: 'The gateway cannot be reached.' }))
      .then((next) => shown && setView(next));
    return () => {
      shown = false;
    };
  }, [state.version]);
  return html`
    <h1 tabindex="-1">Audit</h1>
    <p class="lead">The last 100 changes by operators and by the file since the start, the latest first.</p>
    <section class="card" aria-label="Changes">
      ${view.problem && html`<div class="notice bad"><p>${view.problem}</p></div>`}
      ${view.lines?.length === 0 && html`<p class="empty">No changes yet.</p>`}
      ${view.lines?.length > 0 && html`
        <ol class="audit">${view.lines.map((line) => html`
          <li><code>${line}</code></li>`)}</ol>`}
    </section>`;
}
