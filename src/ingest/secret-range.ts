/** One stretch of a text that is secret: UTF-16 positions, `to` excluded. */
export interface SecretRange {
  readonly from: number;
  readonly to: number;
}
