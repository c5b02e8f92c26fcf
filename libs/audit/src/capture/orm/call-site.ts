const FRAMES = 50;

/** Code that sends statements for others: the packages, and this library where it is not one of them. */
const PASSES_ON = /node_modules|node:|^native |<anonymous>/;
const OWN_FOLDER = new URL('../../', import.meta.url).pathname;

/**
 * The line of the application that is running, across what it awaits: `file:line:column`.
 * @returns null where no frame is the application's
 */
export function callSite(): string | null {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = stackTraceLimit;
  const frames = stack.split('\n').slice(1);
  const own = frames
    .map((frame) => /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame)?.[1]?.replace(/^file:\/\//, ''))
    .find((place) => place !== undefined && !PASSES_ON.test(place) && !place.startsWith(OWN_FOLDER));
  return own ?? null;
}
