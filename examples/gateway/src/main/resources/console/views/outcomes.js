import { html, useEffect, useRef } from '../html.js';
import {
  count, growth, outcomeIn, OUTCOMES, rate, rateText, spanText, stacked,
} from '../model.js';
import { OutcomeName } from './parts.js';

const FIVE_MINUTES = 300_000;

/** The outcomes of requests over time, as a stacked chart and as a table. */
export function Outcomes({ samples, listeners, reasons }) {
  const last = samples.at(-1);
  const shown = OUTCOMES.filter((outcome) => outcomeIn(last, listeners, outcome) > 0);
  return html`
    <section class="card" aria-labelledby="outcomes-title">
      <h2 id="outcomes-title">What became of requests</h2>
      <p class="hint">Requests a second by outcome, stacked, while this page is open, up to five minutes.</p>
      <${Chart} samples=${samples} listeners=${listeners} />
      ${shown.length === 0
        ? html`<p class="empty">No requests yet.</p>`
        : html`<${OutcomeTable} samples=${samples} listeners=${listeners} shown=${shown}
            texts=${reasons?.outcomes ?? []} />`}
    </section>`;
}

function OutcomeTable({ samples, listeners, shown, texts }) {
  const span = spanText(samples);
  return html`
    <table class="cards">
      <thead><tr><th scope="col">Outcome</th><th scope="col" class="number">Now, per second</th>
        <th scope="col" class="number">${span}</th>
        <th scope="col" class="number">Since start</th>
        <th scope="col">Meaning</th></tr></thead>
      <tbody>
        ${shown.map((outcome) => {
          const read = (sample) => outcomeIn(sample, listeners, outcome);
          return html`<tr key=${outcome} class="figures">
            <th scope="row"><${OutcomeName} outcome=${outcome} /></th>
            <td class="number" data-label="Per second">${rateText(rate(samples, read))}</td>
            <td class="number" data-label=${span}>
              ${count(growth(samples, read, FIVE_MINUTES))}</td>
            <td class="number" data-label="Since start">${count(read(samples.at(-1)))}</td>
            <td class="text">${texts.find((each) => each.outcome === outcome)?.text}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
}

function Chart({ samples, listeners }) {
  const holder = useRef(null);
  const chart = useRef(null);
  const data = useRef(null);
  data.current = topFirst(stacked(samples, listeners));

  useEffect(() => {
    const element = holder.current;
    const draw = () => {
      chart.current?.destroy();
      chart.current = new window.uPlot(optionsOf(element), data.current, element);
    };
    const resize = new ResizeObserver(() => chart.current.setSize(sizeOf(element)));
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    draw();
    resize.observe(element);
    scheme.addEventListener('change', draw);
    return () => {
      scheme.removeEventListener('change', draw);
      resize.disconnect();
      chart.current.destroy();
    };
  }, []);
  useEffect(() => chart.current?.setData(data.current));

  return html`<div class="chart" ref=${holder} role="img"
      aria-label="Chart of requests a second by outcome. The table below has the figures."></div>`;
}

/* Each area is drawn down to zero, so that the lower ones cover the higher ones. */
function topFirst([times, ...columns]) {
  return [times, ...columns.reverse()];
}

function sizeOf(holder) {
  return { width: Math.max(200, holder.clientWidth), height: 200 };
}

function optionsOf(holder) {
  const style = getComputedStyle(holder);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const font = `12px ${style.fontFamily}`;
  const grid = { stroke: color('line'), width: 1 };
  const axis = { stroke: color('muted'), font, ticks: { show: false }, grid };
  return {
    ...sizeOf(holder),
    padding: [8, 28, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, range: rangeOfTime },
      y: { range: (u, least, most) => [0, Math.max(1, most * 1.1)] },
    },
    axes: [
      { ...axis, space: 70, size: 28, values: (u, splits) => splits.map(clock) },
      { ...axis, size: 44, values: (u, splits) => splits.map(rateText) },
    ],
    series: [
      {},
      ...OUTCOMES.map((outcome) => ({
        stroke: color('card'), width: 1, fill: color(`outcome-${outcome}`), points: { show: false },
      })).reverse(),
    ],
  };
}

/* At least a minute, which ends now while there is no sample yet. */
function rangeOfTime(u, least, most) {
  const end = most ?? Date.now() / 1000;
  return [Math.min(least ?? end, end - 60), end];
}

function clock(seconds) {
  const text = new Date(seconds * 1000).toTimeString();
  return text.slice(0, seconds % 60 === 0 ? 5 : 8);
}
