import { html, useEffect, useRef, useState } from '../html.js';
import { call, messageOf } from '../api.js';
import { Icon } from './parts.js';

/** Plays the story of the demonstration again and shows what it prints. */
export function Story({ state, ui }) {
  const [problem, setProblem] = useState(null);
  const output = useRef(null);
  const story = state.story ?? { playing: false, output: '' };
  useEffect(() => {
    output.current.scrollTop = output.current.scrollHeight;
  }, [story.output]);

  const play = async () => {
    if (story.playing) {
      return;
    }
    const answer = await call('POST', '/api/story', { body: {} }).catch(() => null);
    setProblem(answer?.ok ? null : answer ? messageOf(answer) : 'The gateway cannot be reached.');
    await ui.refresh().catch(() => null);
  };
  return html`
    <h1 tabindex="-1">Story</h1>
    <p class="lead">Users log in to an application that keeps its sessions in the memory of one
      backend. The story counts how often they must log in again, with and without sticky sessions,
      while backends fail, drain and come back.</p>
    <section class="card" aria-label="The story">
      <div class="row">
        <button type="button" class="primary" aria-disabled=${story.playing}
            onClick=${play}>
          <${Icon} name="play" />Play the story</button>
        <span role="status">${story.playing ? 'Playing…' : ''}</span>
      </div>
      ${problem && html`<div class="notice bad" role="alert"><p>${problem}</p></div>`}
      <pre class="output" tabindex="0" role="region" aria-label="Output of the story"
          ref=${output}>${story.output || 'It has not been played yet.'}</pre>
    </section>`;
}
