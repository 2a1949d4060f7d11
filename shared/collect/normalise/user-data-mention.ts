/** What one piece of user data says. Of several pieces the last that says something wins. */
export interface Mention {
  /** The command or entry that mounts a bpffs at `/sys/fs/bpf`. */
  readonly mount?: string;
  /** The AL2 bootstrap's `--mount-bpf-fs`. */
  readonly flag?: { readonly on: boolean; readonly text: string };
  /** From a script's `--max-pods`. */
  readonly scriptMaxPods?: number;
  /** From a NodeConfig or Bottlerocket settings: what those operating systems obey, so it wins over a script's. */
  readonly settingsMaxPods?: number;
}

export const NO_MENTION: Mention = {};

export const mergeMentions = (mentions: readonly Mention[]): Mention =>
  mentions.reduce<Mention>((before, mention) => ({ ...before, ...mention }), NO_MENTION);

const MAX_PODS = 100_000;

/** `110` or `"110"` as a count of pods. */
export const podCount = (value: unknown): number | undefined => {
  const count = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count > 0 && count <= MAX_PODS ? count : undefined;
};
