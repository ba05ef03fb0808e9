import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { curvePicture } from '../../../src/art/curve-picture.ts';

describe('curvePicture', () => {
  const fall = [100, 10, 1].map((cost, step) => ({ step, cost }));

  it('draws a cost that falls by equal factors as a straight line down', () => {
    const svg = curvePicture('J', [{ name: 'wave', points: fall }]);
    assert.match(svg, /points="48\.0,16\.0 284\.0,152\.0 520\.0,288\.0"/);
  });

  it('names what it shows, whatever the name is', () => {
    const svg = curvePicture('J & more', [{ name: '<b>', points: fall }]);
    assert.match(svg, /<title>J &amp; more<\/title>/);
    assert.match(svg, /&lt;b&gt;<\/text>/);
    assert.doesNotMatch(svg, /NaN|Infinity/);
  });

  it('draws one point too', () => {
    const svg = curvePicture('J', [{ name: 'one', points: [{ step: 50, cost: 2 }] }]);
    assert.doesNotMatch(svg, /NaN|Infinity/);
  });
});
