import { html, useLayoutEffect, useRef, useState } from '../html.js';
import { backendIn, listenerIn, rate, rateText, requestsOf } from '../model.js';
import { State } from './parts.js';

const ROW = 56;
const NODE = 42;
const WIDEST = 34;
const MOST = 20;

/** The live picture: listeners, pools and backends, with lines as wide as requests are frequent. */
export function Flow({ state, samples }) {
  const [ref, width] = useWidth();
  const flow = flowOf(state, samples);
  return html`
    <section class="card" aria-labelledby="flow-title">
      <h2 id="flow-title">Traffic</h2>
      <p class="hint">Requests a second, from listeners through pools to backends. A wider line has
        more requests.</p>
      <div class="flow" ref=${ref}>
        ${width > 0 && html`<${Picture} flow=${flow} width=${width} />`}
      </div>
      <details>
        <summary>Traffic as a table</summary>
        <${FlowTable} flow=${flow} />
      </details>
    </section>`;
}

function useWidth() {
  const ref = useRef(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

function flowOf(state, samples) {
  const listeners = state.listeners.map((listener) => ({
    ...listener,
    rate: rate(samples, (s) => {
      const figures = listenerIn(s, listener.name);
      return figures && requestsOf(figures);
    }),
  }));
  const pools = state.pools.map((pool) => ({
    ...pool,
    rate: listeners.filter((each) => each.pool === pool.name)
      .reduce((sum, each) => sum + each.rate, 0),
    backends: pool.backends.map((backend) => ({
      ...backend,
      rate: rate(samples, (s) => backendIn(s, pool.name, backend.id)?.requests),
    })),
  }));
  return { listeners, pools };
}

/* A picture of hundreds of backends shows nothing, so it has those at the end of a pool as one. */
function picturedOf({ listeners, pools }) {
  return {
    listeners,
    pools: pools.map((pool) => (pool.backends.length <= MOST ? pool : {
      ...pool,
      backends: [...pool.backends.slice(0, MOST - 1), others(pool.backends.slice(MOST - 1))],
    })),
  };
}

function others(backends) {
  return {
    id: `${backends.length} more`,
    rate: backends.reduce((sum, backend) => sum + backend.rate, 0),
    state: 'up',
  };
}

function Picture({ flow, width }) {
  const { nodes, links, height, node } = layout(picturedOf(flow), width);
  return html`
    <svg role="img" aria-label="Lines from listeners through pools to backends, also as a table"
        width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`}>
      ${links.map((link) => html`<${Line} key=${link.key} link=${link} />`)}
      ${nodes.map((each) => html`<${Node} key=${each.key} node=${each} width=${node} />`)}
    </svg>`;
}

function Line({ link: { x1, y1, x2, y2, wide, rate: value, state } }) {
  const middle = (x1 + x2) / 2;
  return html`
    <path class=${`line ${value > 0 ? state : 'idle'}`} stroke-width=${wide.toFixed(1)}
        d=${`M${x1} ${y1.toFixed(1)}C${middle} ${y1.toFixed(1)} ${middle} ${y2} ${x2} ${y2}`} />`;
}

function Node({ node: { x, y, name, detail, state }, width }) {
  const letters = Math.floor((width - 20) / 8);
  const shown = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
  return html`
    <g class=${`node ${state}`} transform=${`translate(${x} ${y - NODE / 2})`}>
      <title>${name}</title>
      <rect width=${width} height=${NODE} rx="8" />
      <rect class="edge" width="4" height=${NODE - 16} x="0" y="8" rx="2" />
      <text x="12" y="18" class="name">${shown}</text>
      <text x="12" y="34" class="detail">${detail}</text>
    </g>`;
}

function layout({ listeners, pools }, width) {
  const node = Math.round(Math.min(190, Math.max(64, width * 0.23)));
  const short = node < 110;
  const [left, middle, right] = [0, (width - node) / 2, width - node];
  const scale = WIDEST / Math.max(...pools.map((pool) => pool.rate), 1);
  const widthOf = (each) => (each.rate > 0 ? Math.max(2, each.rate * scale) : 1.5);
  const [nodes, links] = [[], []];
  let row = 0;
  pools.forEach((pool) => {
    const own = listeners.filter((each) => each.pool === pool.name);
    const rows = Math.max(pool.backends.length, own.length, 1);
    const center = (row + rows / 2) * ROW;
    const spread = (all, i) => center + (i - (all.length - 1) / 2) * ROW;
    row += rows;

    nodes.push(nodeOf(`pool ${pool.name}`, middle, center, pool.name, pool, short));
    const ins = bundle(own, center, widthOf);
    own.forEach((each, i) => {
      const key = `listener ${each.name}`;
      const y = spread(own, i);
      nodes.push(nodeOf(key, left, y, short ? each.name : `${each.name} :${each.port}`, each));
      links.push({
        key, x1: middle, y1: ins[i], x2: left + node, y2: y, wide: widthOf(each), rate: each.rate,
        state: 'up',
      });
    });
    const outs = bundle(pool.backends, center, widthOf);
    pool.backends.forEach((each, i) => {
      const key = `backend ${pool.name} ${each.id}`;
      const y = spread(pool.backends, i);
      nodes.push(nodeOf(key, right, y, each.id, each, short));
      links.push({
        key, x1: middle + node, y1: outs[i], x2: right, y2: y, wide: widthOf(each),
        rate: each.rate, state: each.state,
      });
    });
  });
  return { nodes, links, node, height: row * ROW };
}

/* The heights at which lines meet their pool, side by side. */
function bundle(ends, center, widthOf) {
  let top = center - ends.reduce((sum, end) => sum + widthOf(end), 0) / 2;
  return ends.map((end) => {
    const wide = widthOf(end);
    top += wide;
    return top - wide / 2;
  });
}

function nodeOf(key, x, y, name, { rate: value, state = 'up' }, short) {
  const detail = state === 'up' || short
    ? `${rateText(value)}/s` : `${state} ${rateText(value)}/s`;
  return { key, x, y, name, detail, state };
}

function FlowTable({ flow: { listeners, pools } }) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Traffic as a table">
      <table>
        <thead><tr><th scope="col">Listener</th><th scope="col">Pool</th>
          <th scope="col">Backend</th><th scope="col">State</th>
          <th scope="col" class="number">Requests/s</th></tr></thead>
        <tbody>
          ${listeners.map((listener) => html`<tr key=${`l ${listener.name}`}>
            <td>${listener.name}</td><td>${listener.pool}</td><td></td><td></td>
            <td class="number">${rateText(listener.rate)}</td></tr>`)}
          ${pools.flatMap((pool) => pool.backends.map((backend) => html`
            <tr key=${`b ${pool.name} ${backend.id}`}>
              <td></td><td>${pool.name}</td><td>${backend.id}</td>
              <td><${State} state=${backend.state} text=${backend.state} /></td>
              <td class="number">${rateText(backend.rate)}</td></tr>`))}
        </tbody>
      </table>
    </div>`;
}
