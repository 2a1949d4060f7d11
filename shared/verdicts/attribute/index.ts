/** Denied flows with names, reasons and the smallest change: `attributeDenials(summary, context)`. */
export { attributeDenials } from './attribute.ts';
export type { Attribution } from './attribute.ts';
export type { AttributionContext, AttributionLimits, ResolveAddress, ResolveHint } from './context.ts';
