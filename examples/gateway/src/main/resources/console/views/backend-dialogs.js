import { html, useEffect, useState } from '../html.js';
import { path } from '../api.js';
import { durationFault, durationOf, numberFault } from '../model.js';
import {
  ChangeProblem, Dialog, DialogButtons, faultOf, Field, notReloaded, useChange,
} from './parts.js';

const NONE = { kind: null };

function faulty(faults) {
  const found = Object.fromEntries(Object.entries(faults).filter(([, text]) => text !== null));
  return Object.keys(found).length === 0 ? null : { kind: 'faulty', faults: found };
}

/** What every dialog about one backend has: its own faults first, then those of the gateway. */
function BackendForm({ title, ok, danger, change, check, request, onReload, onClose, children }) {
  const submit = (event) => {
    event.preventDefault();
    const problem = check?.() ?? null;
    if (problem === null) {
      change.send(request());
    } else {
      change.setProblem(problem);
    }
    const form = event.target;
    setTimeout(() => form.querySelector('[aria-invalid="true"]')?.focus(), 0);
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form noValidate onSubmit=${submit}>
        <${ChangeProblem} change=${change} onReload=${onReload} />
        ${children}
        <${DialogButtons} ok=${ok} danger=${danger} onCancel=${onClose}
            disabled=${['stale', 'unconfirmed'].includes(change.problem.kind)} />
      </form>
    <//>`;
}

function WeightField({ value, change, onInput }) {
  return html`
    <${Field} id="weight" label="Weight" inputMode="numeric" value=${value}
        hint="0–256. With 0 a backend takes no new sessions and keeps those it has, as in a drain."
        fault=${faultOf(change.problem, 'weight')} onInput=${onInput} />`;
}

function backendOf(state, pool, id) {
  return state.pools.find((each) => each.name === pool)?.backends.find((each) => each.id === id);
}

/** Changes the weight and the limit of connections of a backend. */
export function EditBackendDialog({ ui, state, pool, backend: id, onClose }) {
  const [seen, setSeen] = useState(state);
  const [values, setValues] = useState(() => valuesOf(backendOf(state, pool, id)));
  const change = useChange({
    ui, version: seen.version, names: ['weight', 'maxConnections'], onDone: onClose,
  });
  const edit = (part) => {
    change.setProblem(NONE);
    setValues({ ...values, ...part });
  };
  const reload = async () => {
    const answer = await ui.refresh().catch(() => null);
    if (!answer?.ok) {
      change.setProblem(notReloaded(answer));
      return;
    }
    const backend = backendOf(answer.body, pool, id);
    if (backend === undefined) {
      onClose();
      return;
    }
    change.setProblem(NONE);
    setSeen(answer.body);
    setValues(valuesOf(backend));
  };
  const check = () => faulty({
    weight: numberFault('weight', values.weight, 0, 256),
    maxConnections: values.maxConnections.trim() === ''
      ? null : numberFault('maxConnections', values.maxConnections, 1, 1_000_000),
  });
  return html`
    <${BackendForm} title=${`Modify ${id}`} change=${change} check=${check} onReload=${reload}
        onClose=${onClose}
        request=${() => ({
          method: 'PATCH',
          url: path('pools', pool, 'backends', id),
          body: changesOf(values, backendOf(seen, pool, id)),
        })}>
      <${WeightField} value=${values.weight} change=${change}
          onInput=${(weight) => edit({ weight })} />
      <${Field} id="max-connections" label="Maximum Connections" inputMode="numeric"
          value=${values.maxConnections} hint="1–1,000,000. Leave it empty for no limit."
          fault=${faultOf(change.problem, 'maxConnections')}
          onInput=${(maxConnections) => edit({ maxConnections })} />
    <//>`;
}

function valuesOf(backend) {
  return {
    weight: String(backend.weight),
    maxConnections: backend.maxConnections ? String(backend.maxConnections) : '',
  };
}

function changesOf(values, backend) {
  const before = valuesOf(backend);
  const body = { weight: Number(values.weight) };
  if (values.maxConnections.trim() !== before.maxConnections) {
    body.maxConnections = Number(values.maxConnections) || null;
  }
  return body;
}

/** Adds a backend to a pool. */
export function AddBackendDialog({ ui, state, pool, onClose }) {
  const [values, setValues] = useState({ id: '', address: '', weight: '1' });
  const [version] = useState(state.version);
  const change = useChange({ ui, version, names: ['id', 'address', 'weight'], onDone: onClose });
  const edit = (part) => {
    change.setProblem(NONE);
    setValues({ ...values, ...part });
  };
  return html`
    <${BackendForm} title=${`Add a backend to ${pool}`} ok="Add" change=${change}
        check=${() => faulty({ weight: numberFault('weight', values.weight, 0, 256) })}
        onClose=${onClose}
        request=${() => ({
          method: 'POST',
          url: path('pools', pool, 'backends'),
          body: { id: values.id, address: values.address, weight: Number(values.weight) },
        })}>
      <${Field} id="backend-id" label="Id" value=${values.id}
          hint="A name of its own in this pool, such as web3."
          fault=${faultOf(change.problem, 'id')} onInput=${(text) => edit({ id: text })} />
      <${Field} id="address" label="Address" value=${values.address}
          hint="Host and port, such as 127.0.0.1:9103 or [2001:db8::1]:80."
          fault=${faultOf(change.problem, 'address')} onInput=${(address) => edit({ address })} />
      <${WeightField} value=${values.weight} change=${change}
          onInput=${(weight) => edit({ weight })} />
    <//>`;
}

/** Drains a backend, perhaps with a deadline. */
export function DrainDialog({ ui, state, pool, backend, onClose }) {
  const [deadline, setDeadline] = useState('');
  const [version] = useState(state.version);
  const change = useChange({ ui, version, names: ['deadline'], onDone: onClose });
  const check = () => (deadline.trim() === ''
    ? null : faulty({ deadline: durationFault('deadline', deadline) }));
  return html`
    <${BackendForm} title=${`Drain ${backend}`} ok="Drain" change=${change} check=${check}
        onClose=${onClose}
        request=${() => ({
          method: 'POST',
          url: path('pools', pool, 'backends', backend, 'drain'),
          body: deadline.trim() === '' ? {} : { deadline: durationOf(deadline) },
        })}>
      <p>${backend} takes no new sessions from now on. The sessions it has stay until they end, and
        you can undo the drain at any time.</p>
      <${Field} id="deadline" label="Deadline (min)" inputMode="numeric" value=${deadline}
          hint="Optional. After this time the gateway reports what is left. No session is ended."
          fault=${faultOf(change.problem, 'deadline')}
          onInput=${(text) => {
            change.setProblem(NONE);
            setDeadline(text);
          }} />
    <//>`;
}

/** Removes a backend. */
export function RemoveDialog({ ui, state, pool, backend, sessions, onClose }) {
  const [version] = useState(state.version);
  const change = useChange({ ui, version, names: [], onDone: onClose });
  return html`
    <${BackendForm} title=${`Remove ${backend}`} ok="Remove" danger change=${change}
        onClose=${onClose}
        request=${() => ({ method: 'DELETE', url: path('pools', pool, 'backends', backend) })}>
      <p>${sessions > 0
        ? `${backend} has live sessions. They move to other backends with their next request, `
          + 'and what only this backend knows of them is lost.'
        : `${backend} has no sessions that this gateway counts.`}</p>
      ${sessions > 0 && html`<p>To keep them until they end, drain the backend first.</p>`}
    <//>`;
}

/** Lets a backend take new sessions again; it asks only if the gateway has changed in between. */
export function ReadyDialog({ ui, state, pool, backend, onClose }) {
  const [version] = useState(state.version);
  const change = useChange({ ui, version, names: [], onDone: onClose });
  const request = () => ({
    method: 'POST', url: path('pools', pool, 'backends', backend, 'ready'), body: {},
  });
  useEffect(() => {
    change.send(request());
  }, []);
  return change.problem.kind !== null && html`
    <${BackendForm} title=${`Let ${backend} take new sessions`} change=${change} request=${request}
        onClose=${onClose} />`;
}
