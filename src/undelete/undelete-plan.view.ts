import { ApiProperty } from '@nestjs/swagger';
import type { RestorePlan } from 'nestjs-mikro-audit';

class UndeleteStepView {
  @ApiProperty({ example: 'line-item' })
  readonly entityType!: string;

  @ApiProperty({ example: '7' })
  readonly entityId!: string;

  @ApiProperty({ enum: ['create', 'update', 'delete', 'none'] })
  readonly operation!: string;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'Coming values, by path' })
  readonly values!: Record<string, unknown>;
}

class UndeleteConflictView {
  @ApiProperty({ example: 'target-gone' })
  readonly kind!: string;

  @ApiProperty({ enum: ['notice', 'blocking', 'accepted'] })
  readonly severity!: string;

  @ApiProperty()
  readonly message!: string;
}

/** The effects of undeleting. */
export class UndeletePlanView {
  @ApiProperty({ type: [UndeleteStepView] })
  readonly steps!: readonly UndeleteStepView[];

  @ApiProperty({ type: [UndeleteConflictView] })
  readonly conflicts!: readonly UndeleteConflictView[];

  @ApiProperty()
  readonly blocked!: boolean;

  @ApiProperty({ description: 'To be sent back when the plan is as wanted' })
  readonly token!: string;
}

export function toUndeletePlanView({ steps, conflicts, blocked, token }: RestorePlan): UndeletePlanView {
  return {
    steps: steps.map(({ entityType, entityId, operation, values }) => ({
      entityType,
      entityId,
      operation,
      values: Object.fromEntries(values.map(({ path, after }) => [path, after])),
    })),
    conflicts: conflicts.map(({ kind, severity, message }) => ({ kind, severity, message })),
    blocked,
    token,
  };
}
