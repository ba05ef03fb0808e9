import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moduleLiteral } from '../../../models/prepare/nsfwjs/module-literal.ts';

/** A literal in the wrapper that bundlers write. */
const bundled = (literal: string) =>
  `!function(a){module.exports=a()}(function(){return {1:[function(r,m,e){var c=i[o]={exports:{}};m.exports=${literal}},{}]}});`;

describe('moduleLiteral', () => {
  it('reads what minifiers make of a literal', () => {
    const literal = '{name:"a\\"b",list:[-.5,1e-3,2,null],"quoted-key":!0,no:!1,nested:{x:[]}}';
    assert.deepEqual(moduleLiteral(bundled(literal), 'module'), {
      name: 'a"b',
      list: [-0.5, 0.001, 2, null],
      'quoted-key': true,
      no: false,
      nested: { x: [] },
    });
  });

  it('reads a text alone, however long', () => {
    const text = 'QUJD'.repeat(500_000);
    assert.equal(moduleLiteral(bundled(`"${text}"`), 'module'), text);
  });

  it('refuses code, and a module that exports nothing', () => {
    for (const literal of ['{a:require("fs")}', '{a:1+1}', '{a:[1,']) {
      assert.throws(() => moduleLiteral(bundled(literal), 'weights.js'), {
        code: 'PORTICO_MODEL_CONVERT',
      });
    }
    assert.throws(() => moduleLiteral('let x = 1;', 'weights.js'), /weights\.js/);
  });
});
