#!/usr/bin/env bash
# The main job on real input: `make demo` runs this, in a library of its own under build/demo.
set -euo pipefail

BIN=${BIN:-.venv/bin}
export REFMAN_LIBRARY=build/demo/library.db
# Real Crossref records of the DOIs below, so that the demonstration needs no network.
export REFMAN_CROSSREF_SNAPSHOT=examples/crossref-snapshot.jsonl.gz

rm -rf build/demo
mkdir -p build/demo

bold() {
  if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then printf '\n\033[1m%s\033[0m\n' "$1"; else printf '\n%s\n' "$1"; fi
}

step() {
  bold "$1"
  shift
  printf '$ %s\n' "$*"
  # Works that wait for the network, or records that say "mismatch", are no failure here.
  "$BIN/$1" "${@:2}" || [ $? -eq 1 ]
}

step 'A result page, copied from the Garuda portal as it is, becomes a reference:' \
  refman import examples/garuda-mediasi.txt --enrich
step 'A list of DOIs of many kinds of work, completed from Crossref records:' \
  refman import examples/dois.txt --enrich
step 'Importing the page again adds nothing:' \
  refman import examples/garuda-mediasi.txt
step 'Search, in any field, by beginnings of words:' \
  refman list migrant
step 'All that is known of it, and from where:' \
  refman show 10.21111/mediasi.v4i2.10036 --provenance
step 'BibTeX:' \
  refman export migrant --to bibtex
step 'RIS:' \
  refman export migrant --to ris
step 'What Crossref says was retracted:' \
  refman list is:retracted

bold 'Now on the screen (q quits, ? helps):'
printf '$ %s --library %s\n' "$BIN/refman" "$REFMAN_LIBRARY"
