/**
 * Copies rows into groups of eight: feature after feature, each with its eight values, a pad behind the last feature.
 * Value f of row i is at `values` + i × rowBytes + f × featureBytes. `levels`: the number of categories by feature, 0 for
 * a number; what is no code of a category becomes missing. Returns 1 where a value is missing, else 0.
 */
export function fillGroups(
  values: u32,
  rowBytes: u32,
  featureBytes: u32,
  nRows: u32,
  levels: u32,
  nFeatures: u32,
  groups: u32,
): u32 {
  const groupBytes = (nFeatures + 1) << 5;
  let missing: u32 = 0;
  for (let i: u32 = 0; i < nRows; i++) {
    let to = groups + (i >> 3) * groupBytes + ((i & 7) << 2);
    let from = values + i * rowBytes;
    for (let f: u32 = 0; f < nFeatures; f++) {
      let value = load<f32>(from);
      const nLevels = load<u32>(levels + (f << 2));
      if (nLevels != 0 && !(value >= 0 && value < f32(nLevels) && value == Mathf.floor(value))) value = f32.NaN;
      missing |= u32(value != value);
      store<f32>(to, value);
      to += 32;
      from += featureBytes;
    }
    store<f32>(to, -<f32>Infinity);
  }
  return missing;
}
