import { expect, it } from '@jest/globals';
import { Reflector } from '@nestjs/core';
import { RequiredPermission } from '../access/audit-access.js';
import { viewerText } from '../gate/viewer-text.js';
import type { Visible, VisibleStream } from '../gate/visible.js';
import { NeedsPermission } from './needs-permission.decorator.js';

class Routes {
  @NeedsPermission('list')
  sealed(): Promise<Visible<string>> {
    return Promise.resolve(viewerText('page'));
  }

  // @ts-expect-error a plain object has not passed the gate
  @NeedsPermission('list')
  plain(): object {
    return { title: 'secret' };
  }

  // @ts-expect-error neither has one of the same shape
  @NeedsPermission('list')
  shaped(): { content: string; map: Visible<string>['map'] } {
    return viewerText('x');
  }

  // @ts-expect-error nor what is streamed
  @NeedsPermission('list')
  streamed(): Omit<VisibleStream, 'parts'> & { parts: AsyncIterable<string> } {
    throw new Error('never called');
  }
}

it('takes only handlers that answer with what has passed the gate', () => {
  expect(new Reflector().get(RequiredPermission, Routes.prototype.sealed)).toBe('list');
});
