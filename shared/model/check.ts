import type { Fact, Looked } from './fact.ts';
import type { Evidence, Message, MessageValues, MissingFact, Resource, ResourceType } from './outcome.ts';
import type { FactKey, FactValues } from './snapshot.ts';
import type { StandardKey } from './standards.ts';

/** Constant per check: two severities are two checks. The labels are ASFF's. */
export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];

export type Section = 'network-policy' | 'security-groups-for-pods' | 'calico-migration' | 'fleet' | 'denied-traffic';

/** One requirement or official statement that the check tests. */
export interface Reference {
  /** A key of `standards.ts`. */
  readonly standard: StandardKey;
  /** The control's or chapter's name in that standard. */
  readonly control: string;
  readonly url: string;
  /** The day a person last compared the check with the page, YYYY-MM-DD. */
  readonly readOn: string;
}

export interface Remediation {
  /** Plain words, ≤ 512 characters (ASFF's limit). */
  readonly text: string;
  /** The exact command or patch; `<cluster>`-style placeholders only where the finding cannot fill them. */
  readonly command: string;
  /** A more exact command for some of the check's messages, by key; `command` for the others. */
  readonly commands?: { readonly [message: string]: string };
  readonly url: string;
}

/** The command that mends what a message says. */
export const remediationCommand = ({ command, commands = {} }: Remediation, message: string): string =>
  Object.hasOwn(commands, message) ? (commands[message] ?? command) : command;

/** Greatest age of a fact against the snapshot's `takenAt`, in seconds, by needed key. */
export type Needs<K extends FactKey> = { readonly [P in K]: { readonly maxAgeSeconds: number } };

/** What a check's body may read: needed facts are looked at, used ones may be unobserved and say so. */
export type FactsOf<N extends FactKey, U extends FactKey> = { readonly [P in N]: Looked<FactValues[P]> } & {
  readonly [P in U]: Fact<FactValues[P]>;
};

/** A result as a check's body gives it; the engine adds the check's id and renders the message. */
export type Result<M extends string> = {
  readonly resource: Resource;
  readonly message: M;
  readonly values?: MessageValues;
} & (
  | { readonly status: 'pass' | 'fail'; readonly evidence: readonly [Evidence, ...Evidence[]] }
  | { readonly status: 'not-applicable'; readonly evidence?: readonly Evidence[] }
  | {
      readonly status: 'not-evaluated';
      readonly missing: readonly [MissingFact, ...MissingFact[]];
      readonly evidence?: readonly Evidence[];
    }
);

export interface CheckDefinition<N extends FactKey, U extends FactKey, M extends string> {
  /** `<section>/<name>`, equal to the file's path, stable for ever. */
  readonly id: `${Section}/${string}`;
  /** The passing condition, ≤ 120 characters, no full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What an outcome is about. */
  readonly resource: ResourceType;
  /** The harm when it fails, ≤ 400 characters. */
  readonly rationale: string;
  readonly remediation: Remediation;
  readonly references: readonly [Reference, ...Reference[]];
  readonly lifecycle: 'experimental' | 'stable' | { readonly replacedBy: string };
  /** Without all of these the body is not called and the outcome is not-evaluated. */
  readonly needs: Needs<N>;
  /** Read where there are any; each may be unobserved. */
  readonly uses: readonly U[];
  /** Templates by key; `{name}` stands for a value. */
  readonly messages: { readonly [K in M]: string };
  readonly evaluate: (facts: FactsOf<N, U>, cluster: { readonly name: string }) => readonly Result<M>[];
}

/** A check with its types closed over: what the engine and the catalogue hold. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly resource: ResourceType;
  readonly rationale: string;
  readonly remediation: Remediation;
  readonly references: readonly Reference[];
  readonly lifecycle: CheckDefinition<FactKey, FactKey, string>['lifecycle'];
  readonly needs: { readonly [K in FactKey]?: { readonly maxAgeSeconds: number } };
  readonly uses: readonly FactKey[];
  readonly messages: { readonly [key: string]: string };
  readonly evaluate: (
    facts: { readonly [K in FactKey]: Fact<FactValues[K]> },
    cluster: { readonly name: string },
  ) => readonly Result<string>[];
}

/**
 * Declares a check. Its body sees exactly the facts it names: reading another does not compile.
 * The engine calls the body only when every needed fact was looked at and is young enough.
 */
export const defineCheck = <const N extends FactKey, const U extends FactKey, const M extends string>(
  definition: CheckDefinition<N, U, M>,
): Check => ({
  ...definition,
  // The engine has checked every needed fact before it calls, which is what FactsOf<N, U> states beyond Facts.
  evaluate: (facts, cluster) => definition.evaluate(facts as unknown as FactsOf<N, U>, cluster),
});

const PLACEHOLDER = /\{([A-Za-z]+)\}/g;

/** Puts values into a template. An unknown name stays as it is, so that a mistake is seen. */
export const renderMessage = (
  templates: { readonly [key: string]: string },
  key: string,
  values: MessageValues = {},
): Message => {
  const template = Object.hasOwn(templates, key) ? (templates[key] ?? key) : key;
  return {
    key,
    values,
    text: template.replace(PLACEHOLDER, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    ),
  };
};

/** Seconds. Configuration and nodes change within minutes; an hour-old reading is no longer evidence of now. */
export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 86_400;
