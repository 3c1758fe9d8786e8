module.exports = {
  testMatch: ['<rootDir>/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': '@swc/jest' },
  snapshotFormat: { escapeString: false, printBasicPrototype: false },
};
