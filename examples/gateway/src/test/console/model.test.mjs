// Run by hand: node --experimental-default-type=module --test examples/gateway/src/test/console/
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  durationFault, durationOf, effectiveWeights, fieldOf, formOf, growth, keptShare, numberFault,
  OUTCOMES, previewText, rangeText, rate, reasonsOf, settingsOf, shares, stacked, withSample,
} from '../../main/resources/console/model.js';

const RULE = 'a whole number of up to 12 digits and ms, s, m, h or d';

function sample(at, requests, reasons = []) {
  return { at, listeners: [{ name: 'web', requests, reasons }], pools: [], owners: [], drains: [] };
}

const OWNER = {
  stickySession: {
    type: 'lb-cookie', duration: '2h', mode: 'sliding', maxDuration: '8h', cookieName: null,
    path: '/shop',
  },
  choices: {
    refusal: null,
    types: [
      { type: 'source-ip', refusal: 'HTTP', standard: '20m' },
      { type: 'lb-cookie', refusal: null, standard: '20m' },
      { type: 'app-cookie', refusal: null, standard: '20m' },
    ],
  },
};

test('a field shows minutes, and other units as they are', () => {
  assert.deepEqual(['20m', '2h', '1d', '90s', '60000ms'].map(fieldOf), ['20', '120', '1440', '90s', '1']);
});

test('a field means minutes unless it has a unit', () => {
  assert.deepEqual([' 20 ', '0', '61', '90s'].map(durationOf), ['20m', '0m', '61m', '90s']);
});

test('texts that are no duration get the message of the API', () => {
  for (const text of ['1.5', '-1', 'abc', '1e3', '20 m']) {
    assert.equal(durationFault('duration', text), `duration: ${text} (expected: ${RULE})`);
  }
  assert.equal(durationFault('duration', ' '), `duration: absent (expected: ${RULE})`);
  assert.equal(durationFault('duration', '61'), null);
});

test('a number out of its range is a fault', () => {
  assert.equal(numberFault('weight', '256', 0, 256), null);
  assert.equal(numberFault('weight', '257', 0, 256), 'weight: 257 (expected: 0..256)');
  assert.equal(numberFault('weight', '', 0, 256), 'weight: absent (expected: 0..256)');
});

test('the settings of the same type keep the other keys of the file', () => {
  const form = { ...formOf(OWNER), duration: '30' };
  assert.deepEqual(settingsOf(form, OWNER), {
    type: 'lb-cookie', duration: '30m', mode: 'sliding', maxDuration: '8h', path: '/shop',
  });
});

test('an unchanged duration keeps its unit', () => {
  assert.equal(settingsOf(formOf(OWNER), OWNER).duration, '2h');
});

test('another type starts over but keeps the duration', () => {
  const form = { ...formOf(OWNER, { type: 'app-cookie' }), cookieName: ' SID ' };
  assert.deepEqual(settingsOf(form, OWNER), {
    type: 'app-cookie', duration: '120m', mode: 'sliding', cookieName: 'SID',
  });
});

test('absolute sessions have no maximum, and off is null', () => {
  assert.equal('maxDuration' in settingsOf({ ...formOf(OWNER), mode: 'absolute' }, OWNER), false);
  assert.equal(settingsOf(formOf(OWNER, { type: null }), OWNER), null);
});

test('a range is in minutes where it can be', () => {
  assert.equal(rangeText({ least: '1m', most: '1440m' }), '1–1,440');
  assert.equal(rangeText({ least: '1ms', most: '365d' }), '1ms–525,600');
});

test('rates and growth come from cumulative counts', () => {
  const samples = [sample(0, { KEPT: 100 }), sample(1000, { KEPT: 110 }), sample(2000, { KEPT: 130 })];
  const read = (each) => each.listeners[0].requests.KEPT;
  assert.equal(rate(samples, read), 15);
  assert.equal(growth(samples, read, 1000), 20);
  assert.equal(rate([], read), 0);
});

test('counts that go back start over, and old samples leave', () => {
  const before = [sample(0, { KEPT: 100 }), sample(299_000, { KEPT: 110 })];
  assert.equal(withSample(before, sample(301_000, { KEPT: 111 })).length, 2);
  assert.equal(withSample(before, sample(301_000, { KEPT: 3 })).length, 1);
});

test('the chart stacks rates and leaves gaps open', () => {
  const [times, kept, created] = stacked([
    sample(0, { KEPT: 0, NEW: 0 }), sample(1000, { KEPT: 4, NEW: 1 }),
    sample(61_000, { KEPT: 5, NEW: 1 }), sample(62_000, { KEPT: 8, NEW: 2 }),
  ], ['web']);
  assert.equal(OUTCOMES[0], 'KEPT');
  assert.deepEqual(times, [1, 61, 62]);
  assert.deepEqual(kept, [4, null, 3]);
  assert.deepEqual(created, [5, null, 4]);
});

test('shares need a sum and a count of everyone', () => {
  assert.deepEqual(shares([1, 3]), [0.25, 0.75]);
  assert.deepEqual(shares([0, 0]), [null, null]);
  assert.deepEqual(shares([1, null]), [null, null]);
});

test('only backends of the first tier that take new sessions share the weight', () => {
  const up = { state: 'up', tier: 0 };
  assert.deepEqual(effectiveWeights([
    { ...up, weight: 5 }, { ...up, weight: 3, state: 'draining' }, { ...up, weight: 2, tier: 1 },
  ]), [5, 0, 0]);
});

test('reasons are counted in all and recently', () => {
  const reason = (count) => [{ outcome: 'NEW', reason: 'NO_KEY', count }];
  assert.deepEqual(
    reasonsOf([sample(0, {}, reason(2)), sample(1000, {}, reason(5))], ['web'], 5000),
    [{ outcome: 'NEW', reason: 'NO_KEY', count: 5, recent: 3 }]);
});

test('kept is a share of the requests of known sessions', () => {
  const samples = [sample(0, {}), sample(1000, { KEPT: 3, NEW: 50, MOVED: 1 })];
  assert.equal(keptShare(samples, ['web'], 5000), 0.75);
  assert.equal(keptShare([sample(0, {})], ['web'], 5000), null);
});

test('a preview is a sentence', () => {
  assert.equal(previewText({ stay: 12431, reinterpreted: 1, end: 0 }),
    '12,431 stay, 1 expires at another time, 0 end');
});
