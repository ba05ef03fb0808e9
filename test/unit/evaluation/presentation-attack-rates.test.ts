import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import {
  type JudgedPresentation,
  presentationAttackRates,
} from '../../../src/evaluation/presentation-attack-rates.ts';

const many = (kind: string, trials: number, judgedBonaFide: number): JudgedPresentation[] =>
  Array.from({ length: trials }, (_, index) => ({ kind, judgedBonaFide: index < judgedBonaFide }));

describe('presentationAttackRates', () => {
  const rates = presentationAttackRates([
    ...many('bona-fide', 100, 97),
    ...many('print', 50, 5),
    ...many('phone', 200, 2),
  ]);
  const { print, phone } = rates.apcer;

  it('counts errors per species and of the bona fide', () => {
    assert.equal(rates.bpcer.rate, 0.03);
    assert.equal(print?.rate, 0.1);
    assert.equal(phone?.rate, 0.01);
  });

  it('names the worst species and lists it first', () => {
    assert.equal(rates.worstSpecies, 'print');
    assert.deepEqual(Object.keys(rates.apcer), ['print', 'phone']);
  });

  it('gives each rate its exact interval', () => {
    const [low, high] = print?.interval ?? [0, 0];
    assert.ok(Math.abs(low - 0.0333) < 5e-4 && Math.abs(high - 0.2181) < 5e-4, `${low} ${high}`);
  });

  it('refuses data with one kind only', () => {
    assert.throws(() => presentationAttackRates(many('bona-fide', 3, 3)), PorticoError);
    assert.throws(() => presentationAttackRates(many('print', 3, 3)), PorticoError);
  });
});
