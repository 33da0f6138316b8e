import { type Attributes, type Context, type Link, type SpanKind, TraceFlags } from '@opentelemetry/api';
import {
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** For new traces: one that links to another (a job, to the request that made it) is recorded when that one was; else by ratio. */
export class RatioOrLinkSampler implements Sampler {
  readonly #byRatio: TraceIdRatioBasedSampler;

  constructor(ratio: number) {
    this.#byRatio = new TraceIdRatioBasedSampler(ratio);
  }

  shouldSample(
    context: Context,
    traceId: string,
    _name: string,
    _kind: SpanKind,
    _attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const link = links[0];
    if (link === undefined) return this.#byRatio.shouldSample(context, traceId);
    const recorded = (link.context.traceFlags & TraceFlags.SAMPLED) !== 0;
    return { decision: recorded ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return `RatioOrLink{${this.#byRatio}}`;
  }
}
