// What each check of `npm run bench` must reach, and the floor that no release may be below. Ratios are peer / ours.

export const LIMITS = {
  'fit-nsl-kdd': { unit: '×', target: 4, floor: 2.5 },
  'fit-nsl-kdd-1': { unit: '×', target: 3.5, floor: 2.3 },
  'fit-nsl-kdd-deep': { unit: '×', target: 3, floor: 2 },
  'fit-1m': { unit: '×', target: 4, floor: 2.5 },
  'fit-1m-1': { unit: '×', target: 4, floor: 2.5 },
  scaling: { unit: 'of 2 processes', target: 0.97, floor: 0.9 },
  'fit-10m': { unit: '× the time of 1M', target: 11, floor: 14, less: true },
  'one-row': { unit: '×', target: 2.5, floor: 1.8 },
  'one-row-onnx': { unit: '×', target: 15, floor: 12 },
  'rows-44': { unit: '×', target: 5, floor: 3 },
  'rows-100k': { unit: '×', target: 2, floor: 1.6 },
  reference: { unit: '×', target: 100, floor: 60 },
  rss: { unit: 'MB', target: 100, floor: 130, less: true },
  quality: { unit: 'AUC', target: -0.001, floor: -0.003 },
};
