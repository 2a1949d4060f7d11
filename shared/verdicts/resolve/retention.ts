import { compareText } from './compare-text.ts';
import type { AddressHistory, AddressRecord, HistoryLimits } from './history.ts';
import { listingTimes, spanOf } from './listings.ts';
import type { Listing, ListingTimes } from './listings.ts';

/** Those not known to have ended first, then those that ended last; of equal ones those seen last. */
const mostUseful = (records: readonly AddressRecord[], times: ListingTimes): readonly AddressRecord[] =>
  records
    .map((record) => ({ record, to: spanOf(record, times).to, seen: record.lastSeen ?? 0 }))
    .toSorted(
      (a, b) =>
        (a.to === b.to ? 0 : b.to - a.to) ||
        b.seen - a.seen ||
        compareText(a.record.id, b.record.id) ||
        compareText(a.record.address, b.record.address),
    )
    .map(({ record }) => record);

const newest = ({ times }: Listing): number => times.at(-1) ?? 0;

/** Listings to keep. Which were forgotten is the difference. */
const keptListings = (listings: readonly Listing[], cutoff: number, limits: HistoryLimits): readonly Listing[] => {
  const kept = listings
    .map((listing) => ({
      ...listing,
      times: listing.times.filter((time) => time >= cutoff).slice(-limits.maxListings),
    }))
    .filter(({ times }) => times.length > 0);
  const ofNodes = kept.filter(({ node }) => node !== undefined);
  if (ofNodes.length <= limits.maxNodes) return kept;
  const chosen = new Set(ofNodes.toSorted((a, b) => newest(b) - newest(a)).slice(0, limits.maxNodes));
  return kept.filter((listing) => listing.node === undefined || chosen.has(listing));
};

const count = (listings: readonly Listing[]): number => listings.reduce((sum, { times }) => sum + times.length, 0);

/** What the listings say about a record, written into it before some of them are forgotten. */
const settled = (record: AddressRecord, times: ListingTimes): AddressRecord => {
  const { from, to } = spanOf(record, times);
  return { ...record, notBefore: from, ...(to !== Infinity && { endedBy: to }) };
};

/** Within the limits: what ended longest ago goes first. */
export const bounded = (history: AddressHistory, limits: HistoryLimits): AddressHistory => {
  const cutoff = history.latest - limits.retentionMs;
  const listings = keptListings(history.listings, cutoff, limits);
  const forgets = count(listings) < count(history.listings);
  const times = listingTimes(history.listings);
  const recent =
    forgets || cutoff > 0 ? history.records.filter((record) => spanOf(record, times).to >= cutoff) : history.records;
  const surplus = recent.length - limits.maxRecords;
  const within = surplus > 0 ? mostUseful(recent, times).slice(0, limits.maxRecords) : recent;
  return {
    ...history,
    records: forgets ? within.map((record) => settled(record, times)) : within,
    listings,
    dropped: history.dropped + Math.max(0, surplus),
  };
};
