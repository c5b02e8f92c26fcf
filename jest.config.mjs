import { availableParallelism } from 'node:os';

export default {
  // Bare Node in place of a context of `node:vm` for each file, in which MikroORM and Nest would be compiled anew.
  runner: 'jest-light-runner',
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    '<rootDir>/libs/*/src/**/*.spec.ts',
    '<rootDir>/libs/*/ui/**/*.spec.ts',
    '<rootDir>/src/**/*.spec.ts',
  ],
  setupFiles: [
    'reflect-metadata',
    '<rootDir>/test/e2e/typescript-loader.mjs',
    '<rootDir>/test/support/worker-setup.mjs',
    '<rootDir>/test/docs/sample-environment.mjs',
  ],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testSequencer: '<rootDir>/test/support/browsers-first.mjs',
  // Suites wait for browsers, servers and clocks for a quarter of their time, so one more than there are cores.
  maxWorkers: availableParallelism() + 1,
};
