/** Multipliers of hashes: every bit of a factor reaches the upper bits of its product. */
export const K0: u64 = 0x9e3779b97f4a7c15;
export const K1: u64 = 0xc2b2ae3d27d4eb4f;
export const K2: u64 = 0x165667b19e3779f9;
