import { visible } from '../../core/index.js';
import type {
  adoptStore,
  BackupReport,
  DoctorReport,
  GarbageReport,
  RestoreReport,
  StoreProblem,
  StoreReport,
} from '../../pipeline/index.js';
import { renderFacts, renderTable } from './table.js';

/** Returns what gc found or removed. */
export function renderGarbage({ applied, removable, kept }: GarbageReport): string {
  const rows = [
    ...removable.map((item) => [applied ? 'removed' : 'removable', item.kind, item.id, item.name, '']),
    ...kept.map((item) => ['kept', item.kind, item.id, item.name, item.keptBecause ?? '']),
  ];
  if (rows.length === 0) return 'nothing to remove: no run is deleted';
  const table = renderTable(['', 'what', 'id', 'name', 'because'], rows, { color: false });
  return applied || removable.length === 0
    ? table
    : `${table}\n\nnothing was removed; run again with --apply`;
}

/** Returns what doctor found. */
export function renderDoctor({ checks }: DoctorReport): string {
  return renderTable(
    ['', 'check', 'detail'],
    checks.map((c) => [c.passed ? 'pass' : 'FAIL', c.name, c.detail]),
    { color: false },
  );
}

/** Returns what adopting a database changed. */
export function renderAdoption(adoption: Awaited<ReturnType<typeof adoptStore>>): string {
  const { uri, journalMode, addedIndexes } = adoption;
  if (journalMode === 'wal' && addedIndexes.length === 0) return `nothing to do: ${uri} is adopted already`;
  return renderFacts([
    ['adopted', uri],
    ['journal', journalMode === 'wal' ? 'wal' : `wal (was ${journalMode})`],
    ['indexes', addedIndexes.join(', ') || 'all there'],
  ]);
}

/** Returns what doctor --verify found: each problem with whose it is and where, then what was looked at. */
export function renderStoreReport({ passed, uri, problems, counts, withoutOwner }: StoreReport): string {
  const rows = problems.map((p) => [p.check, ownerOf(p), [p.path, p.message].filter(Boolean).join(' ')]);
  const table =
    rows.length === 0 ? '' : `${renderTable(['check', 'of', 'problem'], rows, { color: false })}\n\n`;
  const unowned = withoutOwner.map((path) => `belongs to no run or model: ${visible(path)}\n`).join('');
  const { runs, models, versions, hashedFiles, elsewhere } = counts;
  const looked = `${runs} runs, ${models} models, ${versions} versions; ${hashedFiles} files hashed`;
  const away = elsewhere === 0 ? '' : `; ${elsewhere} places are elsewhere and were not looked at`;
  const verdict = passed ? 'passed' : `FAILED: ${problems.length} problems`;
  return `${table}${unowned}${verdict}: ${visible(uri)} (${looked}${away})`;
}

function ownerOf({ runId, modelId, version }: StoreProblem): string {
  if (runId !== undefined) return `run ${runId}`;
  if (modelId !== undefined) return `model ${modelId}`;
  return version === undefined ? '' : `version ${version}`;
}

/** Returns what a backup holds. */
export function renderBackup({ file, sizeBytes, uri, artifacts, leftOut, elsewhere }: BackupReport): string {
  const missing = leftOut.length + elsewhere.length;
  return renderFacts([
    ['backup', file],
    ['of', uri],
    ['artifacts', `${artifacts} files${missing === 0 ? '' : `, ${missing} left out`}`],
    ['size', `${sizeBytes} bytes`],
  ]);
}

/** Returns what was put back, and where. */
export function renderRestore({ uri, artifactRoot, createdAt, artifacts }: RestoreReport): string {
  return renderFacts([
    ['restored', uri],
    ['artifacts', `${artifacts} files in ${artifactRoot}`],
    ['state of', createdAt],
  ]);
}
