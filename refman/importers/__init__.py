"""One module a format: numbered lines in, records and problems out."""
