/** What each command is for. */
export const USAGE = `npm run synth [-- <site>…]              writes dist/ of all sites, or of some
npm run check [-- <site>…]              compares with dist/ without writing
npm run check -- --dist <folder>         compares with another dist/
npm run reference                       writes the JSON Schema and docs/reference/
npm run client-kit -- <site>            writes what users of a site's pool need outside of it; --out <folder>

Exit codes: 0 clean, 1 problems or drift, 2 wrong usage. More in README.md.`;
