/** Fails a run that finds snapshots which no test asks for; jest itself only mentions them. */
module.exports = class {
  onRunComplete(_contexts, { snapshot }) {
    const left = snapshot.unchecked + snapshot.filesRemoved;
    if (left > 0) this.error = new Error(`${left} snapshots are obsolete`);
  }

  getLastError() {
    return this.error;
  }
};
