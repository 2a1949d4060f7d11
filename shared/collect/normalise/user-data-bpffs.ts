const MOUNT_POINT = '/sys/fs/bpf';

/** systemd derives the name from the mount point: https://www.freedesktop.org/software/systemd/man/latest/systemd.mount.html */
const UNIT = 'sys-fs-bpf.mount';

/** Words of a shell that may stand before the command itself. */
const BEFORE_COMMAND = new Set([
  'if',
  'then',
  'else',
  'do',
  '!',
  '(',
  '{',
  'sudo',
  'exec',
  'command',
  'nohup',
  'sh',
  'bash',
]);

const STARTING = new Set(['start', 'restart', 'enable', 'reenable']);
const WRITING = new Set(['tee', 'cp', 'mv', 'install', 'path:']);

const wordsOf = (segment: string): readonly string[] => {
  const words = segment.replace(/["']/g, '').split(/\s+/).filter(Boolean);
  const at = words.findIndex((word) => !BEFORE_COMMAND.has(word) && !word.startsWith('-') && !/^\w+=/.test(word));
  return at < 0 ? [] : words.slice(at);
};

const fileName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** `mount -t bpf … /sys/fs/bpf`, or with `bpffs` as its source. */
const isMountCommand = (words: readonly string[]): boolean => {
  if (fileName(words[0] ?? '') !== 'mount') return false;
  if (!words.some((word) => word === MOUNT_POINT || word === `${MOUNT_POINT}/`)) return false;
  return words.some(
    (word, at) =>
      word === 'bpffs' ||
      word === '-tbpf' ||
      word === '--types=bpf' ||
      ((word === '-t' || word === '--types') && words[at + 1] === 'bpf'),
  );
};

const isUnitStarted = (words: readonly string[]): boolean => {
  if (fileName(words[0] ?? '') !== 'systemctl') return false;
  const verb = words.slice(1).find((word) => !word.startsWith('-'));
  return verb !== undefined && STARTING.has(verb) && words.includes(UNIT);
};

/** Redirected into, copied to, or named as the file that cloud-init writes. */
const isUnitWritten = (words: readonly string[]): boolean => {
  const at = words.findIndex((word) => fileName(word) === UNIT || word.endsWith(`>${UNIT}`));
  if (at < 0) return false;
  return (
    WRITING.has(fileName(words[0] ?? '')) || words[at]?.includes('>') === true || words[at - 1]?.endsWith('>') === true
  );
};

/** An fstab entry: a line of its own (a here-document, cloud-init's `mounts`), or one printed into `/etc/fstab`. */
const isFstabEntry = (line: string): boolean => {
  const words = line
    .replace(/["']/g, '')
    .replaceAll(String.raw`\t`, ' ')
    .split(/\s+/);
  const at = words.findIndex((word, index) => word === MOUNT_POINT && words[index + 1] === 'bpf');
  if (at < 1) return false;
  const printed = words.slice(0, at).some((word) => word === 'echo' || word === 'printf');
  return at === 1 || (printed && words.slice(at).some((word) => word.endsWith('/etc/fstab')));
};

/** The part of a command line that mounts a bpffs at `/sys/fs/bpf`. `mount -t bpf` alone only lists such mounts. */
export const bpffsMountIn = (line: string): string | undefined => {
  if (!line.includes(MOUNT_POINT) && !line.includes(UNIT)) return undefined;
  if (isFstabEntry(line)) return line;
  return line
    .split(/\|\||&&|[;|]/)
    .map((segment) => segment.trim())
    .find((segment) => {
      const words = wordsOf(segment);
      return isMountCommand(words) || isUnitStarted(words) || isUnitWritten(words);
    });
};
