import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

// A checker that looked at nothing is green for ever. Each test plants one fault in a copy of the
// tree's shape and demands that the tool names it.

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const CONFIGURATION = [
  'package.json',
  'tsconfig.json',
  'biome.json',
  'eslint.config.js',
  '.dependency-cruiser.cjs',
  'src/domain',
];

let tree = '';

before(() => {
  tree = mkdtempSync(join(tmpdir(), 'portico-canary-'));
  for (const path of CONFIGURATION) {
    cpSync(join(repository, path), join(tree, path), { recursive: true });
  }
  mkdirSync(join(tree, 'device'));
  symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'));
});

after(() => rmSync(tree, { recursive: true, force: true }));

function withPlanted(files: Readonly<Record<string, string>>, check: () => void): void {
  const paths = Object.keys(files).map((path) => join(tree, path));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    check();
  } finally {
    for (const path of paths) rmSync(path, { force: true });
  }
}

interface ToolRun {
  readonly status: number;
  readonly output: string;
}

function tool(name: string, args: readonly string[]): ToolRun {
  const program = join(repository, 'node_modules', '.bin', name);
  const run = spawnSync(program, args, { cwd: tree, encoding: 'utf8' });
  return { status: run.status ?? -1, output: `${run.stdout}${run.stderr}` };
}

const cruise = (): ToolRun =>
  tool('depcruise', [
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err',
    'src',
    'device',
  ]);

function assertCaught(run: ToolRun, expected: RegExp): void {
  assert.notEqual(run.status, 0, `the tool was content:\n${run.output}`);
  assert.match(run.output, expected);
}

describe('dependency-cruiser', () => {
  const planted: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [
      'domain-imports-nothing',
      { 'src/domain/planted.ts': "import '../numeric/other.ts';\n", 'src/numeric/other.ts': '' },
    ],
    ['pure-code-does-no-io', { 'src/decision/planted.ts': "import 'node:fs';\n" }],
    [
      'stages-do-not-call-each-other',
      { 'src/face/planted.ts': "import '../embedding/other.ts';\n", 'src/embedding/other.ts': '' },
    ],
    [
      'the-relay-is-named-by-few',
      {
        'src/runtime/planted.ts':
          "import type { Relay } from '../domain/ports/relay.ts';\nexport type R = Relay;\n",
      },
    ],
    [
      'devices-and-models-only-in-composition',
      { 'src/runtime/planted.ts': "import '../../device/index.ts';\n", 'device/index.ts': '' },
    ],
    [
      'devices-know-the-domain',
      { 'device/relay/planted.ts': "import '../camera/other.ts';\n", 'device/camera/other.ts': '' },
    ],
    ['confined-onnxruntime', { 'src/face/planted.ts': "import 'onnxruntime-node';\n" }],
    ['confined-sqlite', { 'src/runtime/planted.ts': "import 'better-sqlite3';\n" }],
    ['confined-sharp', { 'src/runtime/planted.ts': "import 'sharp';\n" }],
    ['no-dev-dependency-in-product', { 'src/runtime/planted.ts': "import 'fast-check';\n" }],
    ['no-unresolvable', { 'src/runtime/planted.ts': "import './absent.ts';\n" }],
    [
      'no-circular',
      {
        'src/runtime/planted.ts': "import './other.ts';\n",
        'src/runtime/other.ts': "import './planted.ts';\n",
      },
    ],
  ];

  it('is content with the unspoilt tree, having looked at it', () => {
    const run = cruise();
    assert.equal(run.status, 0, run.output);
    const modules = Number(/\((\d+) modules/.exec(run.output)?.[1]);
    assert.ok(modules > 10, run.output);
  });

  for (const [rule, files] of planted) {
    it(`catches a violation of ${rule}`, () => {
      withPlanted(files, () => assertCaught(cruise(), new RegExp(rule)));
    });
  }
});

describe('biome', () => {
  const planted: readonly (readonly [string, string, string])[] = [
    ['a console call', 'src/runtime/planted.ts', "console.log('x');\n"],
    ['the wall clock', 'src/runtime/planted.ts', 'export const now = new Date();\n'],
    ['a bare timer', 'src/runtime/planted.ts', 'setTimeout(() => {}, 1);\n'],
    ['the environment', 'src/runtime/planted.ts', 'export const home = process.env.HOME;\n'],
    ['a default export', 'src/runtime/planted.ts', 'export default 1;\n'],
    ['a file name in another case', 'src/runtime/plantedFile.ts', 'export const a = 1;\n'],
    ['a non-null assertion', 'src/runtime/planted.ts', 'export const a = [1][0]!;\n'],
    ['unformatted code', 'src/runtime/planted.ts', 'export const a = "x"\n'],
  ];
  for (const [fault, path, text] of planted) {
    it(`catches ${fault}`, () => {
      withPlanted({ [path]: text }, () => {
        assertCaught(tool('biome', ['ci', '--vcs-enabled=false', 'src/runtime']), /planted/);
      });
    });
  }
});

describe('eslint', () => {
  const planted: readonly (readonly [string, string])[] = [
    ['no-floating-promises', 'export function f(): void {\n  Promise.resolve(1);\n}\n'],
    ['no-misused-promises', 'export const g = [1].filter(async () => true);\n'],
    [
      'switch-exhaustiveness-check',
      "export function h(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      break;\n  }\n}\n",
    ],
    ['strict-boolean-expressions', 'export const k = (n: number) => (n ? 1 : 2);\n'],
    ['only-throw-error', "export function m(): never {\n  throw 'text';\n}\n"],
  ];
  for (const [rule, text] of planted) {
    it(`catches a violation of ${rule}`, () => {
      withPlanted({ 'src/runtime/planted.ts': text }, () => {
        assertCaught(tool('eslint', ['src/runtime']), new RegExp(rule));
      });
    });
  }
});

describe('tsc', () => {
  const planted: readonly (readonly [string, string, RegExp])[] = [
    ['an unchecked index', 'export const a: number = [1][0];\n', /TS2322/],
    ['an implicit any', 'export const f = (x) => x;\n', /TS7006/],
    ['an enum', 'export enum E {\n  a,\n}\n', /TS1294/],
    ['an unused local', 'const unused = 1;\nexport const a = 2;\n', /TS6133/],
  ];
  for (const [fault, text, expected] of planted) {
    it(`catches ${fault}`, () => {
      withPlanted({ 'src/runtime/planted.ts': text }, () => {
        assertCaught(
          tool('tsc', ['-p', 'tsconfig.json', '--noEmit', '--incremental', 'false']),
          expected,
        );
      });
    });
  }
});
