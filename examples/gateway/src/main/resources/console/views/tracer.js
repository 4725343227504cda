import { html, useState } from '../html.js';
import { call, messageOf } from '../api.js';
import { Field, faultsBy, OutcomeName } from './parts.js';

const FIELDS = ['address', 'target', 'headers'];

/** Shows step by step where a request would go, without changing anything. */
export function Tracer({ state, reasons }) {
  const [form, setForm] = useState(() => emptyOf(state));
  const [answer, setAnswer] = useState(null);
  const [faults, setFaults] = useState({});
  const edit = (name) => (value) => setForm({ ...form, [name]: value });

  const submit = async (event) => {
    event.preventDefault();
    const result = await call('POST', '/api/trace', { body: requestOf(form) }).catch(() => null);
    setForm({ ...form, cookie: '', headerValue: '' });
    if (result?.ok) {
      setFaults({});
      setAnswer(result.body);
      return;
    }
    setAnswer(null);
    setFaults(faultsOf(result));
  };

  return html`
    <h1 tabindex="-1">Tracer</h1>
    <p class="lead">Where would this request go, and why? The tracer changes nothing and renews
      nothing. Cookies and header values are cleared when they have been sent.</p>
    <div class="columns">
      <form class="card" noValidate autocomplete="off" onSubmit=${submit} aria-label="Request">
        ${faults[''] && html`
          <div class="notice bad" role="alert"><p class="lines">${faults['']}</p></div>`}
        <div class="field">
          <label for="trace-listener">Listener</label>
          <select id="trace-listener" value=${form.listener}
              onChange=${(event) => edit('listener')(event.target.value)}>
            ${state.listeners.map(({ name, protocol, port }) => html`
              <option key=${name} value=${name}>${name} (${protocol} :${port})</option>`)}
          </select>
        </div>
        <${Field} id="trace-address" label="Client address" value=${form.address}
            hint="IPv4 or IPv6, such as 192.0.2.1." fault=${faults.address}
            onInput=${edit('address')} />
        ${isHttp(state, form) && html`<${HttpFields} form=${form} faults=${faults} edit=${edit} />`}
        <div class="buttons"><button type="submit" class="primary">Trace</button></div>
      </form>
      <section class="card" aria-labelledby="trace-title">
        <h2 id="trace-title">Decision</h2>
        <div aria-live="polite">
          ${answer === null
            ? html`<p class="empty">Send a request to see its steps.</p>`
            : html`<${Decision} answer=${answer} texts=${reasons?.reasons ?? []} />`}
        </div>
      </section>
    </div>`;
}

function isHttp(state, { listener }) {
  return state.listeners.find((each) => each.name === listener)?.protocol === 'http';
}

function HttpFields({ form, faults, edit }) {
  return html`
    <${Field} id="trace-target" label="Path and query" value=${form.target} fault=${faults.target}
        onInput=${edit('target')} />
    <${Field} id="trace-cookie" label="Cookie header" value=${form.cookie}
        hint="As the browser sends it, such as limpet-web=…; JSESSIONID=…" fault=${faults.headers}
        onInput=${edit('cookie')} />
    <div class="pair">
      <${Field} id="trace-header" label="Another header" value=${form.headerName}
          hint="Its name, such as Mcp-Session-Id." onInput=${edit('headerName')} />
      <${Field} id="trace-header-value" label="Its value" value=${form.headerValue}
          onInput=${edit('headerValue')} />
    </div>`;
}

function emptyOf(state) {
  return {
    listener: state.listeners[0]?.name ?? '',
    address: '192.0.2.1',
    target: '/',
    cookie: '',
    headerName: '',
    headerValue: '',
  };
}

function requestOf(form) {
  const headers = {};
  if (form.headerName.trim() !== '') {
    headers[form.headerName.trim()] = [form.headerValue];
  }
  if (form.cookie.trim() !== '') {
    headers.Cookie = [form.cookie.trim()];
  }
  return {
    listener: form.listener,
    address: form.address.trim() || undefined,
    headers,
    target: form.target || '/',
  };
}

function faultsOf(result) {
  if (result === null) {
    return { '': 'The gateway cannot be reached.' };
  }
  const faults = result.body?.faults ?? [];
  return faults.length === 0 ? { '': messageOf(result) } : faultsBy(faults, FIELDS);
}

function Decision({ answer, texts }) {
  const { steps, backend, outcome, reason, ifUnreachable } = answer;
  const text = texts.find((each) => each.reason === reason);
  return html`
    <p class="decision"><${OutcomeName} outcome=${outcome} />
      <span class="big">${backend ?? 'chosen by the balancer, or none'}</span>
      ${reason !== null && html`<code>${reason}</code>`}</p>
    ${text && html`<p class="hint">${text.text}</p>`}
    <ol class="steps">${steps.map(({ what, text: sentence }, i) => html`
      <li key=${i}><span class="what">${what}</span><span>${sentence}</span></li>`)}</ol>
    <p class="hint">If that backend cannot be reached: ${ifUnreachable}</p>`;
}
