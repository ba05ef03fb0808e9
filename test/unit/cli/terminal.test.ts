import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { Terminal } from '../../../src/cli/terminal.ts';
import { ConfigError } from '../../../src/domain/errors.ts';

function recorded(json: boolean, interactive = false) {
  const out = new PassThrough();
  const err = new PassThrough();
  const terminal = new Terminal({ out, err, json, colour: false, interactive });
  return { terminal, out: () => String(out.read() ?? ''), err: () => String(err.read() ?? '') };
}

const fault = new ConfigError('PORTICO_CONFIG_INVALID', { message: 'm', remedy: 'do it' });

describe('Terminal', () => {
  it('keeps standard output pure JSON when asked for JSON', () => {
    const { terminal, out } = recorded(true);
    terminal.say('for people');
    terminal.result({ ok: true });
    assert.deepEqual(JSON.parse(out()), { ok: true });
  });

  it('says what happened, what to do and the code, without a stack', () => {
    const { terminal, err } = recorded(false);
    terminal.fault(fault);
    const text = err();
    assert.match(text, /✖ m\n {2}→ do it\n {2}PORTICO_CONFIG_INVALID/);
    assert.doesNotMatch(text, /at /);
  });

  it('reports a fault as JSON too', () => {
    const { terminal, out } = recorded(true);
    terminal.fault(fault);
    assert.equal(JSON.parse(out()).error.code, 'PORTICO_CONFIG_INVALID');
  });

  it('draws no bar where nobody watches', () => {
    const { terminal, err } = recorded(false);
    terminal.bar('models', 0.5);
    assert.equal(err(), '');
  });

  it('erases the bar before a remark', () => {
    const { terminal, err } = recorded(false, true);
    terminal.bar('models', 0.5);
    terminal.note('said');
    const text = err();
    assert.ok(text.includes('50 %'));
    assert.ok(text.endsWith('\r\u001b[2Ksaid\n'));
  });
});
