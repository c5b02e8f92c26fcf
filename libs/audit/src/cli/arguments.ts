import { AuditCliError } from '../errors/cli-errors.js';

/** A number of the command line, for `Command.option`. */
export function numberArgument(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new AuditCliError(`"${text}" is no number.`, 'Give a number, such as 500.');
  }
  return value;
}

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
