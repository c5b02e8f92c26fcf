import { isNotInstalled } from '../versions/optional-peer.js';

/** Ids of W3C Trace Context, lower case hexadecimal. */
export interface TraceIds {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
}

/** Tells the trace that is going on now; null when nothing is traced. */
export type TraceReader = () => TraceIds | null;

// Version ff and ids of zeros only are invalid; a later version may add parts at the end.
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(?=$|-)/;

/** Null when the header is not what the specification says. Anything that comes from a client ends here. */
export function traceparentIds(header: unknown): TraceIds | null {
  const [, traceId, spanId] = (typeof header === 'string' && TRACEPARENT.exec(header)) || [];
  return traceId !== undefined && spanId !== undefined ? { traceId, spanId } : null;
}

/** Null unless both are ids: a tracer of the app may have any. */
export function checkedTraceIds(traceId: unknown, spanId: unknown): TraceIds | null {
  return traceparentIds(`00-${String(traceId)}-${String(spanId)}-00`);
}

/** Injection token of the `TraceReader`; null when nothing traces. */
export const TRACE_READER = Symbol('nestjs-mikro-audit:trace-reader');

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
