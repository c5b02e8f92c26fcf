import { ApiProperty } from '@nestjs/swagger';
import type { Blame, Change, FieldChange, Page } from 'nestjs-mikro-audit';
import { toJson } from '../http/to-json.js';

const ANYTHING = { description: 'Any JSON value; left out when there is none', required: false } as const;
const VALUES = { type: Object, additionalProperties: true, nullable: true } as const;
const NULLABLE_TEXT = { type: String, nullable: true } as const;

class ActorView {
  @ApiProperty({ enum: ['user', 'service', 'system', 'anonymous', 'unknown'] })
  readonly type!: string;

  @ApiProperty(NULLABLE_TEXT)
  readonly id!: string | null;

  @ApiProperty(NULLABLE_TEXT)
  readonly label!: string | null;
}

export class FieldChangeView {
  @ApiProperty({ example: 'address.city' })
  readonly path!: string;

  @ApiProperty(ANYTHING)
  readonly before?: unknown;

  @ApiProperty(ANYTHING)
  readonly after?: unknown;
}

class RevisionView {
  @ApiProperty({ example: '42' })
  readonly id!: string;

  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;

  @ApiProperty({ type: ActorView })
  readonly actor!: ActorView;

  @ApiProperty({ ...NULLABLE_TEXT, example: 'work-order.close' })
  readonly action!: string | null;

  @ApiProperty(NULLABLE_TEXT)
  readonly reason!: string | null;

  @ApiProperty({ ...VALUES, description: 'ip, userAgent, method, route, handler, source' })
  readonly origin!: Record<string, unknown> | null;

  @ApiProperty(NULLABLE_TEXT)
  readonly correlationId!: string | null;

  @ApiProperty(VALUES)
  readonly metadata!: Record<string, unknown> | null;
}

class ChangeOfRevisionView {
  @ApiProperty({ example: '7' })
  readonly id!: string;

  @ApiProperty({ example: 'work-order' })
  readonly entityType!: string;

  @ApiProperty({ example: '1' })
  readonly entityId!: string;

  @ApiProperty({ enum: ['create', 'update', 'delete'] })
  readonly operation!: string;

  @ApiProperty(VALUES)
  readonly before!: Record<string, unknown> | null;

  @ApiProperty(VALUES)
  readonly after!: Record<string, unknown> | null;

  @ApiProperty({ type: [FieldChangeView] })
  readonly fields!: readonly FieldChangeView[];
}

class ChangeView extends ChangeOfRevisionView {
  @ApiProperty({ type: RevisionView })
  readonly revision!: RevisionView;
}

/** A page of changes, newest first. */
export class HistoryView {
  @ApiProperty({ type: [ChangeView] })
  readonly items!: readonly ChangeView[];

  @ApiProperty({ ...NULLABLE_TEXT, description: 'cursor of the next page; null on the last one' })
  readonly nextCursor!: string | null;
}

/** Who gave a property its present value. */
export class BlameView {
  @ApiProperty({ example: 'address.city' })
  readonly path!: string;

  @ApiProperty(ANYTHING)
  readonly value?: unknown;

  @ApiProperty({ enum: ['create', 'update'], nullable: true })
  readonly operation!: string | null;

  @ApiProperty({ type: RevisionView, nullable: true })
  readonly revision!: RevisionView | null;
}

export function toDiffView<Entity>(fields: readonly FieldChange<Entity>[]): FieldChangeView[] {
  return toJson(fields) as FieldChangeView[];
}

export function toBlameView<Entity>(blame: readonly Blame<Entity>[]): BlameView[] {
  return toJson(blame) as BlameView[];
}

export function toHistoryView<Entity>(page: Page<Change<Entity>>): HistoryView {
  return toJson(page) as HistoryView;
}
