import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fixCommand, fixes, wrapCommand } from '../../shared/report/fix-command.ts';
import { clusterAt } from '../support/report-sample.ts';

const CLUSTER = clusterAt('payments-prod', 'us-west-2');
const NODE = { type: 'node', id: 'ip-10-0-1-5/uid', name: 'ip-10-0-1-5' } as const;

describe('fixCommand', () => {
  it('fills in the cluster, its region and its account', () => {
    expect(fixCommand('aws eks x --name <cluster> --region <region> # <account>', CLUSTER, [])).toBe(
      'aws eks x --name payments-prod --region us-west-2 # 111122223333',
    );
  });

  it('fills in a resource where the fix concerns exactly one', () => {
    expect(fixCommand('kubectl drain <node>', CLUSTER, [NODE])).toBe('kubectl drain ip-10-0-1-5');
    expect(fixCommand('kubectl drain <node>', CLUSTER, [NODE, { ...NODE, id: 'other' }])).toBe('kubectl drain <node>');
    expect(fixCommand('kubectl drain <node>', CLUSTER, [{ type: 'configmap', id: 'a', name: 'a' }])).toBe(
      'kubectl drain <node>',
    );
  });

  it('leaves what it has no value for', () => {
    expect(fixCommand('--addon-version <version> <node group> <constructor>', CLUSTER, [])).toBe(
      '--addon-version <version> <node group> <constructor>',
    );
  });

  it.each([
    '$(reboot)',
    '`reboot`',
    'a;b',
    'a b',
    "a'b",
    'a"b',
    'a\nb',
    '-rf',
    '--profile=x',
    '',
    'a&b',
    'a|b',
    'a>b',
    'ä',
  ])('keeps the name %j out of a shell', (name) => {
    expect(fixCommand('aws eks x --name <cluster>', { ...CLUSTER, name }, [])).toBe('aws eks x --name <cluster>');
  });
});

describe('fixes', () => {
  const failure = (key: string, name: string) => ({
    message: { key },
    resource: { type: 'node', id: name, name } as const,
  });
  const remediation = {
    text: '',
    url: '',
    command: 'aws eks update-addon --cluster-name <cluster>',
    commands: { 'not-ready': 'kubectl logs <node>' },
  };

  it('gives each message its own command, and tells which failures it mends', () => {
    const [a, b, c] = [failure('off', 'a'), failure('not-ready', 'b'), failure('missing', 'c')] as const;
    expect(fixes(remediation, CLUSTER, [a, b, c])).toEqual([
      { command: 'aws eks update-addon --cluster-name payments-prod', failures: [a, c] },
      { command: 'kubectl logs b', failures: [b] },
    ]);
  });

  it('leaves open which node is meant where there are several', () => {
    const several = [failure('not-ready', 'a'), failure('not-ready', 'b')];
    expect(fixes(remediation, CLUSTER, several)).toEqual([{ command: 'kubectl logs <node>', failures: several }]);
  });

  it('has none for no failure', () => {
    expect(fixes(remediation, CLUSTER, [])).toEqual([]);
  });
});

/** The words that bash makes of a command. */
const argumentsOf = (command: string): readonly string[] =>
  execFileSync('bash', ['-c', `show() { printf '%s\\0' "$@"; }\nshow ${command}\n`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

/** JSON may be laid out anew; every other word must be the same. */
const meaning = (word: string): string => (word.startsWith('{') ? JSON.stringify(JSON.parse(word)) : word);

const UPDATE =
  'aws eks update-addon --cluster-name payments-prod --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"env":{"NETWORK_POLICY_ENFORCING_MODE":"standard"},"enableNetworkPolicy":"true"}\'';

describe('wrapCommand', () => {
  it('leaves a command that fits', () => {
    expect(wrapCommand('kubectl get nodes', 17)).toEqual({ lines: ['kubectl get nodes'], form: 'pasteable' });
  });

  it('breaks between words and after commas of JSON, and keeps an option with its value', () => {
    expect(wrapCommand(UPDATE, 64)).toEqual({
      form: 'pasteable',
      lines: [
        'aws eks update-addon --cluster-name payments-prod \\',
        '  --addon-name vpc-cni --resolve-conflicts PRESERVE \\',
        '  --configuration-values \\',
        '  \'{"env":{"NETWORK_POLICY_ENFORCING_MODE":"standard"},',
        '    "enableNetworkPolicy":"true"}\'',
      ],
    });
  });

  it('goes on with a comment as a comment', () => {
    expect(wrapCommand('sudo mount -t bpf bpffs /sys/fs/bpf   # persist it with a unit in user data', 40)).toEqual({
      form: 'pasteable',
      lines: ['sudo mount -t bpf bpffs /sys/fs/bpf', '# persist it with a unit in user data'],
    });
  });

  it.each([30, 58, 64, 72, 90, 120])('means the same to a shell at %i columns', (width) => {
    for (const command of [
      UPDATE,
      'kubectl -n kube-system set env daemonset aws-node "A=b c" D=e\\ f # a long comment with an apostrophe: don\'t',
      `kubectl -n kube-system patch configmap amazon-vpc-cni --type merge -p '{"data":{"a":"x, y","b":"true"}}'`,
    ]) {
      const { lines, form } = wrapCommand(command, width);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      const copied = lines.join(form === 'pasteable' ? '\n' : '');
      expect(argumentsOf(copied).map(meaning)).toEqual(argumentsOf(command).map(meaning));
    }
  });

  it('says where no line break is safe', () => {
    const script = `kubectl apply -f - <<'EOF'\n${'x'.repeat(90)}\nEOF`;
    expect(wrapCommand(script, 80)).toEqual({
      form: 'broken-up',
      lines: ["kubectl apply -f - <<'EOF'", 'x'.repeat(80), 'x'.repeat(10), 'EOF'],
    });
    expect(wrapCommand(`echo 'unbalanced ${'x'.repeat(80)}`, 60).form).toBe('broken-up');
    expect(wrapCommand(`echo '${'x'.repeat(80)}'`, 60).form).toBe('broken-up');
  });
});
