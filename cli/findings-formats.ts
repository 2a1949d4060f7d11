import type { Announcement } from '../shared/model/announcement.ts';
import { toOcsf } from '../shared/publish/ocsf/to-ocsf.ts';
import { toAsff } from '../shared/publish/security-hub/to-asff.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

const DEFAULT_COMPANY = 'Netpol Warden';

/** Who runs this: `CompanyName` in Security Hub. */
export const companyName = (io: Io, flag?: string): string => flag ?? io.env['COMPANY_NAME'] ?? DEFAULT_COMPANY;

/** What JSON allows raw but a terminal or a bidirectional layout acts on. */
const ACTIVE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

const written = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON that is the same value and acts on no terminal. */
export const inertJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(ACTIVE, written);

/** A JSON array: a hundred at a time are what `aws securityhub batch-import-findings --findings` takes. */
export const asffText = (announcements: readonly Announcement[], company: string): string =>
  `${inertJson(
    announcements.map((announcement) => toAsff(announcement, { companyName: company })),
    2,
  )}\n`;

/** One OCSF event a line. */
export const ocsfText = (announcements: readonly Announcement[]): string =>
  announcements.map((announcement) => `${inertJson(toOcsf(announcement, { version: VERSION }))}\n`).join('');
