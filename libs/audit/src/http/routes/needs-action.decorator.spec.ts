import { expect, it } from '@jest/globals';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { RequiredAction } from '../access/audit-access.js';
import { viewerText } from '../gate/viewer-text.js';
import type { Visible } from '../gate/visible.js';
import { NeedsAction } from './needs-action.decorator.js';

class Routes {
  @NeedsAction('list')
  sealed(): Promise<Visible<string>> {
    return Promise.resolve(viewerText('page'));
  }

  // @ts-expect-error a plain object has not passed the gate
  @NeedsAction('list')
  plain(): object {
    return { title: 'secret' };
  }

  // @ts-expect-error neither has one of the same shape
  @NeedsAction('list')
  shaped(): { content: string; map: Visible<string>['map'] } {
    return viewerText('x');
  }

  // @ts-expect-error nor what is streamed
  @NeedsAction('list')
  streamed(): Observable<object> {
    throw new Error('never called');
  }
}

it('takes only handlers that answer with what has passed the gate', () => {
  expect(new Reflector().get(RequiredAction, Routes.prototype.sealed)).toBe('list');
});
