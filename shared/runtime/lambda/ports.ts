/** What a function tells its operators. Fields are searchable; no field ever holds a secret or a credential. */
export interface Log {
  readonly info: (message: string, fields?: Fields) => void;
  readonly warn: (message: string, fields?: Fields) => void;
  readonly error: (message: string, fields?: Fields) => void;
}

export interface Fields {
  /** What ties the lines of one cause together, over all functions. */
  readonly correlationId?: string;
  readonly error?: unknown;
  readonly [name: string]: unknown;
}

/** Names are the metrics of infra/'s alarms and dashboard. */
export interface Meter {
  /** Adds to a count. */
  readonly count: (name: CountName, value?: number) => void;
  readonly seconds: (name: SecondsName, value: number) => void;
}

export type CountName =
  | 'EventsIgnored'
  | 'AuditsRequested'
  | 'NodesToVerify'
  | 'PoisonMessages'
  | 'ClustersAudited'
  | 'AuditGaps'
  | 'FindingsOpened'
  | 'FindingsResolved'
  | 'NodesVerified'
  | 'NodesNeverJoined'
  | 'NodesNotCompliant'
  | 'NodesUnknown'
  | 'NodesAbandoned'
  | 'VerdictBatches'
  | 'VerdictsUnreadable'
  | 'UnknownAccounts'
  | 'ChangesEnqueued'
  | 'ChangesNotEnqueued'
  | 'Delivered'
  | 'DeliveryRetries'
  | 'DeliveryRefused'
  | 'FleetClusters'
  | 'FleetGaps';

export type SecondsName = 'AuditDuration' | 'AuditAge' | 'DeliveryLag';
