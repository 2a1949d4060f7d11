/**
 * Clusters that one process collects from at the same time where it goes through a fleet. Collecting is bound by CPU
 * from about eight on: 35 ms of it for a cluster of 20 nodes, which takes 0.3 s alone when each answer comes after 30 ms.
 * More at once only wait for each other: with 12 the p99 of one cluster is 2.0 to 2.2 times what it is alone on two idle
 * cores (200 clusters, three rounds), and on busy ones 12 and 16 kept it at half of what 24 and 32 made of it. Measured by
 * `node test/bench/fleet/bench.ts --sweep 8,12,16,24,32`, the servers that answered on the same cores.
 */
export const SWEEP_CONCURRENCY = 12;
