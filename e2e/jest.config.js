module.exports = {
  ...require('../jest.config.js'),
  rootDir: '..',
  testMatch: ['<rootDir>/e2e/**/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // A first run builds what the cluster consists of: 20 minutes on two cores that do nothing else. Waits end by themselves.
  testTimeout: 60 * 60 * 1000,
  // Each criterion with its time, also where a suite is more than one file.
  verbose: true,
};
