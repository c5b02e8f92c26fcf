// #region health
import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { AuditHealth, type AuditHealthResult } from 'nestjs-mikro-audit';

@Controller('health')
export class HealthController {
  constructor(private readonly audit: AuditHealth) {}

  /** With `@nestjs/terminus`: `this.health.check([() => this.audit.isHealthy()])`. */
  @Get()
  async look(): Promise<AuditHealthResult> {
    const result = await this.audit.isHealthy();
    if (result.audit?.status !== 'up') {
      throw new ServiceUnavailableException(result);
    }
    return result;
  }
}
// #endregion
