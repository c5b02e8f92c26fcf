import { openAuditEntities } from './audit-entities.js';
import { type Contender, type ContenderName, type ContenderOptions, openWithOrm } from './contender.js';
import { openFloor } from './floor.js';
import { openLibrary, openWithCommit, openWithTriggers } from './library.js';
import { openSubscriber } from './subscriber.js';
import { openTrigger } from './trigger.js';

const OPENERS: Readonly<Record<ContenderName, (options: ContenderOptions) => Promise<Contender>>> = {
  plain: (options) => openWithOrm('plain', options),
  library: openLibrary,
  triggers: openWithTriggers,
  withCommit: openWithCommit,
  floor: openFloor,
  subscriber: openSubscriber,
  entities: openAuditEntities,
  trigger: openTrigger,
};

export const CONTENDERS = Object.keys(OPENERS) as readonly ContenderName[];

export function openContender(name: ContenderName, options: ContenderOptions): Promise<Contender> {
  return OPENERS[name](options);
}
