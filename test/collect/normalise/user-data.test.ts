import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUserData } from '../../../shared/collect/normalise/user-data.ts';

const encoded = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const read = (...lines: readonly string[]): ReturnType<typeof readUserData> => readUserData(encoded(lines.join('\n')));
const shell = (...lines: readonly string[]): ReturnType<typeof readUserData> => read('#!/bin/bash', ...lines);

const mime = (...parts: readonly (readonly string[])[]): string =>
  [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="//"',
    '',
    ...parts.flatMap((part) => ['--//', ...part]),
    '--//--',
    '',
  ].join('\r\n');

describe('forms of user data', () => {
  test.each([
    { name: 'none', userData: undefined, form: 'none' },
    { name: 'empty', userData: '', form: 'none' },
    { name: 'white space', userData: encoded(' \n'), form: 'none' },
    { name: 'a script', userData: encoded('#!/bin/sh\ntrue\n'), form: 'shell' },
    { name: 'a script after a blank line', userData: encoded('\n#!/bin/sh\n'), form: 'shell' },
    { name: 'a boothook', userData: encoded('#cloud-boothook\ntrue\n'), form: 'shell' },
    { name: 'MIME', userData: encoded(mime(['Content-Type: text/x-shellscript', '', '#!/bin/sh'])), form: 'mime' },
    {
      name: 'a NodeConfig',
      userData: encoded('apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n'),
      form: 'nodeadm',
    },
    {
      name: 'Bottlerocket',
      userData: encoded('# node\n[settings.kubernetes]\ncluster-name = "a"\n'),
      form: 'bottlerocket',
    },
    { name: 'a gzipped script', userData: encoded(gzipSync('#!/bin/sh\ntrue\n')), form: 'shell' },
    { name: 'PowerShell', userData: encoded('<powershell>\nmount\n</powershell>'), form: 'unrecognised' },
    { name: 'TOML of something else', userData: encoded('[server]\nport = 1\n'), form: 'unrecognised' },
    { name: 'YAML of something else', userData: encoded('kind: Pod\napiVersion: v1\n'), form: 'unrecognised' },
    { name: 'no base64', userData: '#!/bin/bash', form: 'unrecognised' },
    { name: 'bytes that are no text', userData: encoded(Buffer.from([0xff, 0x00, 0x01])), form: 'unrecognised' },
    { name: 'damaged gzip', userData: encoded(gzipSync('#!/bin/sh\n').subarray(0, 12)), form: 'unrecognised' },
    { name: 'a gzip bomb', userData: encoded(gzipSync(Buffer.alloc(50_000_000, 0x23))), form: 'unrecognised' },
  ])('$name is $form', ({ userData, form }) => {
    expect(readUserData(userData)).toEqual({ form, bpffs: 'not-mentioned' });
  });
});

describe('a bpffs in a script', () => {
  test.each([
    { line: 'mount -t bpf bpffs /sys/fs/bpf', kept: 'mount -t bpf bpffs /sys/fs/bpf' },
    {
      line: '  sudo /bin/mount -o rw -t bpf none /sys/fs/bpf/ # pin maps',
      kept: 'sudo /bin/mount -o rw -t bpf none /sys/fs/bpf/',
    },
    { line: 'mountpoint -q /sys/fs/bpf || mount bpffs -t bpf "/sys/fs/bpf"', kept: 'mount bpffs -t bpf "/sys/fs/bpf"' },
    {
      line: 'if ! mountpoint -q /sys/fs/bpf; then mount --types bpf bpf /sys/fs/bpf; fi',
      kept: 'then mount --types bpf bpf /sys/fs/bpf',
    },
    { line: 'mount bpffs /sys/fs/bpf', kept: 'mount bpffs /sys/fs/bpf' },
    { line: "bash -c 'mount -t bpf bpffs /sys/fs/bpf'", kept: "bash -c 'mount -t bpf bpffs /sys/fs/bpf'" },
    {
      line: 'echo "bpffs /sys/fs/bpf bpf defaults 0 0" >> /etc/fstab',
      kept: 'echo "bpffs /sys/fs/bpf bpf defaults 0 0" >> /etc/fstab',
    },
    {
      line: String.raw`printf 'none\t/sys/fs/bpf\tbpf\trw 0 0\n' | sudo tee -a /etc/fstab`,
      kept: String.raw`printf 'none\t/sys/fs/bpf\tbpf\trw 0 0\n' | sudo tee -a /etc/fstab`,
    },
    { line: 'none /sys/fs/bpf bpf rw,nosuid 0 0', kept: 'none /sys/fs/bpf bpf rw,nosuid 0 0' },
    { line: 'systemctl enable --now sys-fs-bpf.mount', kept: 'systemctl enable --now sys-fs-bpf.mount' },
    { line: 'systemctl daemon-reload && systemctl start sys-fs-bpf.mount', kept: 'systemctl start sys-fs-bpf.mount' },
    {
      line: 'cat <<EOF >/etc/systemd/system/sys-fs-bpf.mount',
      kept: 'cat <<EOF >/etc/systemd/system/sys-fs-bpf.mount',
    },
    {
      line: "cat > /etc/systemd/system/sys-fs-bpf.mount <<'EOF'",
      kept: "cat > /etc/systemd/system/sys-fs-bpf.mount <<'EOF'",
    },
    {
      line: 'cat unit | sudo tee /etc/systemd/system/sys-fs-bpf.mount >/dev/null',
      kept: 'sudo tee /etc/systemd/system/sys-fs-bpf.mount >/dev/null',
    },
    {
      line: 'cp sys-fs-bpf.mount /etc/systemd/system/sys-fs-bpf.mount',
      kept: 'cp sys-fs-bpf.mount /etc/systemd/system/sys-fs-bpf.mount',
    },
  ])('$line mounts it', ({ line, kept }) => {
    expect(shell('set -e', line, 'true')).toEqual({ form: 'shell', bpffs: 'mounted', bpffsLine: kept });
  });

  test.each([
    '# mount -t bpf bpffs /sys/fs/bpf',
    '   #mount -t bpf bpffs /sys/fs/bpf',
    'true # mount -t bpf bpffs /sys/fs/bpf',
    '# bpffs /sys/fs/bpf bpf defaults 0 0',
    'mount -t bpf | grep /sys/fs/bpf',
    'mount | grep bpf',
    'mount -t bpf bpf /run/bpf',
    'mount -t bpf bpffs /sys/fs/bpf/globals',
    'mount -t tmpfs tmpfs /sys/fs/bpf',
    'umount /sys/fs/bpf',
    'echo mount -t bpf bpffs /sys/fs/bpf',
    'grep -q "bpffs /sys/fs/bpf bpf" /etc/fstab',
    'echo "bpffs /sys/fs/bpf bpf defaults 0 0"',
    'systemctl mask sys-fs-bpf.mount',
    'systemctl is-active sys-fs-bpf.mount',
    'systemctl start sys-fs-bpf.mount.bak',
    'ls /etc/systemd/system/sys-fs-bpf.mount',
    'After=sys-fs-bpf.mount',
    '/etc/eks/bootstrap.sh shop-prod --mount-bpf-fs=true',
    '# /etc/eks/bootstrap.sh shop-prod --mount-bpf-fs true',
  ])('%s does not', (line) => {
    expect(shell(line)).toEqual({ form: 'shell', bpffs: 'not-mentioned' });
  });

  test('the bootstrap’s flag says it either way, and nothing of its line is kept but the flag', () => {
    const bootstrap = (flag: string): ReturnType<typeof readUserData> =>
      shell('/etc/eks/bootstrap.sh shop-prod \\', `  --token hunter2 ${flag} \\`, '  --ip-family ipv4');
    expect(bootstrap('--mount-bpf-fs true')).toEqual({
      form: 'shell',
      bpffs: 'mounted',
      bpffsLine: '--mount-bpf-fs true',
    });
    expect(bootstrap('--mount-bpf-fs false')).toEqual({
      form: 'shell',
      bpffs: 'disabled',
      bpffsLine: '--mount-bpf-fs false',
    });
  });

  test('a mount of its own outweighs a flag that switches the bootstrap’s off', () => {
    expect(shell('mount -t bpf bpffs /sys/fs/bpf', '/etc/eks/bootstrap.sh a --mount-bpf-fs false')).toMatchObject({
      bpffs: 'mounted',
      bpffsLine: 'mount -t bpf bpffs /sys/fs/bpf',
    });
  });

  test('of two flags the last holds', () => {
    expect(shell('b.sh --mount-bpf-fs true', 'b.sh --mount-bpf-fs "false"')).toMatchObject({ bpffs: 'disabled' });
  });

  test('the deciding line is bounded and printable', () => {
    const { bpffsLine } = shell(`mount -t bpf bpffs /sys/fs/bpf ${'\u001B[31m'.repeat(500)}`);
    expect(bpffsLine).toHaveLength(160);
    expect(bpffsLine).toMatch(/^mount -t bpf bpffs \/sys\/fs\/bpf \\u\{1b\}\[31m/);
  });

  test('a text without shebang is never run, so it says nothing', () => {
    expect(read('mount -t bpf bpffs /sys/fs/bpf')).toEqual({ form: 'unrecognised', bpffs: 'not-mentioned' });
  });
});

describe('a bpffs in a cloud-config', () => {
  test.each([
    ['runcmd:', '  - mount -t bpf bpffs /sys/fs/bpf'],
    ['runcmd:', '  - [mount, -t, bpf, bpffs, /sys/fs/bpf]'],
    ['runcmd:', '- [ sh, -c, "mount -t bpf bpffs /sys/fs/bpf" ]'],
    ['mounts:', '  - [ bpffs, /sys/fs/bpf, bpf, "rw,nosuid", "0", "0" ]'],
    ['write_files:', '  - path: /etc/systemd/system/sys-fs-bpf.mount'],
  ])('%s %s', (section, entry) => {
    expect(read('#cloud-config', section, entry)).toMatchObject({ form: 'unrecognised', bpffs: 'mounted' });
  });

  test('a comment says nothing', () => {
    expect(read('#cloud-config', 'runcmd:', '  # - mount -t bpf bpffs /sys/fs/bpf').bpffs).toBe('not-mentioned');
  });
});

describe('MIME multipart', () => {
  const NODE_CONFIG = ['apiVersion: node.eks.aws/v1alpha1', 'kind: NodeConfig', 'spec:', '  kubelet:', '    config:'];

  test('a script part is read, whatever its encoding', () => {
    const script = '#!/bin/bash\nmount -t bpf bpffs /sys/fs/bpf\n';
    const parts = [
      ['Content-Type: text/x-shellscript; charset="us-ascii"', '', ...script.split('\n')],
      ['Content-Transfer-Encoding: base64', 'Content-Type: text/x-shellscript', '', encoded(script)],
      ['Content-Transfer-Encoding: base64', 'Content-Type: application/gzip', '', encoded(gzipSync(script))],
      [
        'Content-Type: text/plain',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '#!/bin/bash',
        'mount -t bpf bpffs =',
        '/sys/fs/bpf',
      ],
    ];
    for (const part of parts) {
      expect(readUserData(encoded(mime(part)))).toEqual({
        form: 'mime',
        bpffs: 'mounted',
        bpffsLine: 'mount -t bpf bpffs /sys/fs/bpf',
      });
    }
  });

  test('NodeConfig parts are merged in order: the last number of pods holds', () => {
    const part = (maxPods: number): readonly string[] => [
      'Content-Type: application/node.eks.aws',
      '',
      '---',
      ...NODE_CONFIG,
      `      maxPods: ${maxPods}`,
    ];
    expect(readUserData(encoded(mime(part(29), part(110))))).toEqual({
      form: 'mime',
      bpffs: 'not-mentioned',
      maxPods: 110,
    });
  });

  test('a NodeConfig’s number outweighs a script’s', () => {
    const data = mime(
      ['Content-Type: application/node.eks.aws', '', ...NODE_CONFIG, '      maxPods: 58'],
      ['Content-Type: text/x-shellscript', '', '#!/bin/sh', 'kubelet --max-pods=17'],
    );
    expect(readUserData(encoded(data)).maxPods).toBe(58);
  });

  test('parts inside a part are found, and a cut-off message is read as far as it goes', () => {
    const inner = [
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/x-shellscript',
      '',
      '#!/bin/sh',
      'mount -t bpf bpffs /sys/fs/bpf',
    ];
    const whole = mime(inner);
    expect(readUserData(encoded(whole)).bpffs).toBe('mounted');
    expect(readUserData(encoded(whole.replace('--//--', ''))).bpffs).toBe('mounted');
  });

  test('of two parts that say something the last is kept', () => {
    const script = (...lines: readonly string[]): readonly string[] => [
      'Content-Type: text/x-shellscript',
      '',
      '#!/bin/sh',
      ...lines,
    ];
    const data = mime(
      script('b.sh --mount-bpf-fs false', 'kubelet --max-pods=17'),
      script('mount -t bpf bpffs /sys/fs/bpf'),
      script('kubelet --max-pods=29'),
    );
    expect(readUserData(encoded(data))).toEqual({
      form: 'mime',
      bpffs: 'mounted',
      bpffsLine: 'mount -t bpf bpffs /sys/fs/bpf',
      maxPods: 29,
    });
  });

  test('a part of another type is not read', () => {
    const data = mime(['Content-Type: text/x-include-url', '', 'mount -t bpf bpffs /sys/fs/bpf']);
    expect(readUserData(encoded(data))).toEqual({ form: 'mime', bpffs: 'not-mentioned' });
  });

  test('a message without boundary has no parts', () => {
    expect(read('MIME-Version: 1.0', 'Content-Type: multipart/mixed', '', '#!/bin/sh').form).toBe('mime');
  });
});

describe('pods per node', () => {
  test.each([
    ["/etc/eks/bootstrap.sh a --use-max-pods false --kubelet-extra-args '--max-pods=110'", 110],
    ["/etc/eks/bootstrap.sh a --kubelet-extra-args '--node-labels=a=b --max-pods 234'", 234],
    ['kubelet --max-pods=0', undefined],
    ['# kubelet --max-pods=10', undefined],
    ['/etc/eks/bootstrap.sh a --use-max-pods true', undefined],
  ])('%s', (line, maxPods) => {
    expect(shell(line).maxPods).toBe(maxPods);
  });

  test('a NodeConfig, its kubelet flags before its kubelet configuration', () => {
    const config = ['apiVersion: node.eks.aws/v1alpha1', 'kind: NodeConfig', 'spec:', '  kubelet:'];
    expect(read(...config, '    config: {maxPods: 58}').maxPods).toBe(58);
    expect(read(...config, '    config: {maxPods: 58}', '    flags: ["--max-pods=20", "--v=2"]').maxPods).toBe(20);
    expect(read(...config, '    config: {shutdownGracePeriod: 30s}')).toEqual({
      form: 'nodeadm',
      bpffs: 'not-mentioned',
    });
  });

  test('Bottlerocket’s settings', () => {
    expect(read('[settings.kubernetes]', 'max-pods = 42').maxPods).toBe(42);
    expect(read('settings.kubernetes.max-pods = "42"').maxPods).toBe(42);
    expect(read('[settings.kubernetes]', 'max-pods = -1')).toEqual({ form: 'bottlerocket', bpffs: 'not-mentioned' });
  });
});

describe('any user data', () => {
  const WORDS = [
    'mount',
    '-t',
    'bpf',
    'bpffs',
    '/sys/fs/bpf',
    '#',
    '"',
    "'",
    '\\',
    '\n',
    '--mount-bpf-fs',
    'true',
    '[',
    ']',
    '- ',
    '>',
    '|',
    ';',
    'MIME-Version: 1.0',
    '--//',
    '#!',
    'boundary=//',
  ];

  test('is read without an exception, and never kept beyond the bound', () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary' })), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.boolean(), (words, isPacked) => {
        const bytes = Buffer.from(words.join(' '));
        const { bpffsLine = '' } = readUserData(encoded(isPacked ? gzipSync(bytes) : bytes));
        expect(bpffsLine.length).toBeLessThanOrEqual(160);
      }),
    );
  });

  test('any text at all is no reason to throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readUserData(text)).toHaveProperty('form');
      }),
    );
  });
});
