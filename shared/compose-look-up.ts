/** Wires the questions whose a thing is, for the Lambdas that ask them. */
export { listClusters, lookUp } from './collect/look-up/look-up.ts';
