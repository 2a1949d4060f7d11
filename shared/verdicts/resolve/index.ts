/**
 * Addresses to owners as of a time.
 *
 *   observe(history, sighting)              remembers who had which address when, in bounded space
 *   addressBook(inputs).resolve(ip, time)   whose address it was, and how certain that is
 *   inferDirection(source, destination, …)  which end's node reported a flow
 *   planLookUps(uses, known)                what to ask so that more can be resolved
 */
export { addressBook } from './address-book.ts';
export type { AddressBook, AddressBookInputs, ResolveHint } from './address-book.ts';
export { AwsRangesError, parseAwsRanges } from './aws-ranges.ts';
export type { AwsRange, AwsRanges } from './aws-ranges.ts';
export { inferDirection } from './direction.ts';
export type { InferredDirection, IsIsolated } from './direction.ts';
export { DEFAULT_HISTORY_LIMITS, EMPTY_HISTORY, observe, observeAll } from './history.ts';
export type { AddressHistory, AddressRecord, HistoryLimits, RecordedOwner, SightedKind, Sighting } from './history.ts';
export { interfaceServiceOf } from './interface-service.ts';
export { listingsWith, podsListedAt } from './listings.ts';
export { DEFAULT_LOOK_UP_LIMITS, planLookUps } from './look-ups.ts';
export type { AddressUse, LookUpKnowledge, LookUpLimits, LookUpPlan } from './look-ups.ts';
export { DEFAULT_TIMING } from './occupancy.ts';
export type { ResolveTiming } from './occupancy.ts';
export { sightingsOfFacts } from './sightings-of-facts.ts';
export { workloadOf } from './workload.ts';
