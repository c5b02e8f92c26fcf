export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    '<rootDir>/libs/*/src/**/*.spec.ts',
    '<rootDir>/libs/*/ui/**/*.spec.ts',
    '<rootDir>/src/**/*.spec.ts',
  ],
  moduleNameMapper: {
    '^nestjs-mikro-audit$': '<rootDir>/libs/audit/src/index.ts',
    '^nestjs-mikro-audit/http$': '<rootDir>/libs/audit/src/http/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        },
      },
    ],
  },
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // Jest leaves a core to itself otherwise, and of two that is half.
  maxWorkers: '100%',
  // Finds what hangs, not what is slow: the machine may be busy.
  testTimeout: 120_000,
  // On a busy machine a worker with nothing open takes longer than the default half second to end, and Jest warns of a
  // leak. One that has something open does not end at all, and is still told of.
  workerGracefulExitTimeout: 10_000,
};
