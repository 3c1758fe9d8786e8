#!/usr/bin/env bash
# Fetches upstream's definitions at the commits of imports/sources.json into a folder, a file for each project. Where a
# project is pinned by the checksum of its Go module instead, they come from the module proxy, which takes Go.
set -euo pipefail
into=${1:?'usage: scripts/fetch-definitions.sh <folder>'}
mkdir -p "$into"

# Every definition below a folder, one after the other.
gather() {
  find "$1" -type f -name '*.yaml' | LC_ALL=C sort | while read -r part; do
    echo '---'
    cat "$part"
  done
}

from_module() {
  local module=$1 version=$2 sum=$3 path=$4 found
  found=$(cd "$(mktemp -d)" && GOFLAGS=-mod=mod go mod download -json "$module@$version")
  if [ "$(jq -r .Sum <<<"$found")" != "$sum" ]; then
    echo "::error::$module: $version is $(jq -r .Sum <<<"$found") now, but $sum is pinned" >&2
    return 1
  fi
  gather "$(jq -r .Dir <<<"$found")/$path"
}

from_commit() {
  local repository=$1 version=$2 commit=$3 path=$4 tag clone
  # An annotated tag is followed to its commit, which comes last.
  tag=$(git ls-remote "$repository" "refs/tags/$version" "refs/tags/$version^{}" | tail -n 1 | cut -f 1)
  if [ "$tag" != "$commit" ]; then
    echo "::error::$repository: $version is $tag now, but $commit is pinned" >&2
    return 1
  fi
  clone=$(mktemp -d)
  git init --quiet "$clone"
  git -C "$clone" remote add origin "$repository"
  git -C "$clone" sparse-checkout set --no-cone "/$path"
  git -C "$clone" fetch --quiet --depth 1 --filter=blob:none origin "$commit"
  git -C "$clone" checkout --quiet FETCH_HEAD
  gather "$clone/$path"
}

jq -r 'to_entries[] | [.key, .value.repository, .value.version, .value.commit // "-", .value.path, .value.module // "-", .value.sum // "-"] | @tsv' "$(dirname "$0")/../imports/sources.json" |
  while IFS=$'\t' read -r file repository version commit path module sum; do
    if [ "$module" != - ]; then
      from_module "$module" "$version" "$sum" "$path" > "$into/$file"
    else
      from_commit "$repository" "$version" "$commit" "$path" > "$into/$file"
    fi
  done
