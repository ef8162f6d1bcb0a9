/** Settings of the analyzer; it would write into the repository's package.json by itself. */
export default {
  globs: ['packages/paywall/src/paywall-element.ts', 'packages/paywall/src/balance-element.ts'],
  outdir: 'packages/paywall/dist/manifest',
  packagejson: false,
  quiet: true,
}
