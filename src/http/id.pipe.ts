import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';

/** The largest PostgreSQL integer. */
export const MAX_ID = 2_147_483_647;

/** A path parameter that can be a key of ours: a positive PostgreSQL integer. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = Number(value);
    if (!/^[1-9]\d{0,9}$/.test(value) || id > MAX_ID)
      throw new BadRequestException('The id must be a positive whole number.');
    return id;
  }
}
