// For each worker of Jest: what the runner, which runs suites in bare Node, leaves to its users.
import { registerHooks } from 'node:module';
import { addEventHandler } from 'jest-circus';

/** Milliseconds. Finds what hangs, not what is slow: the machine may be busy. */
const TEST_TIMEOUT = 180_000;

process.setSourceMapsEnabled(true);

// The package itself refuses to be imported outside of Jest's own module system.
const globals = `data:text/javascript,${encodeURIComponent(
  'export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis;',
)}`;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
});

addEventHandler((event, { currentDescribeBlock }) => {
  const added = { add_test: currentDescribeBlock.tests, add_hook: currentDescribeBlock.hooks }[
    event.name
  ]?.at(-1);
  if (added?.fn) {
    added.fn = limited(added.fn, added.timeout ?? TEST_TIMEOUT);
  }
});

function limited(run, milliseconds) {
  return async () => {
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`Not done after ${milliseconds} ms.`)), milliseconds);
    });
    try {
      return await Promise.race([run(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
