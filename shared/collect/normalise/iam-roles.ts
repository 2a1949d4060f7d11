import * as z from 'zod';
import type { PolicyStatement } from '../../model/facts-aws-network.ts';
import { text } from './field.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';
import { normalisePolicyDocument } from './policy-document.ts';

/** The parts of a role's ARN; `name` is the last part of its path, which is what IAM is asked with. */
export interface RoleArn {
  readonly account: string;
  readonly name: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns; undefined where it is none. */
export const readRoleArn = (arn: string): RoleArn | undefined => {
  const [, account, name] =
    /^arn:[a-z-]+:iam::(\d{12}):role\/(?:[\u0021-\u007E]+\/)?([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  return account === undefined || name === undefined ? undefined : { account, name };
};

const role = z.object({
  Role: z.object({ Arn: text, RoleName: text, AssumeRolePolicyDocument: z.unknown().optional() }),
});

/** iam:GetRole, `{ Role: … }`: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html. @throws MalformedError */
export const normaliseRole = (
  raw: unknown,
): { readonly arn: string; readonly name: string; readonly trust: readonly PolicyStatement[] } => {
  const { Arn, RoleName, AssumeRolePolicyDocument } = parse(role, raw, '').Role;
  return {
    arn: Arn,
    name: RoleName,
    trust: normalisePolicyDocument(AssumeRolePolicyDocument, 'Role.AssumeRolePolicyDocument'),
  };
};

const attached = z.object({ AttachedPolicies: z.array(z.object({ PolicyArn: text })) });

/** iam:ListAttachedRolePolicies, `{ AttachedPolicies: [{ PolicyArn }] }`, sorted. @throws MalformedError */
export const normaliseAttachedPolicyArns = (raw: unknown): readonly string[] =>
  distinct(parse(attached, raw, '').AttachedPolicies.map(({ PolicyArn }) => PolicyArn));

const inline = z.object({ PolicyNames: z.array(text) });

/** iam:ListRolePolicies, `{ PolicyNames: [name] }`, sorted. @throws MalformedError */
export const normaliseInlinePolicyNames = (raw: unknown): readonly string[] =>
  distinct(parse(inline, raw, '').PolicyNames);

const policy = z.object({ Policy: z.object({ DefaultVersionId: text }) });

/** iam:GetPolicy, `{ Policy: … }`: only the default version is in force. @throws MalformedError */
export const normaliseDefaultVersion = (raw: unknown): string => parse(policy, raw, '').Policy.DefaultVersionId;

const version = z.object({ PolicyVersion: z.object({ Document: z.unknown().optional() }) });

/** iam:GetPolicyVersion, `{ PolicyVersion: { Document } }`. @throws MalformedError */
export const normalisePolicyVersion = (raw: unknown): readonly PolicyStatement[] =>
  normalisePolicyDocument(parse(version, raw, '').PolicyVersion.Document, 'PolicyVersion.Document');

const rolePolicy = z.object({ PolicyDocument: z.unknown().optional() });

/** iam:GetRolePolicy, `{ PolicyDocument }`. @throws MalformedError */
export const normaliseRolePolicy = (raw: unknown): readonly PolicyStatement[] =>
  normalisePolicyDocument(parse(rolePolicy, raw, '').PolicyDocument, 'PolicyDocument');
