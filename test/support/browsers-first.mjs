import Sequencer from '@jest/test-sequencer';

const usesBrowser = ({ path }) => path.includes('/test/browser/');

/** A browser waits more than it computes: its long suites start first, and others fill the gaps. */
export default class BrowsersFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [...sorted.filter(usesBrowser), ...sorted.filter((test) => !usesBrowser(test))];
  }
}
