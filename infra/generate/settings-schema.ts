import * as z from 'zod';
import { SettingsDocument } from '../../shared/runtime/settings.ts';

/** `settings.json` as JSON Schema 2020-12, from the same schema that reads it: what a person writes. */
export const generateSettingsSchema = (): string => {
  const { $schema, ...schema } = z.toJSONSchema(SettingsDocument, { io: 'input', target: 'draft-2020-12' });
  const document = {
    $schema,
    $id: 'https://netpol-warden.dev/schema/settings/v1.json',
    title: 'Netpol Warden settings',
    description: 'settings.json of the service: whose clusters are audited, who hears of what, and what is excepted.',
    ...schema,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};
