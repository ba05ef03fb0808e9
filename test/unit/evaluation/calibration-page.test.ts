import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calibrationOf } from '../../../src/evaluation/calibration-of.ts';
import { calibrationPage } from '../../../src/evaluation/report/calibration-page.ts';
import { svgPlot } from '../../../src/evaluation/report/svg-plot.ts';
import {
  livenessFusionPath,
  readLivenessFusion,
} from '../../../src/inference/liveness-fusion-file.ts';
import { normalDraw, seededRandom } from '../../../src/numeric/random.ts';
import { modelsDir } from '../../helpers/prepared-vision.ts';

const random = seededRandom(1);
const samples = Array.from({ length: 60 }, (_, person) => {
  const centre = Array.from({ length: 16 }, () => normalDraw(random));
  return Array.from({ length: 5 }, () => {
    const values = centre.map((value) => value + 0.4 * normalDraw(random));
    const norm = Math.hypot(...values);
    return { person: `p${person}`, embedding: Float32Array.from(values, (value) => value / norm) };
  });
}).flat();

const page = calibrationPage({
  results: [
    calibrationOf(
      { samples },
      {
        encoderId: 'made-up',
        dataName: 'people <of> "nobody"',
        date: '2026-11-25',
        remarks: ['A remark & its sign.'],
        pictures: samples.length,
        leftOut: 0,
      },
    ),
  ],
  targetFpir: 1e-4,
  liveness: readLivenessFusion(livenessFusionPath(modelsDir)),
});

describe('calibrationPage', () => {
  it('needs nothing but itself', () => {
    assert.doesNotMatch(page, /https?:|<script|<link|url\(http/);
  });

  it('draws every curve, without a number that is none', () => {
    const titles = [
      'Detection error trade-off',
      'Similarities',
      'Reliability',
      'Threshold by the number of templates',
      'Attacks taken for people',
    ];
    for (const title of titles) assert.ok(page.includes(`aria-label="${title}"`), title);
    assert.doesNotMatch(page, /NaN|Infinity|undefined/);
  });

  it('marks what is extrapolated, and keeps signs of the data from becoming markup', () => {
    assert.match(page, /class="mark">extrapolated/);
    assert.match(page, /people &lt;of> &quot;nobody&quot;/);
    assert.match(page, /A remark &amp; its sign\./);
  });
});

describe('svgPlot', () => {
  it('puts logarithmic values at even distances', () => {
    const axis = { title: 't', low: 0.01, high: 1, isLogarithmic: true, ticks: [], format: String };
    const svg = svgPlot({
      title: 'p',
      x: axis,
      y: { ...axis, isLogarithmic: false, low: 0 },
      layers: [
        {
          kind: 'line',
          series: 1,
          points: [
            [0.01, 0],
            [0.1, 0.5],
            [1, 1],
          ],
        },
      ],
      legend: [],
    });
    assert.match(svg, /M64\.0 300\.0L302\.0 158\.0L540\.0 16\.0/);
  });
});
