import type { UserDataReading } from '../../model/facts-aws.ts';
import { oneLine } from './one-line.ts';
import { readBottlerocket } from './user-data-bottlerocket.ts';
import { asText, fromBase64 } from './user-data-bytes.ts';
import { mergeMentions, NO_MENTION, type Mention } from './user-data-mention.ts';
import { isMime, readMimeParts, type MimePart } from './user-data-mime.ts';
import { readNodeConfig } from './user-data-node-config.ts';
import { readScript } from './user-data-script.ts';

/** Most characters kept of the line that decided: enough to recognise a mount command. */
const MAX_DECIDING_LINE = 160;

/** cloud-init tells a payload's type by its first characters, white space and case aside. */
const beginsWith = (source: string, ...starts: readonly string[]): boolean => {
  const head = source.trimStart().slice(0, 64).toLowerCase();
  return starts.some((start) => head.startsWith(start));
};

const readPart = ({ contentType, body }: MimePart): Mention => {
  if (contentType === 'application/node.eks.aws') return readNodeConfig(body) ?? NO_MENTION;
  if (contentType === 'text/cloud-config' || beginsWith(body, '#cloud-config')) return readScript(body, 'cloud-config');
  const isScript = contentType === 'text/x-shellscript' || contentType === 'text/cloud-boothook';
  return isScript || beginsWith(body, '#!', '#cloud-boothook') ? readScript(body, 'shell') : NO_MENTION;
};

interface Read {
  readonly form: UserDataReading['form'];
  readonly mention: Mention;
}

const readText = (source: string): Read => {
  if (source.trim() === '') return { form: 'none', mention: NO_MENTION };
  if (isMime(source)) return { form: 'mime', mention: mergeMentions(readMimeParts(source).map(readPart)) };
  if (beginsWith(source, '#!', '#cloud-boothook')) return { form: 'shell', mention: readScript(source, 'shell') };
  // The model has no word for a cloud-config; its commands run all the same.
  if (beginsWith(source, '#cloud-config')) return { form: 'unrecognised', mention: readScript(source, 'cloud-config') };
  const node = readNodeConfig(source);
  if (node !== undefined) return { form: 'nodeadm', mention: node };
  const bottlerocket = readBottlerocket(source);
  if (bottlerocket !== undefined) return { form: 'bottlerocket', mention: bottlerocket };
  return { form: 'unrecognised', mention: NO_MENTION };
};

const bpffsOf = ({ mount, flag }: Mention): Pick<UserDataReading, 'bpffs' | 'bpffsLine'> => {
  const line = mount ?? flag?.text;
  if (line === undefined) return { bpffs: 'not-mentioned' };
  const bpffs = mount !== undefined || flag?.on === true ? 'mounted' : 'disabled';
  return { bpffs, bpffsLine: oneLine(line, MAX_DECIDING_LINE) };
};

/**
 * What EC2 user data says about bpffs and pods per node. The text itself is dropped: of a command only the part that
 * decides is kept, never the line around it.
 *
 * `userData` is base64, as ec2:DescribeLaunchTemplateVersions gives it
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html); what is inside may be
 * gzip. A script, MIME multipart (scripts, cloud-config and nodeadm's NodeConfig among its parts), one NodeConfig, or
 * Bottlerocket's TOML. Never throws: text of another form, and what cannot be decoded within 1 MiB, is `unrecognised`.
 */
export const readUserData = (userData: string | undefined): UserDataReading => {
  if (userData === undefined || userData === '') return { form: 'none', bpffs: 'not-mentioned' };
  const bytes = fromBase64(userData);
  const source = bytes && asText(bytes);
  if (source === undefined) return { form: 'unrecognised', bpffs: 'not-mentioned' };
  const { form, mention } = readText(source);
  const maxPods = mention.settingsMaxPods ?? mention.scriptMaxPods;
  return { form, ...bpffsOf(mention), ...(maxPods === undefined ? {} : { maxPods }) };
};
