import { checkedTraceIds, type TraceReader } from './trace-ids.js';

/** As much of `@opentelemetry/api` as is used, so that its types need not be installed. */
interface OpenTelemetryApi {
  readonly trace: {
    getActiveSpan(): { spanContext(): { readonly traceId: string; readonly spanId: string } } | undefined;
  };
}

type Load = () => Promise<unknown>;

/**
 * Reads the active span of OpenTelemetry.
 * @returns null when `@opentelemetry/api` is not installed; then nothing else is imported either
 */
export async function openTelemetryReader(
  load: Load = () => import('@opentelemetry/api'),
): Promise<TraceReader | null> {
  let api: OpenTelemetryApi;
  try {
    api = (await load()) as OpenTelemetryApi;
  } catch (error) {
    if (isNotInstalled(error)) {
      return null;
    }
    throw error;
  }
  return () => {
    const span = api.trace.getActiveSpan()?.spanContext();
    return span ? checkedTraceIds(span.traceId, span.spanId) : null;
  };
}

function isNotInstalled(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
