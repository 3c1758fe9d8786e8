#!/usr/bin/env bash
# Fetches upstream's definitions at the commits of imports/sources.json into a folder, a file for each project.
set -euo pipefail
into=${1:?'usage: scripts/fetch-definitions.sh <folder>'}
mkdir -p "$into"
jq -r 'to_entries[] | [.key, .value.repository, .value.version, .value.commit, .value.path] | @tsv' "$(dirname "$0")/../imports/sources.json" |
  while IFS=$'\t' read -r file repository version commit path; do
    # An annotated tag is followed to its commit, which comes last.
    tag=$(git ls-remote "$repository" "refs/tags/$version" "refs/tags/$version^{}" | tail -n 1 | cut -f 1)
    if [ "$tag" != "$commit" ]; then
      echo "::error::$repository: $version is $tag now, but $commit is pinned"
      exit 1
    fi
    clone=$(mktemp -d)
    git init --quiet "$clone"
    git -C "$clone" remote add origin "$repository"
    git -C "$clone" sparse-checkout set --no-cone "/$path"
    git -C "$clone" fetch --quiet --depth 1 --filter=blob:none origin "$commit"
    git -C "$clone" checkout --quiet FETCH_HEAD
    find "$clone/$path" -type f -name '*.yaml' | LC_ALL=C sort | while read -r part; do
      echo '---'
      cat "$part"
    done > "$into/$file"
  done
