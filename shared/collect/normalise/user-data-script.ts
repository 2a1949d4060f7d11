import { bpffsMountIn } from './user-data-bpffs.ts';
import { podCount, type Mention } from './user-data-mention.ts';

/** Longest line that is looked at; EC2's limit for all user data together. */
const MAX_LINE = 16_384;

/** A line without its comment: `#` begins one at the start of a word, outside quotes. */
const withoutComment = (line: string): string => {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) return line.slice(0, at);
  }
  return line;
};

/** cloud-init's YAML writes a command as `- command` or `- [command, word]`: shown without those marks. */
const withoutListMarks = (line: string): string => {
  const item = line.replace(/^(?:-\s+)+/, '');
  return item.startsWith('[') ? item.replace(/[[\],"']/g, ' ').trim() : item;
};

/** The bootstrap takes the next word as the value, never one after `=`: https://github.com/awslabs/amazon-eks-ami/blob/9e910f8743d16ac4704092ac54766fc84d375c53/templates/al2/runtime/bootstrap.sh */
const FLAG = /--mount-bpf-fs\s+["']?(true|false)\b/g;
const MAX_PODS = /--max-pods[=\s]\s*["']?(\d{1,6})\b/g;

/**
 * A shell script, or the commands in a cloud-config. Comment lines and trailing comments are not read; a line that ends
 * in a backslash goes on. Reading a command does not prove that it ran: the grade of this evidence is `declared`.
 */
export const readScript = (source: string, syntax: 'shell' | 'cloud-config'): Mention => {
  const lines = source
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.slice(0, MAX_LINE).trim())
    .map((line) => withoutComment(syntax === 'shell' ? line : withoutListMarks(line)).trim())
    .filter((line) => line !== '');
  const mount = lines.map(bpffsMountIn).find((found) => found !== undefined);
  const flag = lines.flatMap((line) => [...line.matchAll(FLAG)]).at(-1);
  const maxPods = podCount(lines.flatMap((line) => [...line.matchAll(MAX_PODS)]).at(-1)?.[1]);
  return {
    ...(mount === undefined ? {} : { mount }),
    ...(flag === undefined ? {} : { flag: { on: flag[1] === 'true', text: flag[0] } }),
    ...(maxPods === undefined ? {} : { scriptMaxPods: maxPods }),
  };
};
