module.exports = {
  // By default one core is left free, which is half of a machine with two.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': '@swc/jest' },
  reporters: ['default', '<rootDir>/jest.reporter.js'],
  snapshotFormat: { escapeString: false, printBasicPrototype: false },
};
