/** Calls `stop` once, when this process is asked to end. */
export function onShutdown(stop: () => void): void {
  let asked = false;
  const ask = (): void => {
    if (!asked) stop();
    asked = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, ask);
  if (process.env.npm_lifecycle_event) onLostParent(ask);
}

/** `kill` of `npm start` ends npm and its shell, but many a shell does not pass the signal on to what it runs. */
function onLostParent(ask: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    ask();
  }, 250);
  watch.unref();
}
