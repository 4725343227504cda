import { html, useRef, useState } from '../html.js';
import { call, messageOf, path } from '../api.js';
import {
  algorithmText, durationFault, fieldOf, formOf, previewText, rangeText, settingsOf, wordsOf,
} from '../model.js';
import {
  ChangeProblem, Dialog, DialogButtons, faultOf, faultsBy, Field, notReloaded, useChange, useQuiet,
} from './parts.js';

const FIELDS = ['type', 'cookieName', 'duration', 'mode'];

function urlOf(owner, ...more) {
  const folder = owner.kind === 'listener' ? 'listeners' : 'pools';
  return path(folder, owner.owner, 'stickySession', ...more);
}

function requestOf(owner, settings) {
  return settings === null
    ? { method: 'DELETE', url: urlOf(owner) }
    : { method: 'PUT', url: urlOf(owner), body: settings };
}

/** The dialog in which the stickiness of a group or a listener is set, as the product has it. */
export function StickyDialog({ ui, state, owner: name, preset, onClose }) {
  const [seen, setSeen] = useState(state);
  const owner = seen.owners.find((each) => each.owner === name);
  const [form, setForm] = useState(() => formOf(owner, preset));
  const [hideAbsentName, setHideAbsentName] = useState(true);
  const change = useChange({ ui, version: seen.version, names: FIELDS, onDone: onClose });
  const preview = usePreview(owner, form, change);

  const edit = (part) => {
    change.setProblem({ kind: null });
    setForm({ ...form, ...part });
  };
  const reload = async () => {
    const answer = await ui.refresh().catch(() => null);
    if (!answer?.ok) {
      change.setProblem(notReloaded(answer));
      return;
    }
    const fresh = answer.body.owners.find((each) => each.owner === name);
    change.setProblem({ kind: null });
    setSeen(answer.body);
    setForm(formOf(fresh));
  };
  const submit = async (event) => {
    event.preventDefault();
    setHideAbsentName(false);
    if (await preview.allows()) {
      change.send(requestOf(owner, settingsOf(form, owner)));
    } else {
      focusFault(event.target);
    }
  };

  const fault = (field) => preview.faults[field] ?? faultOf(change.problem, field);
  const nameFault =
    hideAbsentName && form.cookieName === '' ? undefined : fault('cookieName');
  const choice = owner.choices.types.find((each) => each.type === form.type);
  return html`
    <${Dialog} title=${wordsOf(seen).dialog} onClose=${onClose}>
      <form noValidate onSubmit=${submit}>
        <dl class="facts">
          <div><dt>Name</dt><dd>${owner.owner}</dd></div>
          <div><dt>Algorithm</dt><dd>${algorithmText(owner.algorithm)}</dd></div>
        </dl>
        <${ChangeProblem} change=${change} onReload=${reload} />
        ${preview.faults[''] && html`
          <div class="notice bad" role="alert"><p class="lines">${preview.faults['']}</p></div>`}
        <${Switch} owner=${owner} on=${form.on} onChange=${(on) => edit({ on })} />
        ${form.on && html`
          <${Types} owner=${owner} type=${form.type} fault=${fault('type')}
              onChange=${(type) => edit({ type })} />
          ${form.type === 'app-cookie' && html`
            <${Field} id="cookie-name" label="Cookie Name" value=${form.cookieName}
                hint="The cookie that the application sets, such as JSESSIONID."
                fault=${nameFault} onInput=${(cookieName) => edit({ cookieName })} />`}
          <${Field} id="duration" label="Stickiness Duration (min)" value=${form.duration}
              inputMode="numeric" hint=${durationHint(choice)} fault=${fault('duration')}
              onInput=${(duration) => edit({ duration })} />
          <${Advanced} owner=${owner} form=${form} fault=${fault('mode')} onChange=${edit} />`}
        <${PreviewBox} preview=${preview} fleet=${seen.fleet} />
        <${DialogButtons} disabled=${change.problem.kind === 'stale'}
            onCancel=${onClose} />
      </form>
    <//>`;
}

function durationHint(choice) {
  return choice === undefined
    ? 'In minutes. The default depends on the type.'
    : `Range: ${rangeText(choice)} minutes. Default: ${fieldOf(choice.standard)}.`;
}

function focusFault(form) {
  setTimeout(() => form.querySelector('[aria-invalid="true"]')?.focus(), 0);
}

/*
 * Asks the gateway what the form would do, some time after each change and once more before OK. So
 * the page has no rules of its own: only a text that is no duration at all stays here.
 */
function usePreview(owner, form, change) {
  const [effect, setEffect] = useState({ faults: {} });
  const asked = useRef(0);

  async function ask() {
    const mine = ++asked.current;
    const answered = await effectOf(owner, form);
    if (mine === asked.current) {
      setEffect(answered);
    }
    return answered;
  }

  useQuiet(ask, [form, owner]);
  const allows = async () => {
    const answered = await ask();
    change.setProblem(
      answered.failed ? { kind: 'failed', title: answered.failed } : { kind: null });
    return !answered.failed && Object.keys(answered.faults).length === 0;
  };
  return { ...effect, allows };
}

async function effectOf(owner, form) {
  const absent = form.on ? durationFault('duration', form.duration) : null;
  if (absent !== null && owner.choices.types.some((each) => each.type === form.type)) {
    return { faults: { duration: absent } };
  }
  try {
    const body = settingsOf(form, owner);
    return answered(await call('POST', urlOf(owner, 'preview'), { body }));
  } catch {
    return { faults: {}, failed: 'The gateway cannot be reached.' };
  }
}

function answered(answer) {
  if (answer.ok) {
    return { faults: {}, result: answer.body };
  }
  const faults = answer.body?.faults ?? [];
  return faults.length === 0
    ? { faults: {}, failed: messageOf(answer) }
    : { faults: faultsBy(faults, FIELDS) };
}

function Switch({ owner, on, onChange }) {
  const { refusal } = owner.choices;
  return html`
    <div class="field switch-field">
      <label class="switch">
        <input type="checkbox" role="switch" id="sticky" checked=${on}
            disabled=${refusal !== null && !on}
            aria-describedby=${refusal === null ? null : 'sticky-refusal'}
            onChange=${(event) => onChange(event.target.checked)} />
        <span>Sticky Session</span>
      </label>
      ${refusal !== null && html`<p class="hint" id="sticky-refusal">${refusal}</p>`}
    </div>`;
}

function Types({ owner, type, fault, onChange }) {
  const current = owner.stickySession?.type;
  const listed = owner.choices.types.some((choice) => choice.type === current);
  return html`
    <fieldset class="field" aria-describedby=${fault ? 'type-fault' : null}>
      <legend>Sticky Session Type</legend>
      ${owner.choices.types.map((choice) => html`
        <${TypeChoice} key=${choice.type} choice=${choice} chosen=${type === choice.type}
            onChange=${onChange} />`)}
      ${current && !listed && html`
        <${TypeChoice} choice=${fromFile(current)} chosen=${type === current}
            onChange=${onChange} />`}
      ${fault && html`<p class="fault" id="type-fault">${fault}</p>`}
    </fieldset>`;
}

function fromFile(type) {
  return { type, label: `${type} (set in the file)`, refusal: null };
}

function TypeChoice({ choice, chosen, onChange }) {
  const id = `type-${choice.type}`;
  const refused = choice.refusal !== null;
  return html`
    <div class="choice">
      <input type="radio" name="type" id=${id} checked=${chosen} disabled=${refused && !chosen}
          aria-describedby=${refused ? `${id}-refusal` : null}
          onChange=${() => onChange(choice.type)} />
      <label for=${id}>${choice.label}</label>
      ${refused && html`<p class="hint" id=${`${id}-refusal`}>${choice.refusal}</p>`}
    </div>`;
}

const MODES = [
  { mode: 'sliding', label: 'Sliding', text: 'ends this time after the last request' },
  { mode: 'absolute', label: 'Absolute', text: 'ends this time after the first request' },
];

function Advanced({ owner, form, fault, onChange }) {
  const most = form.type === owner.stickySession?.type ? owner.stickySession.maxDuration : null;
  return html`
    <details class="field" open=${form.mode !== 'sliding' || fault !== undefined}>
      <summary>Advanced</summary>
      <fieldset aria-describedby=${fault ? 'mode-fault' : null}>
        <legend>Mode</legend>
        ${MODES.map(({ mode, label, text }) => html`
          <div class="choice" key=${mode}>
            <input type="radio" name="mode" id=${`mode-${mode}`} checked=${form.mode === mode}
                aria-describedby=${`mode-${mode}-text`} onChange=${() => onChange({ mode })} />
            <label for=${`mode-${mode}`}>${label}</label>
            <p class="hint" id=${`mode-${mode}-text`}>A session ${text}.</p>
          </div>`)}
        ${fault && html`<p class="fault" id="mode-fault">${fault}</p>`}
      </fieldset>
      ${most && html`<p class="hint">${form.mode === 'sliding'
        ? `A session ends after ${most} in any case (maxDuration).`
        : `maxDuration (${most}) is removed, because it applies to sliding sessions only.`}</p>`}
    </details>`;
}

function PreviewBox({ preview, fleet }) {
  const { result, failed } = preview;
  return html`
    <section class="preview" aria-labelledby="preview-title">
      <h3 id="preview-title">What happens to live sessions</h3>
      <div aria-live="polite">
        ${result && html`
          <p class=${result.end > 0 ? 'strong warn-text' : 'strong'}>${previewText(result)}</p>
          ${result.notes.map((note) => html`<p class="hint">${note}</p>`)}`}
        ${failed && html`<p class="fault">${failed}</p>`}
        ${!result && !failed && html`<p class="hint">Shown as soon as the values are valid.</p>`}
      </div>
      ${fleet && html`<p class="hint">Each gateway of a fleet is changed by itself.</p>`}
    </section>`;
}
