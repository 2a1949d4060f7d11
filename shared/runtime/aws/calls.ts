/** One request to a service, as `service:Operation`, for the declared-permissions test, the progress line and the bill. */
export interface AwsCall {
  readonly action: string;
  readonly account: string;
  readonly region: string;
}

export interface CallLog {
  readonly record: (call: AwsCall) => void;
  /** Requests so far, by action. */
  readonly counts: () => ReadonlyMap<string, number>;
}

export const callLog = (onCall: (call: AwsCall) => void = () => undefined): CallLog => {
  const counts = new Map<string, number>();
  return {
    record: (call) => {
      counts.set(call.action, (counts.get(call.action) ?? 0) + 1);
      onCall(call);
    },
    counts: () => counts,
  };
};
