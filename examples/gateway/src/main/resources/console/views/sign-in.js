import { html, useState } from '../html.js';
import { messageOf, token } from '../api.js';
import { Field } from './parts.js';

const TOKEN = /^[A-Za-z0-9._~+/=-]{16,256}$/;

/** What the page shows if the gateway refuses it: a prompt for the token, or why it is refused. */
export function Refused({ refusal, onRetry }) {
  return html`
    <main id="main" class="narrow">
      ${refusal.status === 401
        ? html`<${SignIn} rejected=${refusal.rejected} onRetry=${onRetry} />`
        : html`
          <section class="card">
            <h1 tabindex="-1">Access refused</h1>
            <p role="alert">${messageOf(refusal)}</p>
            <button type="button" onClick=${onRetry}>Try again</button>
          </section>`}
    </main>`;
}

function SignIn({ rejected, onRetry }) {
  const [value, setValue] = useState('');
  const [fault, setFault] = useState(rejected ? 'This token was rejected.' : undefined);
  const submit = (event) => {
    event.preventDefault();
    if (value.trim() === '') {
      setFault('token: absent (expected: the token of admin)');
      return;
    }
    if (!TOKEN.test(value.trim())) { // a header field cannot carry each character
      setFault('token: malformed (expected: 16..256 of A-Za-z0-9._~+/=-)');
      return;
    }
    token.set(value.trim());
    onRetry();
  };
  return html`
    <form class="card" noValidate onSubmit=${submit}>
      <h1 tabindex="-1">Sign in</h1>
      <p>The gateway asks for its admin token.</p>
      <${Field} id="token" label="Token" type="password" value=${value} fault=${fault}
          hint="It is kept in this tab until you close it." onInput=${setValue} />
      <div class="buttons"><button type="submit" class="primary">Sign in</button></div>
    </form>`;
}
