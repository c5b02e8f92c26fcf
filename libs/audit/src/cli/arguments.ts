import { AuditCliError } from '../errors/cli-errors.js';

/** A number of the command line, for `Command.option`. */
export function numberArgument(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new AuditCliError(`"${text}" is no number.`, 'Give a number, such as 500.');
  }
  return value;
}

/** A time of the command line, for `Command.option`. */
export function timeArgument(text: string): Date {
  const time = new Date(text);
  if (!TIME.test(text) || Number.isNaN(time.getTime())) {
    throw new AuditCliError(
      `"${text}" is no time.`,
      'Give one with its zone, such as 2026-01-31T12:00:00Z, or a day, which begins at midnight UTC.',
    );
  }
  return time;
}

/** ISO 8601; a time without a zone would mean that of the machine. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** An object of the command line in JSON, for `Command.option`. */
export function objectArgument(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null) {
    throw new AuditCliError(
      `'${text}' is no JSON object.`,
      `Give one in quotes, such as '{"status":"open"}'.`,
    );
  }
  return value;
}
