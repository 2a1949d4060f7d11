import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { writeAtomically } from '../shared/runtime/write-atomically.ts';
import { asffText, companyName, ocsfText } from './findings-formats.ts';
import { chosen, csvText, jsonText } from './findings-list.ts';
import { type PlaceFlags, withPlaceFlags } from './findings-place.ts';
import { type SelectFlags, withSelectFlags } from './findings-select.ts';
import { oneLine, type ExitCode, type Io } from './io.ts';

const FORMATS = ['asff', 'ocsf', 'json', 'csv'] as const;

interface Flags extends PlaceFlags, SelectFlags {
  readonly format: (typeof FORMATS)[number];
  readonly out?: string;
  readonly company?: string;
}

export const exportCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withSelectFlags(withPlaceFlags(new Command('export')))
    .description('stored findings for other tools')
    .addOption(
      new Option('--format <format>', 'asff: a JSON array; ocsf: one event a line')
        .choices([...FORMATS])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write to this file (default: standard output)')
    .option('--company <name>', 'CompanyName in asff (default: COMPANY_NAME)')
    .action(async (flags: Flags) => {
      const found = await chosen(flags, io);
      const texts = {
        asff: () => asffText(found, companyName(io, flags.company)),
        ocsf: () => ocsfText(found),
        json: () => jsonText(found),
        csv: () => csvText(found),
      } as const;
      const text = texts[flags.format]();
      if (flags.out === undefined) io.stdout(text);
      else {
        await writeAtomically(resolve(io.cwd, flags.out), text, 0o600);
        io.stderr(`${found.length} findings written to ${oneLine(flags.out)}\n`);
      }
      done(0);
    });
