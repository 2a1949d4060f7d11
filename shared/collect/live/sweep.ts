/**
 * Clusters that one process collects from at the same time where it goes through a fleet. Collecting is bound by CPU
 * from about eight on: 35 ms of it for a cluster of 20 nodes, which takes 0.3 s alone when each answer comes after 30 ms.
 * More at once do not end sooner, they only wait for each other: 32 took as long as 12, with the p99 of one cluster
 * 5 to 8 times what it is alone instead of 3. Some more than eight, because real answers may take longer. Measured by
 * `node test/bench/fleet/bench.ts --sweep 8,12,16,24,32` on two cores, shared with the servers that answered.
 */
export const SWEEP_CONCURRENCY = 12;
