/** Returns how the program is called: where npm started us there may be no `phantomnet` on the PATH. */
export function programCall(): string {
  return process.env['npm_command'] === undefined ? 'phantomnet' : 'npx phantomnet';
}
