import type { Section } from './blocks.js';
import { calibrationSection, curvesSection, learningSection } from './chart-sections.js';
import type { Report } from './document.js';
import { baselinesSection, dataSection, errorsSection, warningsSection } from './fact-sections.js';
import { breakdownSections, decaySection, importancesSection } from './group-sections.js';
import { classesSection, operatingSection, summarySection, unseenSection } from './summary-sections.js';

/** Returns the report in the order in which it is read. */
export function reportSections(report: Report): Section[] {
  return [
    summarySection(report),
    ...unseenSection(report),
    operatingSection(report),
    classesSection(report),
    curvesSection(report),
    calibrationSection(report),
    decaySection(report),
    ...breakdownSections(report),
    learningSection(report),
    importancesSection(report),
    errorsSection(report),
    baselinesSection(report),
    dataSection(report),
    warningsSection(report),
  ];
}
