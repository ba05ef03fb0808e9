import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { ConsoleAdmission } from '../../../src/console/admission.ts';

const OWN = { host: '127.0.0.1:8790' };

function asked(method: string, url: string, headers: Record<string, string>): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { method, url, headers });
}

/** A console whose link was used, and the headers of the browser that used it. */
function opened() {
  const admission = new ConsoleAdmission(8790);
  const link = `/${admission.invitation}`;
  const first = admission.check(asked('GET', link, OWN));
  const cookie = admission.cookie.split(';')[0]!;
  return { admission, link, first, browser: { ...OWN, cookie } };
}

describe('the admission to the console', () => {
  it('lets one browser in by the link, once', () => {
    const { admission, link, first, browser } = opened();
    assert.equal(first, 'invited');
    assert.equal(admission.check(asked('GET', link, OWN)), 'unknown');
    assert.equal(admission.invitation, '');
    assert.equal(admission.check(asked('GET', '/api/people', browser)), 'admitted');
  });

  it('knows nobody without the session', () => {
    const { admission } = opened();
    assert.equal(admission.check(asked('GET', '/api/people', OWN)), 'unknown');
    const forged = { ...OWN, cookie: 'portico-console-8790=guess' };
    assert.equal(admission.check(asked('GET', '/', forged)), 'unknown');
  });

  it('takes changes from its own page only', () => {
    const { admission, browser } = opened();
    const own = { ...browser, origin: 'http://127.0.0.1:8790', 'x-portico-console': '1' };
    assert.equal(admission.check(asked('POST', '/api/orders', own)), 'admitted');
    for (const change of [
      { origin: 'http://127.0.0.1:9999' },
      { origin: 'null' },
      { 'x-portico-console': '' },
    ]) {
      const foreign = { ...own, ...change };
      assert.equal(admission.check(asked('POST', '/api/orders', foreign)), 'cross-site');
    }
    assert.equal(admission.check(asked('DELETE', '/api/people/a', browser)), 'cross-site');
  });

  it('answers to no other name of this machine', () => {
    const { admission, browser } = opened();
    const rebound = { ...browser, host: 'console.example:8790' };
    assert.equal(admission.check(asked('GET', '/', rebound)), 'misdirected');
  });
});
