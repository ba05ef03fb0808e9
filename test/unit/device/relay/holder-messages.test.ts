import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatCommand,
  formatReport,
  type HolderReport,
  parseCommand,
  parseReport,
} from '../../../../device/relay/holder/holder-messages.ts';
import { LineSplitter } from '../../../../device/relay/holder/line-splitter.ts';

describe('the holder protocol', () => {
  it('reads back every command it writes', () => {
    for (const command of [
      { kind: 'pulse', id: 7, durationMs: 3_000 },
      { kind: 'release', id: 999_999_999 },
    ] as const) {
      assert.deepEqual(parseCommand(formatCommand(command).slice(0, -1)), command);
    }
  });

  const REPORTS: readonly HolderReport[] = [
    { kind: 'ready' },
    { kind: 'state', state: 'unknown' },
    { kind: 'done', id: 1 },
    { kind: 'refused', id: 2, detail: 'a pulse still lasts' },
    { kind: 'failed', id: 3, detail: 'gpioset failed' },
    { kind: 'fault', transient: false, detail: 'chip not found', remedy: 'Plug it in.' },
  ];
  for (const report of REPORTS) {
    it(`reads back the report ${report.kind}`, () => {
      assert.deepEqual(parseReport(formatReport(report).slice(0, -1)), report);
    });
  }

  it('keeps a report on one line, whatever a program complained', () => {
    const text = formatReport({ kind: 'failed', id: 1, detail: 'first\nsecond\n' });
    assert.equal(text.indexOf('\n'), text.length - 1);
  });

  it('takes no part of a command for a command with another meaning', () => {
    const whole = 'pulse 12 3000';
    for (let length = 0; length < whole.length; length += 1) {
      const heard: string[] = [];
      new LineSplitter((line) => heard.push(line)).push(whole.slice(0, length));
      assert.deepEqual(heard, []);
    }
  });
});

describe('LineSplitter', () => {
  it('gives the same lines however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z ]{0,12}$/), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }),
        (lines, cuts) => {
          const text = lines.map((line) => `${line}\n`).join('');
          const heard: string[] = [];
          const splitter = new LineSplitter((line) => heard.push(line));
          let at = 0;
          for (const cut of cuts) {
            splitter.push(text.slice(at, at + cut));
            at += cut;
          }
          splitter.push(text.slice(at));
          assert.deepEqual(heard, lines);
        },
      ),
    );
  });

  it('drops a line that is too long, whole, and goes on', () => {
    const heard: string[] = [];
    const splitter = new LineSplitter((line) => heard.push(line), 10);
    splitter.push('x'.repeat(25));
    splitter.push('pulse 1 5\nok\n');
    assert.deepEqual(heard, ['ok']);
  });
});
