import { auditPolicy, type Revision, systemActor } from 'nestjs-mikro-audit';
import request from 'supertest';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Contract, Note, NotesModule } from './notes.module.js';

const KEY = 'a key for envelopes, of 32 characters';

/** An app where notes need an actor and contracts a reason, and how to write a note over HTTP. */
export function useNotes() {
  const audited = useAuditedApp({
    entities: [Note, Contract],
    imports: [NotesModule],
    options: {
      policies: [
        auditPolicy(Note),
        auditPolicy(Contract, { requireActor: false, requireReason: true, ignore: ['draft'] }),
      ],
      requireActor: true,
      reasonFrom: { header: 'X-Audit-Reason', body: 'reason' },
      envelope: { keys: [KEY], worker: systemActor('importer') },
      resolveActor: ({ request: incoming }) => {
        const { headers } = incoming as { headers: Record<string, string | undefined> };
        const id = headers['x-user'];
        return id === undefined
          ? null
          : {
              type: 'user',
              id,
              label: null,
              authenticationMethod: 'token',
              onBehalfOf: { type: 'user', id: 'boss', label: null },
            };
      },
    },
  });

  const post = (headers: Record<string, string>, body: object = {}) =>
    request(audited.app.getHttpServer() as never)
      .post('/notes')
      .set(headers)
      .send({ text: 'x', ...body });

  async function revisionOf(id: number): Promise<Revision | undefined> {
    const { items } = await audited.reader.history(Note, id, { details: true });
    await audited.oracle.verify();
    return items[0]?.revision;
  }

  const trail = (): Promise<Record<string, unknown>[]> =>
    audited.orm.em
      .fork()
      .getConnection()
      .execute('select * from audit_change where revision_id is null order by id');

  return { audited, post, revisionOf, trail };
}
