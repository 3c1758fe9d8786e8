// Loaded before the program that is measured: at its end it leaves what the program has used.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.USAGE_FILE, JSON.stringify(process.resourceUsage()));
});
