import { isIP } from 'node:net';
import { becauseText } from '../shared/policy/because-text.ts';
import { decidingSide } from '../shared/policy/connectivity-matrix.ts';
import { decide } from '../shared/policy/decide.ts';
import type { Decision, Verdict } from '../shared/policy/decision.ts';
import type { Endpoint } from '../shared/policy/flow.ts';
import type { PolicyIndex } from '../shared/policy/policy-index.ts';
import { oneLine, UsageError } from './io.ts';
import type { NumberedPort } from './simulate-ports.ts';

/** An end of the matrix and what it is called there: `namespace/pod`, or the address as given. */
export interface MatrixEnd {
  readonly label: string;
  readonly endpoint: Endpoint;
  readonly isPod: boolean;
}

/** One row as it is printed. */
export interface PrintedRow {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
  /** `null` where it cannot be known. */
  readonly allowed: boolean | null;
  readonly because: string;
}

export interface Matrix {
  readonly ends: readonly MatrixEnd[];
  readonly ports: readonly NumberedPort[];
  readonly rows: () => Generator<PrintedRow>;
}

/** An address that a pod or a node has is judged as theirs; two owners at once cannot be told apart. */
const externalEnd = (index: PolicyIndex, text: string): MatrixEnd => {
  const ip = text.trim();
  if (isIP(ip) === 0) throw new UsageError(`--external ${oneLine(text, 60)}: expected an IP address`);
  const [owner, ...others] = index.endpointsAt(ip);
  const endpoint = owner === undefined || others.length > 0 ? ({ kind: 'external', ip } as const) : owner;
  return { label: ip, endpoint, isPod: false };
};

const namespacesOf = (index: PolicyIndex, asked: readonly string[]): ReadonlySet<string> => {
  const wanted = new Set(asked.flatMap((one) => one.split(',')).map((one) => one.trim()));
  for (const name of wanted) {
    if (!index.inputs.namespaces.some((namespace) => namespace.name === name)) {
      throw new UsageError(`--namespace ${oneLine(name, 80)}: no such namespace`);
    }
  }
  return wanted;
};

/** Both directions of every address, in the order given, each once. */
export const matrixEnds = (
  index: PolicyIndex,
  external: readonly string[],
  namespaces: readonly string[] = [],
): readonly MatrixEnd[] => {
  const wanted = namespacesOf(index, namespaces);
  const pods = index.pods.flatMap(({ pod: { namespace, name } }): readonly MatrixEnd[] =>
    wanted.size > 0 && !wanted.has(namespace)
      ? []
      : [{ label: `${namespace}/${name}`, endpoint: { kind: 'pod', namespace, name }, isPod: true }],
  );
  const addresses = new Set(external.flatMap((one) => one.split(',')));
  return [...pods, ...[...addresses].map((ip) => externalEnd(index, ip))];
};

const ALLOWED: { readonly [V in Verdict]: boolean | null } = { allowed: true, denied: false, unknown: null };

/** Decisions of equal pods are one object, and so is what is said of them: a matrix has far fewer reasons than rows. */
const reasons = (): ((decision: Decision) => string) => {
  const known = new WeakMap<Decision, string>();
  return (decision) => {
    const found = known.get(decision);
    if (found !== undefined) return found;
    const [direction, side] = decidingSide(decision);
    const text = `${direction}: ${becauseText(side)}`;
    known.set(decision, text);
    return text;
  };
};

function* printedRows(
  index: PolicyIndex,
  ends: readonly MatrixEnd[],
  ports: readonly NumberedPort[],
): Generator<PrintedRow> {
  const reasonOf = reasons();
  for (const from of ends) {
    for (const to of ends) {
      if (!from.isPod && !to.isPod) continue;
      for (const { port, protocol } of ports) {
        const decision = decide(index, { from: from.endpoint, to: to.endpoint, port, protocol });
        const allowed = ALLOWED[decision.allowed];
        yield { from: from.label, to: to.label, port, protocol, allowed, because: reasonOf(decision) };
      }
    }
  }
}

/** More would be gigabytes of text that nobody reads. */
export const MAX_ROWS = 20_000_000;

/** @throws UsageError where there are no pods, or more rows than make sense */
export const matrixOf = (index: PolicyIndex, ends: readonly MatrixEnd[], ports: readonly NumberedPort[]): Matrix => {
  const pods = ends.filter(({ isPod }) => isPod).length;
  if (pods === 0) throw new UsageError('expected pods to ask about, found none that are live');
  const pairs = ends.length ** 2 - (ends.length - pods) ** 2;
  if (pairs * ports.length > MAX_ROWS) {
    throw new UsageError(
      `expected at most ${MAX_ROWS} rows, found ${pairs * ports.length}; ask about fewer ports, or about some namespaces with --namespace`,
    );
  }
  return { ends, ports, rows: () => printedRows(index, ends, ports) };
};
