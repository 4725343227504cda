// Pure functions from what the API answers to what the page shows.

/** All outcomes, in the order in which they are stacked, from the bottom. */
export const OUTCOMES = [
  'KEPT', 'NEW', 'UNBOUND', 'MOVED', 'LENT', 'HASHED', 'REFUSED', 'NO_BACKEND',
];

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION_RULE = 'a whole number of up to 12 digits and ms, s, m, h or d';

/** The milliseconds of a duration as in the file, such as `20m`. NaN for any other text. */
export function millisOf(duration) {
  const match = /^(\d{1,12})(ms|s|m|h|d)$/.exec(duration ?? '');
  return match === null ? NaN : Number(match[1]) * UNITS[match[2]];
}

/** The text of a field in minutes for a duration: `20` for `20m`, but `90s` for `90s`. */
export function fieldOf(duration) {
  const minutes = millisOf(duration) / UNITS.m;
  return Number.isInteger(minutes) ? String(minutes) : duration;
}

/** The duration of a field in minutes, which may also have a unit; null for any other text. */
export function durationOf(field) {
  const text = field.trim();
  if (/^\d{1,12}$/.test(text)) {
    return `${text}m`;
  }
  return Number.isNaN(millisOf(text)) ? null : text;
}

/** The message for a field that is no duration, as the API words it; null if it is one. */
export function durationFault(name, field) {
  if (durationOf(field) !== null) {
    return null;
  }
  return `${name}: ${field.trim() || 'absent'} (expected: ${DURATION_RULE})`;
}

/** The message for a field that is no whole number from least to most, as the API words it. */
export function numberFault(name, field, least, most) {
  const text = field.trim();
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least && number <= most) {
    return null;
  }
  const whole = text === '' || /^-?\d+$/.test(text) ? '' : ', a whole number';
  return `${name}: ${text || 'absent'} (expected: ${least}..${most}${whole})`;
}

/** The range of a type in minutes, as `1–60`. */
export function rangeText(choice) {
  const [least, most] = [choice.least, choice.most].map((limit) => {
    const minutes = millisOf(limit) / UNITS.m;
    return Number.isInteger(minutes) ? count(minutes) : limit;
  });
  return `${least}–${most}`;
}

const NUMBER = new Intl.NumberFormat('en');

/** A count with thousands separated, or `not counted`. */
export function count(number) {
  return number === null || number === undefined ? 'not counted' : NUMBER.format(number);
}

/** A count with its noun, as `1 session` or `12,431 sessions`. */
export function counted(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A rate as `0`, `0.4`, `12` or `1,204`. */
export function rateText(rate) {
  return rate > 0 && rate < 9.95 ? rate.toFixed(1) : NUMBER.format(Math.round(rate));
}

/** A share of 0..1 as `61 %`, or `–` for null. */
export function percent(share) {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}

/** The time of day of an instant in milliseconds, as `14:05:07`. */
export function timeOf(millis) {
  return new Date(millis).toTimeString().slice(0, 8);
}

/** A time that is left, as `9 min 30 s`; empty once it has passed. */
export function leftText(millis) {
  if (millis <= 0) {
    return '';
  }
  const seconds = Math.ceil(millis / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) {
    return `${hours} h ${minutes} min`;
  }
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** The shares of numbers in their sum; all null if the sum is 0 or a number is null. */
export function shares(numbers) {
  const sum = numbers.reduce((total, number) => total + (number ?? NaN), 0);
  return numbers.map((number) => (sum > 0 ? number / sum : null));
}

/** The weights of the backends that take new sessions: those up in the first tier with any. */
export function effectiveWeights(backends) {
  const takes = (backend) => backend.state === 'up' && backend.weight > 0;
  const tier = Math.min(...backends.filter(takes).map((backend) => backend.tier ?? 0));
  return backends.map((b) => (takes(b) && (b.tier ?? 0) === tier ? b.weight : 0));
}

/** Adds a sample to those of the last five minutes; starts over if the counts went back. */
export function withSample(samples, sample, millis = 300_000) {
  const last = samples.at(-1);
  if (last !== undefined && (sample.at < last.at || total(sample) < total(last))) {
    return [sample];
  }
  const recent = samples.filter((each) => each.at >= sample.at - millis && each.at < sample.at);
  return [...recent, sample];
}

function total(sample) {
  return sample.listeners.reduce((sum, listener) => sum + requestsOf(listener), 0);
}

/** All requests of a listener's figures. */
export function requestsOf(listener) {
  return Object.values(listener.requests).reduce((sum, number) => sum + number, 0);
}

/** What the samples span, for a heading: they begin when the page is opened. */
export function spanText(samples) {
  const span = samples.length === 0 ? 0 : samples.at(-1).at - samples[0].at;
  return span < 295_000 ? 'Since you opened this page' : 'Last 5 min';
}

/** The sample that is `millis` older than the last one, or the oldest. */
export function earlier(samples, millis) {
  const last = samples.at(-1);
  return samples.find((sample) => sample.at >= last.at - millis);
}

/** How much a count grew within the last `millis`. A count that was absent began at 0. */
export function growth(samples, read, millis) {
  if (samples.length === 0) {
    return 0;
  }
  return Math.max(0, (read(samples.at(-1)) ?? 0) - (read(earlier(samples, millis)) ?? 0));
}

/** The rate a second of a count within the last `millis`. */
export function rate(samples, read, millis = 5_000) {
  const seconds = samples.length > 1 ? (samples.at(-1).at - earlier(samples, millis).at) / 1000 : 0;
  return seconds > 0 ? growth(samples, read, millis) / seconds : 0;
}

/** Reads the figures of a listener. */
export function listenerIn(sample, name) {
  return sample?.listeners.find((listener) => listener.name === name);
}

/** Reads the figures of a backend. */
export function backendIn(sample, pool, id) {
  const figures = sample?.pools.find((each) => each.name === pool);
  return figures?.backends.find((backend) => backend.id === id);
}

/** The count of an outcome over listeners. */
export function outcomeIn(sample, listeners, outcome) {
  return listeners.reduce(
    (sum, name) => sum + (listenerIn(sample, name)?.requests[outcome] ?? 0), 0);
}

/**
 * The columns of the chart: times in seconds, then the rates of outcomes, each stacked upon those
 * before it. A gap of more than five seconds is left open.
 */
export function stacked(samples, listeners) {
  const times = [];
  const columns = OUTCOMES.map(() => []);
  const counts = samples.map((sample) =>
    OUTCOMES.map((outcome) => outcomeIn(sample, listeners, outcome)));
  let begin = 0;
  for (let i = 1; i < samples.length; i++) {
    const gap = samples[i].at - samples[i - 1].at > 5_000;
    begin = gap ? i : Math.max(begin, i - 3);
    const from = Math.min(begin, i - 1);
    const seconds = (samples[i].at - samples[from].at) / 1000;
    let height = 0;
    times.push(samples[i].at / 1000);
    columns.forEach((column, k) => {
      height += Math.max(0, counts[i][k] - counts[from][k]) / seconds;
      column.push(gap ? null : height);
    });
  }
  return [times, ...columns];
}

/** The reasons of listeners with their counts in all and within `millis`, most frequent first. */
export function reasonsOf(samples, listeners, millis) {
  const key = ({ outcome, reason }) => `${outcome} ${reason}`;
  const sum = (sample) => {
    const counts = new Map();
    listeners.flatMap((name) => listenerIn(sample, name)?.reasons ?? []).forEach((each) => {
      counts.set(key(each), (counts.get(key(each)) ?? 0) + each.count);
    });
    return counts;
  };
  if (samples.length === 0) {
    return [];
  }
  const [now, before] = [sum(samples.at(-1)), sum(earlier(samples, millis))];
  return [...now].map(([name, number]) => {
    const [outcome, reason] = name.split(' ');
    return { outcome, reason, count: number, recent: number - (before.get(name) ?? 0) };
  }).sort((a, b) => b.recent - a.recent || b.count - a.count);
}

/** The share of KEPT in the requests of known sessions within `millis`; null if there were none. */
export function keptShare(samples, listeners, millis) {
  const grown = (outcome) => growth(samples, (s) => outcomeIn(s, listeners, outcome), millis);
  const kept = grown('KEPT');
  const others = ['MOVED', 'LENT', 'HASHED', 'REFUSED', 'NO_BACKEND'].map(grown);
  const all = others.reduce((sum, number) => sum + number, kept);
  return all === 0 ? null : kept / all;
}

const ALGORITHMS = {
  'weighted-round-robin': 'Weighted round robin',
  'weighted-least-connections': 'Weighted least connections',
  'source-ip-hash': 'Source IP hash',
};

/** The name of an algorithm for people. */
export function algorithmText(algorithm) {
  return ALGORITHMS[algorithm] ?? algorithm;
}

/** The words of the console, which are those of the product: groups, or with classic, listeners. */
export function wordsOf(state) {
  return state.profile === 'classic'
    ? { one: 'Listener', many: 'Listeners', dialog: 'Modify Listener' }
    : {
      one: 'Backend server group',
      many: 'Backend server groups',
      dialog: 'Modify Backend Server Group',
    };
}

/** What the form of the edit dialog shows at first, perhaps with another type. */
export function formOf(owner, preset) {
  const settings = owner.stickySession;
  const allowed = owner.choices.types.find((choice) => choice.refusal === null);
  const type = preset?.type ?? settings?.type ?? allowed?.type ?? owner.choices.types[0].type;
  const choice = owner.choices.types.find((each) => each.type === type);
  return {
    on: preset === undefined ? settings !== null : preset.type !== null,
    type: type ?? settings?.type,
    duration: fieldOf(settings?.duration ?? choice?.standard ?? '20m'),
    mode: settings?.mode ?? 'sliding',
    cookieName: settings?.type === 'app-cookie' ? settings.cookieName : '',
  };
}

/** The settings that a form means, for the API; null if stickiness is off. */
export function settingsOf(form, owner) {
  if (!form.on) {
    return null;
  }
  const kept = form.type === owner.stickySession?.type ? present(owner.stickySession) : {};
  const product = owner.choices.types.some((choice) => choice.type === form.type);
  const settings = { ...kept, type: form.type };
  if (product || 'duration' in kept) {
    settings.duration = form.duration === fieldOf(kept.duration)
      ? kept.duration : durationOf(form.duration);
  }
  if (product || 'mode' in kept) {
    settings.mode = form.mode;
  }
  if (settings.mode === 'absolute') {
    delete settings.maxDuration;
  }
  if (form.type === 'app-cookie' && form.cookieName.trim() !== '') {
    settings.cookieName = form.cookieName.trim();
  } else if (form.type === 'app-cookie') {
    delete settings.cookieName;
  }
  return settings;
}

function present(settings) {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}

/** The sentence of a preview. */
export function previewText({ stay, reinterpreted, end }) {
  const verb = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;
  return [
    verb(stay, 'stays', 'stay'),
    verb(reinterpreted, 'expires at another time', 'expire at another time'),
    verb(end, 'ends', 'end'),
  ].join(', ');
}
