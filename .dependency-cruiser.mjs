// The import table of ARCHITECTURE.md as rules. Type-only imports count too: a table that types may break is none.

const LIBRARY = '^libs/audit/src/';
const SPEC = '\\.spec\\.ts$';
/**
 * They hold the library's knowledge of MikroORM and its SQL against the installed ones, on a database, as specs would, or run the program
 * that is no part of what the package exports.
 */
const INSIDERS = '^test/(?:integration/(?:orm-facts|triggers|evidence)/|support/run-program\\.ts$)';

/** The imports that a folder of the library may have besides itself: whole folders, or single files where only those are meant. */
const table = {
  model: [],
  errors: ['model'],
  policy: ['model', 'errors'],
  // The options name the resolver's type, and the context reads the resolved options; no file of the two is in a cycle.
  context: [
    'serialize/text/secret-names.ts',
    'model',
    'errors',
    'options/audit-options.ts',
    // `@AuditRead()` stands on entities and on handlers.
    'policy/decorator-metadata.ts',
    'serialize/json/json-shape.ts',
    'serialize/text/safe-text.ts',
    'versions/optional-peer.ts',
  ],
  // Which versions of the peers there may be, and what the oldest of them have not.
  versions: ['errors'],
  options: [
    'model',
    'errors',
    'context/actor.ts',
    'context/hidden-names.ts',
    'context/known-actor.ts',
    'context/request/reason.ts',
    'evidence/seal/evidence-options.ts',
    'policy/policy-declaration.ts',
    'serialize/json/secret-scan.ts',
    'serialize/text/secret-texts.ts',
  ],
  serialize: ['model', 'errors', 'policy/entity-policy.ts', 'policy/policy-declaration.ts'],
  // A flush takes the context along as it was then; it never reads or opens one.
  capture: ['model', 'errors', 'policy', 'serialize', 'context/context-values.ts'],
  // The port is store/audit-store.ts; the tables behind it stay inside.
  write: ['model', 'errors', 'serialize', 'capture', 'context', 'store/audit-store.ts'],
  store: ['model', 'errors'],
  // It reads rows and links as a flush does, and knows what the database deletes along.
  restore: [
    'model',
    'errors',
    'policy',
    'serialize',
    'versions',
    'context/audit-context.ts',
    'capture/orm',
    'query',
    'store/audit-store.ts',
    'store/sql/sql-statement.ts',
  ],
  triggers: [
    'model',
    'errors',
    'options',
    'policy',
    'serialize',
    // Whose tables hold links, and by which columns.
    'capture/orm/link-table.ts',
    'store/tables',
    'store/write/inserted-columns.ts',
  ],
  // It reads tables as a flush and a restore do, and writes as the journal does.
  coverage: [
    'model',
    'errors',
    'policy',
    'serialize',
    'query',
    'context/audit-context.ts',
    'options/audit-options.ts',
    'capture/found-rows.ts',
    'capture/orm',
    'restore/live-reader.ts',
    'store/audit-store.ts',
    // Whether positions are given, and checkpoints published.
    'sequence/audit-sequencer.ts',
    // The grants that the script of the roles would make, to compare with those that exist.
    'store/privileges/granted.ts',
    // How triggers name the tables of tenants.
    'triggers/recorded-table.ts',
    'write/audit-metrics.ts',
    'write/journal.ts',
  ],
  // It boots the app and asks it for its services, or connects to its database alone.
  cli: [
    'model',
    'errors',
    'coverage',
    'evidence',
    'proofs',
    'query',
    'sequence',
    'store/sql/sql-statement.ts',
    'store/tables',
  ],
  // It has a connection and tables of its own, beside the port: writers and readers know nothing of it.
  sequence: ['model', 'errors', 'evidence/seal', 'options/audit-options.ts', 'store/sql', 'store/tables'],
  // It reads a sealed trail by the tables themselves, as the sequencer does.
  proofs: ['model', 'errors', 'evidence', 'options/audit-options.ts', 'store/sql', 'store/tables'],
  query: ['model', 'errors', 'policy', 'serialize', 'store/audit-store.ts'],
  // It reads the trail and checks it as an app does; without a database it writes by the rules of `write`.
  testing: [
    'model',
    'errors',
    'context',
    'options',
    'query',
    'write',
    'coverage/check',
    'coverage/tables/covered-classes.ts',
    'serialize/json/secret-scan.ts',
    'store/audit-store.ts',
  ],
  // Verifying and sealing need nothing else of the library; the entity tells which columns there are.
  evidence: ['errors', 'store/tables/audit-change.entity.ts'],
  http: [
    'model',
    'errors',
    'versions/optional-peer.ts',
    'policy',
    'serialize',
    'proofs',
    'evidence/bundle/record-proof.ts',
    'query',
    'restore',
    'context/audit-context.ts',
    'options/audit-options.ts',
    'write/audit-recorder.ts',
    'coverage/report/audit-coverage.ts',
    'coverage/doctor/doctor-finding.ts',
    'coverage/health/audit-health.ts',
  ],
};

/** The imports that a room of a folder may have of its other rooms. The files beside the rooms may import all of them. */
const rooms = {
  'serialize/text': [],
  'serialize/json': ['serialize/text'],
  'serialize/property': ['serialize/json', 'serialize/text'],
  'serialize/entity': ['serialize/property', 'serialize/json', 'serialize/text'],
  'capture/orm': [],
  'capture/subject': ['capture/orm'],
  'capture/record': ['capture/orm'],
  'capture/transaction': ['capture/orm'],
  'capture/believe': ['capture/orm', 'capture/record', 'capture/subject', 'capture/transaction'],
  'capture/links': ['capture/orm', 'capture/believe', 'capture/record'],
  'capture/look': ['capture/orm', 'capture/believe', 'capture/record', 'capture/subject'],
  'coverage/tables': [],
  'coverage/baseline': ['coverage/tables'],
  'coverage/doctor': ['coverage/tables'],
  'coverage/check': ['coverage/baseline', 'coverage/tables'],
  'evidence/merkle': [],
  'evidence/leaf': ['evidence/merkle', 'evidence/note/strict-base64.ts'],
  'evidence/note': ['evidence/merkle'],
  'evidence/seal': ['evidence/database', 'evidence/leaf', 'evidence/merkle', 'evidence/note'],
  'evidence/database': ['evidence/leaf', 'evidence/merkle', 'evidence/note', 'evidence/verify'],
  'evidence/verify': ['evidence/leaf', 'evidence/merkle', 'evidence/note'],
  'evidence/bundle': ['evidence/leaf', 'evidence/merkle', 'evidence/note', 'evidence/verify'],
  'coverage/health': ['coverage/check', 'coverage/tables'],
  'coverage/report': ['coverage/doctor', 'coverage/health', 'coverage/tables'],
  'http/problem': [],
  'http/limits': ['http/access'],
  'http/access': [],
  'http/parameters': ['http/access'],
  'http/view': ['http/access'],
  'http/reads': ['http/access', 'http/limits', 'http/parameters'],
  'http/trail': ['http/access', 'http/limits', 'http/parameters'],
  'http/gate': ['http/access', 'http/limits', 'http/parameters', 'http/trail', 'http/view'],
  'http/routes': [
    'http/access',
    'http/gate',
    'http/limits',
    'http/parameters',
    'http/problem',
    'http/reads',
    'http/view',
  ],
  'query/terms': [],
  'query/search': ['query/terms'],
  'query/state': ['query/terms'],
  'store/sql': [],
  'store/tables': [],
  'store/write': ['store/audit-store.ts', 'store/sql', 'store/tables'],
  'store/privileges': ['store/tables', 'store/write'],
  'store/search': ['store/sql', 'store/tables', 'store/trail-search.ts'],
  'store/life': ['store/search', 'store/sql', 'store/tables'],
};

/** The files that put the folders together. They may import all; no folder may import them. */
const compositionRoot = [
  'audit.module-definition.ts',
  'audit.module.ts',
  'audited-orm.ts',
  'audited-orms.ts',
  'other-writes.ts',
  'index.ts',
];

/** Folders of plain TypeScript, without any package. */
const pure = ['model', 'errors'];

const literal = (path) => path.replaceAll('.', '\\.');
const pathOf = (target) => LIBRARY + literal(target) + (target.endsWith('.ts') ? '$' : '/');

const tableRules = Object.entries(table).map(([folder, targets]) => ({
  name: `table-${folder}`,
  comment: `${folder} may import ${targets.length > 0 ? targets.join(', ') : 'nothing'}, see ARCHITECTURE.md.`,
  severity: 'error',
  from: { path: pathOf(folder) },
  to: { path: LIBRARY, pathNot: [folder, ...targets].map(pathOf) },
}));

const roomRules = Object.entries(rooms).map(([room, targets]) => ({
  name: `room-${room.replace('/', '-')}`,
  comment: `Of its folder, ${room} may import ${targets.length > 0 ? targets.join(', ') : 'nothing'}.`,
  severity: 'error',
  from: { path: pathOf(room) },
  to: { path: pathOf(room.split('/')[0]), pathNot: [room, ...targets].map(pathOf) },
}));

const forbidden = [
  ...tableRules,
  ...roomRules,
  {
    name: 'nothing-goes-around-the-gate',
    comment:
      'Only http/gate reads what leaves the HTTP module, within the scope of its reader, and seals it.',
    severity: 'error',
    from: { path: pathOf('http'), pathNot: ['http/gate', 'http/limits', 'http/trail'].map(pathOf) },
    to: {
      path: [
        'http/trail',
        'http/gate/seal.ts',
        'proofs/audit-evidence.ts',
        'query/audit-reader.ts',
        'restore',
      ].map(pathOf),
    },
  },
  {
    name: 'table-is-complete',
    comment:
      'A new folder gets a line in the table first; a new file at the root of the library is composition, or misplaced.',
    severity: 'error',
    from: {
      path: LIBRARY,
      pathNot: [...Object.keys(table), ...compositionRoot].map(pathOf),
    },
    to: {},
  },
  {
    name: 'pure-folders-import-no-package',
    severity: 'error',
    from: { path: pure.map(pathOf), pathNot: SPEC },
    to: { dependencyTypesNot: ['local'] },
  },
  {
    name: 'nothing-inside-imports-the-barrel',
    comment: 'An index.ts is public API; inside the library, import the file that has the name.',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^libs/[^/]+/src/((http|testing)/)?index\\.ts$' },
  },
  {
    name: 'library-knows-no-app',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^(src|test|bench|docs)/' },
  },
  {
    name: 'library-imports-only-its-peers',
    comment:
      'The package.json of the library has what users install with it, as peers. Node builtins are free.',
    severity: 'error',
    from: { path: LIBRARY, pathNot: [SPEC, pathOf('cli')] },
    to: { dependencyTypesNot: ['local', 'core', 'npm-peer'] },
  },
  {
    name: 'nothing-loads-the-cli',
    comment: 'An app that does not use the command line loads neither it nor its libraries.',
    severity: 'error',
    from: { path: LIBRARY, pathNot: pathOf('cli') },
    to: { path: [pathOf('cli'), 'node_modules/(commander|cli-progress)/'] },
  },
  {
    name: 'viewer-stands-alone',
    comment:
      'The page runs in a browser: it knows the API by its JSON and is bundled with Preact, so nothing of it is installed.',
    severity: 'error',
    from: { path: '^libs/[^/]+/ui/src/', pathNot: SPEC },
    to: { pathNot: ['^libs/[^/]+/ui/src/', 'node_modules/preact/'] },
  },
  {
    name: 'nothing-imports-the-viewer',
    severity: 'error',
    from: { pathNot: '^libs/[^/]+/ui/' },
    to: { path: '^libs/[^/]+/ui/' },
  },
  {
    name: 'library-only-by-its-name',
    comment:
      "Import from 'nestjs-mikro-audit', as a user of the package does; neither a path into it nor a relative one.",
    severity: 'error',
    from: { path: '^(src|test|bench|docs)/', pathNot: INSIDERS },
    to: { path: '^libs/', dependencyTypesNot: ['aliased-tsconfig-paths'] },
  },
  {
    name: 'library-only-through-its-barrel',
    severity: 'error',
    from: { path: '^(src|test|bench|docs)/', pathNot: INSIDERS },
    to: { path: '^libs/', pathNot: '^libs/[^/]+/src/((http|testing)/)?index\\.ts$' },
  },
  {
    name: 'app-knows-no-test',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(test|bench|docs)/' },
  },
  {
    name: 'app-runs-without-dev-dependencies',
    severity: 'error',
    from: { path: '^src/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
  },
  {
    name: 'nothing-imports-specs',
    severity: 'error',
    from: {},
    to: { path: '\\.(spec|test)\\.ts$' },
  },
  {
    name: 'no-cycle',
    comment:
      'Only the two ends of a relation may name each other, as MikroORM wants it: entities of the app, nothing else.',
    severity: 'error',
    from: {},
    to: { circular: true, via: { pathNot: '^src/.*\\.entity\\.ts$' } },
  },
  {
    name: 'resolvable',
    comment:
      'An import that cannot be resolved escapes every other rule. The benchmark alone installs its contenders, and the apps of the matrix are put together elsewhere.',
    severity: 'error',
    from: { pathNot: '^(bench/(peers|context)/[^/]+\\.mjs$|test/matrix/app/)' },
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    exclude: { path: '^bench/node_modules/' },
    doNotFollow: { path: ['node_modules', '^dist/', '^libs/[^/]+/dist/'] },
    parser: 'tsc',
    tsConfig: { fileName: 'tsconfig.json' },
    // Also sees `import type`, which the compiler leaves out.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.json', '.node', '.d.ts'],
    },
  },
};
