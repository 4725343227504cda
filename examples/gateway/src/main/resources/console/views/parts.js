import { html, useEffect, useLayoutEffect, useRef, useState } from '../html.js';
import { call, messageOf } from '../api.js';
import { percent } from '../model.js';

/** A dialog with focus inside, closed by Esc; the focus returns to where it was. */
export function Dialog({ title, onClose, wide, children }) {
  const ref = useRef(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      (opener?.isConnected ? opener : document.querySelector('h1'))?.focus();
    };
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`
    <dialog ref=${ref} class=${wide ? 'wide' : ''} aria-labelledby="dialog-title"
        onCancel=${cancel}>
      <h2 id="dialog-title">${title}</h2>
      ${children}
    </dialog>`;
}

/** A text field with its label, a hint and a fault, which describe it. */
export function Field({ id, label, hint, fault, value, onInput, ...more }) {
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} type="text" autocomplete="off" spellcheck=${false} value=${value}
          aria-invalid=${fault ? 'true' : 'false'} aria-describedby=${described || null}
          onInput=${(event) => onInput(event.target.value)} ...${more} />
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${fault && html`<p class="fault" id=${`${id}-fault`}>${fault}</p>`}
    </div>`;
}

/** The faults of an answer by field: those of `names`, and the others under an empty name. */
export function faultsBy(faults, names) {
  const found = {};
  faults.forEach(({ field, message }) => {
    const name = (field ?? '').split('.').at(-1);
    const key = names.includes(name) ? name : '';
    found[key] = found[key] === undefined ? message : `${found[key]}\n${message}`;
  });
  return found;
}

/**
 * A change of the gateway with all that may come of it: done, faulty, stale or unconfirmed.
 *
 * `send(request)` takes `{method, url, body}`. With `ChangeProblem`, the operator can apply a stale
 * change to the new version, and confirm an unconfirmed one.
 */
export function useChange({ ui, version, names, onDone }) {
  const [problem, setProblem] = useState({ kind: null });
  const busy = useRef(false);
  const latest = useRef(null);

  async function send(request, at = version) {
    if (busy.current) {
      return;
    }
    latest.current = request;
    busy.current = true;
    const answer = await call(request.method, request.url, { body: request.body, version: at })
      .catch(() => ({ ok: false, status: 0, body: { title: 'The gateway cannot be reached.' } }));
    busy.current = false;
    if (answer.ok) {
      setProblem({ kind: null });
      ui.changed(answer.body);
      onDone();
    } else {
      setProblem(problemOf(answer, names));
      ui.refused(answer);
    }
  }

  const applyTo = (newVersion) => send(latest.current, newVersion);
  const confirm = () => {
    const { url } = latest.current;
    return send({ ...latest.current, url: `${url}${url.includes('?') ? '&' : '?'}confirm=true` });
  };
  return { send, problem, setProblem, applyTo, confirm };
}

function problemOf(answer, names) {
  const body = answer.body ?? {};
  switch (answer.status) {
    case 409:
      return body.confirm
        ? { kind: 'unconfirmed', title: body.title }
        : { kind: 'failed', title: body.title };
    case 412:
      return { kind: 'stale', version: body.version, differences: body.differences ?? [] };
    case 422:
    case 400:
      return { kind: 'faulty', title: body.title, faults: faultsBy(body.faults ?? [], names) };
    default:
      return { kind: 'failed', title: messageOf(answer) };
  }
}

/** The problem of a dialog that could not load its values again; the answer may be null. */
export function notReloaded(answer) {
  return {
    kind: 'failed',
    title: answer === null ? 'The gateway cannot be reached.' : messageOf(answer),
  };
}

/** The fault of a field in a problem. */
export function faultOf(problem, name) {
  return problem.kind === 'faulty' ? problem.faults[name] : undefined;
}

/** Tells what came of a change that is not done, and offers the ways on. */
export function ChangeProblem({ change, onReload }) {
  const ref = useRef(null);
  const { problem } = change;
  useEffect(() => ref.current.querySelector('button')?.focus(), [problem.kind]);
  return html`
    <div role="alert" ref=${ref}>${problemBody(problem, change, onReload)}</div>`;
}

const HOW_TO_CONFIRM = / Confirm with confirm=true\.$/; // for callers of the API

function problemBody(problem, change, onReload) {
  switch (problem.kind) {
    case 'stale':
      return html`
        <div class="notice warn">
          <p><strong>The gateway has changed since you opened this dialog.</strong></p>
          <${Differences} lines=${problem.differences} />
          <p class="row">
            ${onReload && html`
              <button type="button" onClick=${onReload}>Reload values</button>`}
            <button type="button"
                onClick=${() => change.applyTo(problem.version)}>Apply my change</button>
          </p>
        </div>`;
    case 'unconfirmed':
      return html`
        <div class="notice warn">
          <p><strong>${problem.title.replace(HOW_TO_CONFIRM, '')}</strong></p>
          <p class="row">
            <button type="button" class="danger" onClick=${change.confirm}>Confirm</button>
          </p>
        </div>`;
    case 'failed':
      return html`<div class="notice bad"><p>${problem.title}</p></div>`;
    case 'faulty':
      return problem.faults[''] === undefined
        ? null : html`<div class="notice bad"><p class="lines">${problem.faults['']}</p></div>`;
    default:
      return null;
  }
}

/** Lines of differences, such as `pools.web.backends.web1.weight: 5 -> 3`. */
export function Differences({ lines }) {
  return html`
    <ul class="differences">${lines.map((line) => html`<li><code>${line}</code></li>`)}</ul>`;
}

/** The buttons at the end of a dialog. */
export function DialogButtons({ ok = 'OK', danger, disabled, onCancel }) {
  return html`
    <div class="buttons">
      <button type="button" onClick=${onCancel}>Cancel</button>
      <button type="submit" class=${danger ? 'danger' : 'primary'}
          disabled=${disabled}>${ok}</button>
    </div>`;
}

/** A share of 0..1 as a number with a bar. */
export function Share({ share, none = '–' }) {
  if (share === null) {
    return html`<span class="muted">${none}</span>`;
  }
  return html`
    <span class="share">
      <span class="number">${percent(share)}</span>
      <span class="bar" aria-hidden="true">
        <span style=${{ width: `${share * 100}%` }}></span></span>
    </span>`;
}

/** A state with a sign that does not depend on colour. */
export function State({ state, text }) {
  return html`<span class=${`state ${state}`}>
    <span class="sign" aria-hidden="true"></span>${text}</span>`;
}

/** A meter such as the occupancy of a table. */
export function Meter({ label, value, most, text }) {
  const share = most > 0 ? Math.min(1, value / most) : 0;
  return html`
    <div class="meter" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax=${most}
        aria-valuenow=${value} aria-valuetext=${text}>
      <span style=${{ width: `${Math.max(share * 100, value > 0 ? 0.5 : 0)}%` }}
          class=${share > 0.9 ? 'high' : ''}></span>
    </div>`;
}

/** The swatch of an outcome with its name. */
export function OutcomeName({ outcome }) {
  return html`<span class="outcome"><span class=${`swatch ${outcome}`} aria-hidden="true"></span>
    <code>${outcome}</code></span>`;
}

/** Runs `task` after the last change of `inputs` has been quiet for a while. */
export function useQuiet(task, inputs, millis = 300) {
  useEffect(() => {
    const timer = setTimeout(task, millis);
    return () => clearTimeout(timer);
  }, inputs);
}

const PATHS = {
  edit: 'M11.5 2.5l2 2L5 13l-2.7.7L3 11z',
  add: 'M8 3v10M3 8h10',
  drain: 'M3 3h10l-4 5v5l-2-1V8z',
  undo: 'M3 6h6a4 4 0 0 1 0 8H6M3 6l3-3M3 6l3 3',
  remove: 'M3 5h10M6 5V3h4v2M5 5l.6 8h4.8L11 5',
  play: 'M5 3l8 5-8 5z',
};

/** A small picture beside the text of a button. */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} /></svg>`;
}
