import { describe, it } from '@jest/globals';
import { openBench } from './bench.js';
import { entityFlows } from './entity-flows.js';
import { hostileFlows } from './hostile-flows.js';
import { restoreFlows } from './restore-flows.js';
import { timelineFlows } from './timeline-flows.js';
import { writingFlows } from './writing-flows.js';

describe('the viewer in a browser', () => {
  const bench = openBench();

  timelineFlows(bench);
  entityFlows(bench);
  writingFlows(bench);
  restoreFlows(bench);
  hostileFlows(bench);

  it('leaves the trail as it should be', async () => {
    await bench.app.oracle.verify();
  });
});
