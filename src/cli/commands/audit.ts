import { Option } from 'commander';
import type { ExperimentConfigInput } from '../../pipeline/index.js';
import type { CommandDefinition } from '../context.js';
import { namingFlags } from '../naming-flags.js';
import { list, number, wholeNumber } from '../options.js';
import { loadConfig, withConfigData } from '../session.js';
import { type DataFlags, dataConfig, dropUndefined } from '../train-flags.js';
import { renderAudit } from '../views/audit.js';
import { addDataFlags } from './train.js';

interface AuditFlags extends DataFlags {
  readonly features?: string[];
  readonly split?: 'time' | 'stratified' | 'random';
  readonly randomState?: number;
  readonly allow?: string[];
  readonly baseRate?: number;
}

/** `phantomnet audit`: labelled file → verdicts on its columns and rows. */
export const defineAudit: CommandDefinition = (program, run) => {
  const command = program
    .command('audit')
    .description('look in a labelled file for what makes a score too good to be true; nothing is trained')
    .argument('[file]', 'labelled file, or - for standard input (or data.path in the config)');
  addDataFlags(command)
    .option(
      '--features <names>',
      'ask about these features alone (default: what if every column were used?)',
      list,
    )
    .addOption(
      new Option('--split <method>', 'audit a split of the file as well (default: none)').choices([
        'time',
        'stratified',
        'random',
      ]),
    )
    .option('--random-state <seed>', 'seed of split and audits (default: 42)', wholeNumber(0))
    .option('--base-rate <share>', 'share of the second of two classes where the model will work', number)
    .option('--allow <audit>', 'an audit that may block and the command still succeed; repeat for more', list)
    .action((file: string | undefined, flags: AuditFlags) =>
      run(async (context) => {
        const { auditFile, overlay } = await import('../../pipeline/index.js');
        const config = await loadConfig(context);
        const { data, sample, label, features, split, audit } = config;
        context.output.progress.stage('audit');
        const flagged = auditConfig(file, flags);
        const report = await withConfigData(context, config, () =>
          namingFlags(flagged, () =>
            auditFile(overlay({ data, sample, label, features, split, audit }, flagged), (count) =>
              context.output.progress.advance(count, 0),
            ),
          ),
        );
        context.output.progress.done(`${report.rows} rows`);
        context.output.result(report, () => renderAudit(report, { color: context.output.color }));
        return report.passed ? 0 : 1;
      }),
    );
};

function auditConfig(file: string | undefined, flags: AuditFlags): ExperimentConfigInput {
  const given = {
    ...dataConfig(file, flags),
    features: { names: flags.features },
    split: { method: flags.split, randomState: flags.randomState },
    audit: { allow: flags.allow, baseRate: flags.baseRate },
  };
  return dropUndefined(given) as ExperimentConfigInput;
}
