import { Reflector } from '@nestjs/core';
import type { TrailReadAction } from '../../model/trail-read.js';

/** How requests to a route are recorded. */
interface RecordedReadOptions {
  readonly action: TrailReadAction;
  /** False where an answer leaves a revision by itself, so that only denials have to be recorded. */
  readonly whenServed: boolean;
}

/** What requests to a route leave in the trail. Those to a route without it leave nothing. */
export const RecordedRead = Reflector.createDecorator<RecordedReadOptions>();
