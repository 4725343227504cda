import { html, render, useEffect, useLayoutEffect, useMemo, useRef, useState } from './html.js';
import { createLive } from './live.js';
import { wordsOf } from './model.js';
import { Advisor } from './views/advisor.js';
import { Audit } from './views/audit.js';
import {
  AddBackendDialog, DrainDialog, EditBackendDialog, ReadyDialog, RemoveDialog,
} from './views/backend-dialogs.js';
import { Group } from './views/group.js';
import { Groups } from './views/groups.js';
import { Overview } from './views/overview.js';
import { Differences } from './views/parts.js';
import { Refused } from './views/sign-in.js';
import { StickyDialog } from './views/sticky-dialog.js';
import { Story } from './views/story.js';
import { Tracer } from './views/tracer.js';

const VIEWS = {
  '': Overview, groups: Groups, tracer: Tracer, advisor: Advisor, audit: Audit, story: Story,
};

const DIALOGS = {
  sticky: StickyDialog,
  backend: EditBackendDialog,
  add: AddBackendDialog,
  drain: DrainDialog,
  remove: RemoveDialog,
  ready: ReadyDialog,
};

function App() {
  const [live, setLive] = useState(null);
  const [dialog, setDialog] = useState(null);
  const [notice, setNotice] = useState(null);
  const source = useMemo(() => createLive(setLive), []);
  const route = useRoute();
  useEffect(source.open, []);
  useEffect(() => setNotice(null), [route]);

  const ui = useMemo(() => ({
    open: (kind, props) => setDialog({ kind, props }),
    refresh: source.refresh,
    changed: (change) => {
      setNotice(change);
      source.refresh().catch(() => null);
    },
    refused: (answer) => {
      if (answer.status === 401) {
        setDialog(null);
        source.refuse(answer);
      }
    },
  }), []);

  if (live?.connection === 'refused') {
    return html`<${Refused} key=${live.refusal} refusal=${live.refusal} onRetry=${source.open} />`;
  }
  if (!live?.state) {
    return html`<main id="main" class="narrow"><p role="status">${live?.connection === 'lost'
      ? `${live.problem ?? 'The gateway cannot be reached.'} Trying again.`
      : 'Connecting to the gateway.'}</p></main>`;
  }
  const Shown = dialog && DIALOGS[dialog.kind];
  return html`
    <${Header} live=${live} route=${route} />
    <${Page} live=${live} route=${route} ui=${ui} />
    <${Notice} change=${notice} state=${live.state} onDismiss=${() => setNotice(null)} />
    ${Shown && html`
      <${Shown} ui=${ui} state=${live.state} ...${dialog.props}
          onClose=${() => setDialog(null)} />`}`;
}

function useRoute() {
  const [route, setRoute] = useState(parseRoute);
  useEffect(() => {
    const follow = () => setRoute(parseRoute());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

function parseRoute() {
  const [view, name] = location.hash.replace(/^#\//, '').split('/').map(decoded);
  return { view: view === '#' ? '' : view, name };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function linksOf(state) {
  const links = [
    { view: '', text: 'Overview' },
    { view: 'groups', text: wordsOf(state).many },
    { view: 'tracer', text: 'Tracer' },
    { view: 'advisor', text: 'Advisor' },
    { view: 'audit', text: 'Audit' },
  ];
  return state.demo ? [...links, { view: 'story', text: 'Story' }] : links;
}

function Header({ live, route }) {
  const skip = (event) => {
    event.preventDefault();
    document.querySelector('h1')?.focus();
  };
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to content</a>
    <header>
      <div class="bar">
        <a class="brand" href="#/"><${Logo} />Limpet<span class="quiet"> gateway</span></a>
        <nav aria-label="Views"><ul>${linksOf(live.state).map(({ view, text }) => html`
          <li key=${view}><a href=${`#/${view}`}
              aria-current=${route.view === view ? 'page' : null}>${text}</a></li>`)}</ul></nav>
        <${Connection} live=${live} />
      </div>
    </header>`;
}

function Logo() {
  return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="shell" d="M2 26C5 14 11 6 16 6s11 8 14 20z" />
    <path class="ribs" d="M16 7v19M13.5 8.5 9 26M18.5 8.5 23 26" /></svg>`;
}

function Connection({ live }) {
  const lost = live.connection === 'lost';
  return html`
    <p class=${`connection ${live.connection}`}>
      <span class="tag">${live.state.profile}</span>${' '}
      <span role="status">${lost
        ? `${live.problem ?? 'Connection lost.'} Trying again.` : 'Live'}</span>
    </p>`;
}

function Page({ live, route, ui }) {
  const { state, samples, reasons } = live;
  const View = VIEWS[route.view] ?? Missing;
  const main = useRef(null);
  const first = useRef(true);
  useLayoutEffect(() => {
    const heading = main.current.querySelector('h1');
    document.title = `${heading.textContent} – Limpet gateway`;
    if (!first.current) {
      scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
    first.current = false;
  }, [route]);
  const detail = route.view === 'groups' && route.name !== undefined;
  return html`
    <main id="main" ref=${main}>
      ${detail
        ? html`<${Group} key=${route.name} name=${route.name} state=${state} samples=${samples}
            reasons=${reasons} ui=${ui} />`
        : html`<${View} state=${state} samples=${samples} reasons=${reasons} ui=${ui} />`}
      ${state.fleet && html`
        <p class="hint foot">Each gateway of a fleet is changed by itself.</p>`}
    </main>`;
}

function Missing() {
  return html`<h1 tabindex="-1">Not found</h1><p><a href="#/">Go to the overview.</a></p>`;
}

function Notice({ change, state, onDismiss }) {
  return html`
    <div class="toasts" role="status">
      ${change && html`
        <div class="toast">
          <p><strong>${change.differences.length === 0
            ? 'Nothing had to change.' : 'The change is in effect.'}</strong>
            ${change.written && ` ${state.file} has it, too.`}</p>
          <${Differences} lines=${change.differences} />
          ${change.paste && html`
            <details>
              <summary>Show YAML to paste into ${state.file ?? 'a configuration file'}</summary>
              <pre class="paste" tabindex="0" role="region" aria-label="YAML to paste">${
                change.paste}</pre>
            </details>`}
          <button type="button" class="small" onClick=${onDismiss}>Dismiss</button>
        </div>`}
    </div>`;
}

render(html`<${App} />`, document.getElementById('app'));
