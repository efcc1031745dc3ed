/** Character statistics of one payload, taken from the raw `data` text. All counts are of UTF-16 code units unless said otherwise. */
export interface PayloadStatistics {
  /** Characters (Unicode code points, as Python's `len`) of the raw text. */
  readonly length: number;
  /** Shannon entropy of the characters, in bits; 0 for an empty text. */
  readonly entropy: number;
  readonly digits: number;
  readonly letters: number;
  readonly uppercase: number;
  readonly spaces: number;
  /** Neither letter, digit nor white space. */
  readonly specials: number;
  readonly quotes: number;
  readonly nonAscii: number;
  /** Keys of the top-level dict, 0 where the text is no dict. */
  readonly keys: number;
  /** Characters of the longest string value anywhere in the dict. */
  readonly maxValueLength: number;
  /** Characters of all string values together. */
  readonly totalValueLength: number;
  /** Occurrences of SQL signs (union, select, or 1=1, --, ;, ' …). */
  readonly sqlSigns: number;
  /** Occurrences of shell signs (wget, curl, /bin/, |, `, $(, && …). */
  readonly shellSigns: number;
  /** The dict has an empty string, empty list or null among its values. */
  readonly emptyValues: number;
}
