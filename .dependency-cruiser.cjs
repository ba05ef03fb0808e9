// The dependency table: one row per folder, and what may cross each border.
// `only(from, allowed)`: files of that folder may import nothing else of the repository.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|device|models|scripts|test)/', pathNot: allowed },
});
// `confined(package, homes)`: nobody else may import that package.
const confined = (name, packages, homes) => ({
  name: `confined-${name}`,
  severity: 'error',
  from: { path: '^(src|device|models)/', pathNot: homes },
  to: { path: packages },
});

const DOMAIN = '^src/domain/(?!ports/relay\\.ts)';
const RELAY_PORT = '^src/domain/ports/relay\\.ts$';

module.exports = {
  forbidden: [
    only('domain-imports-nothing', '^src/domain/', ['^src/domain/'], 'the vocabulary stands alone'),
    only('numeric', '^src/numeric/', ['^src/numeric/', DOMAIN], 'pure arithmetic'),
    only(
      'synthesis',
      '^src/synthesis/',
      ['^src/synthesis/', '^src/numeric/', DOMAIN],
      'clips for tests and measurements: pure, and no part of the door',
    ),
    only('graph', '^src/graph/', ['^src/graph/', '^src/numeric/', DOMAIN], 'ONNX graphs as data'),
    only(
      'gradient',
      '^src/gradient/',
      ['^src/(gradient|graph|numeric)/', DOMAIN],
      'derivatives as graphs; whoever checks them hands in what runs them',
    ),
    only('art', '^src/art/', ['^src/(art|gradient|graph|inference|numeric)/', DOMAIN]),
    only(
      'idle',
      '^src/idle/',
      ['^src/(idle|art|inference|graph|numeric)/', DOMAIN],
      'the art process and its link: holds no key and cannot name the relay',
    ),
    only(
      'the-gate-does-not-paint',
      '^src/idle/(gate|link)/',
      ['^src/idle/(gate|link)/', DOMAIN],
      'what runs in the gate knows no engine and no net of the painters',
    ),
    only('inference', '^src/inference/', [
      '^src/inference/',
      '^src/disk/',
      '^src/graph/',
      '^src/numeric/',
      DOMAIN,
    ]),
    only(
      'stages-do-not-call-each-other',
      '^src/(frame|face|liveness|embedding)/',
      ['^src/$1/', '^src/inference/', '^src/numeric/', DOMAIN],
      'the order of the stages is readable in src/vision alone',
    ),
    only('vision', '^src/vision/', [
      '^src/(vision|frame|face|liveness|embedding|inference|numeric)/',
      DOMAIN,
    ]),
    only(
      'decision',
      '^src/decision/',
      ['^src/decision/', '^src/numeric/', DOMAIN],
      'pure: plain values, and arithmetic on the probes of a track',
    ),
    only('disk', '^src/disk/', ['^src/disk/'], 'files that a power cut leaves whole'),
    only('gallery', '^src/gallery/', ['^src/gallery/', '^src/disk/', '^src/numeric/', DOMAIN]),
    only(
      'leaf-services',
      '^src/(config|logging|health)/',
      ['^src/$1/', DOMAIN],
      'each knows the domain and itself',
    ),
    only(
      'qr',
      '^src/qr/',
      ['^src/(qr|numeric)/', DOMAIN],
      'codes as modules and pictures, whatever they say',
    ),
    only('web', '^src/web/', ['^src/web/'], 'what both pages need to be served safely'),
    only('kiosk', '^src/kiosk/', ['^src/kiosk/', '^src/web/', DOMAIN]),
    only('roster', '^src/roster/', ['^src/roster/', DOMAIN], 'the rules of a site, as data'),
    only(
      'messaging',
      '^src/messaging/',
      ['^src/messaging/', '^src/roster/', DOMAIN],
      'the store and the door are handed in as ports',
    ),
    only(
      'console',
      '^src/console/',
      ['^src/(console|web|office|messaging|roster|gallery)/', DOMAIN],
      'the reader of photographs is handed in: it needs the models',
    ),
    only(
      'office',
      '^src/office/',
      ['^src/(office|disk|messaging|roster|gallery)/', DOMAIN],
      "the administrator's side of a site: a folder with keys, book and archive, and who is in it",
    ),
    only(
      'home-assistant',
      '^src/home-assistant/',
      ['^src/(home-assistant|messaging/broker)/', DOMAIN],
      'sees the gate through its own port, and of the site nothing but the connection',
    ),
    only('support', '^src/support/', ['^src/support/'], 'what may leave the machine, and how'),
    only('access', '^src/access/', ['^src/access/', '^src/domain/'], 'the only user of the relay'),
    only('evaluation', '^src/evaluation/(?!site/)', [
      '^src/(evaluation|vision|face|liveness|embedding|gallery|decision|inference|numeric|frame|synthesis|disk)/',
      DOMAIN,
    ]),
    only(
      'evaluation-of-a-site',
      '^src/evaluation/site/',
      ['^src/(evaluation|office|messaging|roster|gallery|numeric)/', DOMAIN],
      'measures link, store and desk together, as an operator would run them',
    ),
    only(
      'training',
      '^src/training/',
      ['^src/(training|evaluation|gradient|graph|numeric)/', DOMAIN],
      'what moves weights; engine and pictures are handed in',
    ),
    only('runtime', '^src/runtime/', [
      '^src/(?!main|cli|composition|evaluation|synthesis|training)',
      DOMAIN,
    ]),
    only(
      'cli',
      '^src/cli/',
      ['^src/(?!main|composition)'],
      'devices and model preparation are handed in by the composition root',
    ),
    only(
      'devices-know-the-domain',
      '^device/(camera|relay|input|clock|chance|gpio|watchdog|machine)/(?!holder/[a-z-]+-holder\\.ts$)',
      ['^device/$1/', '^src/domain/', '^device/gpio/'],
      'no driver knows another kind of driver; the libgpiod programs are shared by relay and input',
    ),
    only(
      'holders-are-entry-points',
      '^device/relay/holder/[a-z-]+-holder\\.ts$',
      ['^device/(relay|gpio|clock)/', '^src/domain/'],
      'a process of its own takes the system clock itself',
    ),
    only('device-index', '^device/index\\.ts$', ['^device/', '^src/domain/']),
    only('models-prepare', '^models/', ['^models/', '^src/(graph|inference|numeric|domain)/']),
    {
      name: 'device-only-through-its-index',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^device/', pathNot: '^device/index\\.ts$' },
    },
    {
      name: 'devices-and-models-only-in-composition',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|composition/)' },
      to: { path: '^(device|models)/' },
    },
    {
      name: 'the-relay-is-named-by-few',
      comment: 'the security boundary: every way to open the door is in this list',
      severity: 'error',
      from: {
        path: '^(src|device|models|scripts)/',
        pathNot: ['^src/access/', '^src/composition/', '^device/relay/', '^device/index\\.ts$'],
      },
      to: { path: RELAY_PORT },
    },
    confined('onnxruntime', 'node_modules/onnxruntime-', '^src/inference/'),
    confined('onnx-proto', 'node_modules/onnx-proto', '^src/graph/'),
    confined('mqtt', 'node_modules/mqtt', '^src/messaging/'),
    confined('jose', 'node_modules/jose', '^src/messaging/'),
    confined('pino', 'node_modules/pino', '^src/logging/'),
    confined('sqlite', 'node_modules/better-sqlite3', '^src/gallery/'),
    confined('ws', 'node_modules/ws', '^src/kiosk/'),
    confined(
      'zod',
      'node_modules/zod',
      '^(src/(config|inference|messaging|roster|gallery|evaluation|health|home-assistant|idle|office|console)/|models/)',
    ),
    confined('zxing', 'node_modules/zxing-wasm', '^src/qr/'),
    confined('sharp', 'node_modules/sharp', '^(src/(frame|kiosk|art|idle)/|device/camera/)'),
    confined('prom-client', 'node_modules/prom-client', '^src/health/'),
    confined('commander', 'node_modules/commander', '^src/(main\\.ts|cli/)'),
    {
      name: 'pure-code-does-no-io',
      severity: 'error',
      from: {
        path: '^src/(domain|numeric|graph|gradient|face|liveness|embedding|decision|access|synthesis)/',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(src|device|models)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tests-import-product-never-the-reverse',
      severity: 'error',
      from: { path: '^(src|device|models)/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^test/architecture/planted/', '^src/(kiosk|console)/page/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
