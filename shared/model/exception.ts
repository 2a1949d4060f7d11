/** A person's decision that a finding stands but needs no action until a day. It never changes an evaluation. */
export interface Exception {
  /** Check id. */
  readonly check: string;
  /** Cluster ARN or name; every cluster where absent. */
  readonly cluster?: string;
  /** Resource name or id; every resource where absent. */
  readonly resource?: string;
  readonly owner: string;
  readonly reason: string;
  /** YYYY-MM-DD or RFC 3339; from that moment the exception no longer holds. */
  readonly expires: string;
}

export type ExceptionState = 'active' | 'expired' | 'unused';

export interface ExceptionUse {
  readonly exception: Exception;
  readonly state: ExceptionState;
  /** Ids of the findings it holds for. */
  readonly findings: readonly string[];
}
