import { EntitySchema } from '@mikro-orm/core';

/** Long values, and the optional secrets. */
export interface LongRow {
  id: number;
  text?: string | null;
  data?: unknown;
  bytes?: Buffer | null;
  list?: string[] | null;
  map?: unknown;
  amount?: string | null;
}

export const longRow = (name: string): EntitySchema<LongRow> =>
  new EntitySchema<LongRow>({
    name,
    properties: {
      id: { type: 'integer', primary: true },
      text: { type: 'text', nullable: true },
      data: { type: 'json', nullable: true },
      bytes: { type: 'blob', nullable: true },
      list: { type: 'array', nullable: true },
      map: { type: 'json', columnType: 'text', nullable: true },
      amount: { type: 'bigint', nullable: true },
    },
  });
